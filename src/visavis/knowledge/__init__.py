"""What the host's documents say: read, cut, indexed and found again."""
