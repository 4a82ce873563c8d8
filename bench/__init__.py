"""Benchmarks: every speed and quality that visavis claims, measured and written down."""
