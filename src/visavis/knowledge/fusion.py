"""Joins what meaning and words say of a passage. Pure."""

from __future__ import annotations

from typing import Final

WORDS: Final = 0.25
"""What a passage with all words of the query gains, in cosine. Found on the calibration half of the benchmark.
Reciprocal rank fusion lost places within a language, and most of them across languages, where words say nothing:
`make bench BENCH=knowledge` measures both."""


def fused(cosine: float, matched: float) -> float:
    """How well a passage fits: its likeness in [-1, 1], and the share in [0, 1] of the query's words that are in it."""
    return cosine + WORDS * matched
