"""Summaries of repeated measurements."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypedDict

import numpy as np


class Summary(TypedDict):
    """Count, median, 95th percentile and spread (the middle half) of a series, in the series' own unit."""

    n: int
    p50: float
    p95: float
    low: float
    high: float


def summary(values: Sequence[float]) -> Summary:
    """Summarises a series; raises ValueError when it is empty, since no number is better than a made-up one."""
    if not values:
        raise ValueError("nothing was measured")
    p50, p95, low, high = (float(np.percentile(values, q)) for q in (50, 95, 25, 75))
    return Summary(n=len(values), p50=round(p50, 3), p95=round(p95, 3), low=round(low, 3), high=round(high, 3))


def line(name: str, values: Sequence[float], unit: str) -> str:
    """One readable row: name, p50, p95 and the middle half."""
    s = summary(values)
    return (
        f"  {name:<44} p50 {s['p50']:>9.2f} {unit:<8} p95 {s['p95']:>9.2f}   half in {s['low']:.2f}–{s['high']:.2f}"
        f"   n={s['n']}"
    )
