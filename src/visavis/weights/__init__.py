"""Model weights: what there is (`catalogue`), where it comes from (`sources`), and what is on disk (`store`)."""
