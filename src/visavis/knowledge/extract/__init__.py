"""Reads documents of all kinds into blocks of text; only ever imported by the process that reads."""
