"""The nodes of the pipeline, one a file, named as seed 003 names them."""
