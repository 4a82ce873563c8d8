"""One number for a video, 0 … 100: a weighted mean of what was measured of it.

Each measure becomes a part from 0 (unusable) to 1 (nothing left to wish for), linear between two bounds:

| measure | 0 at | 1 at | weight |
|---|---|---|---|
| SSIM against the portrait where nothing moves | 0.80 | 0.98 | 25 |
| closures met | 50 % | 95 % | 20 |
| mouth–sound correlation | 0 | 0.5 | 15 |
| lag of the mouth | −185 or +90 ms | −125 … +45 ms | 10 |
| lips shut in silence | 50 % | 95 % | 10 |
| flicker where nothing moves, in 1/255 | 3 | 0.3 | 10 |
| lengths of sound and picture differ by | 200 ms | 40 ms | 10 |

What was not measured takes no part. The lags are those of ITU-R BT.1359-1: acceptable and not noticed.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

_ACCEPTABLE: Final = (-0.185, 0.090)
_UNNOTICED: Final = (-0.125, 0.045)


def overall(
    *,
    ssim: float | None,
    closure_hits: float | None,
    correlation: float | None,
    lag: float | None,
    shut_in_silence: float | None,
    flicker: float | None,
    sound_excess: float | None,
) -> float | None:
    """The score of these measures; None where none is known."""
    parts: Sequence[tuple[float, float | None]] = (
        (25, _between(ssim, 0.80, 0.98)),
        (20, _between(closure_hits, 0.50, 0.95)),
        (15, _between(correlation, 0.0, 0.5)),
        (10, None if lag is None else in_time(lag)),
        (10, _between(shut_in_silence, 0.50, 0.95)),
        (10, _between(flicker, 3.0, 0.3)),
        (10, None if sound_excess is None else _between(abs(sound_excess), 0.20, 0.04)),
    )
    known = [(weight, part) for weight, part in parts if part is not None]
    total = sum(weight for weight, _ in known)
    return 100 * sum(weight * part for weight, part in known) / total if total else None


def in_time(lag: float) -> float:
    """How well a lag of the mouth (s, positive: late) is borne, 0 … 1."""
    if lag < 0:
        return _linear(lag, _ACCEPTABLE[0], _UNNOTICED[0])
    return _linear(lag, _ACCEPTABLE[1], _UNNOTICED[1])


def _between(value: float | None, worst: float, best: float) -> float | None:
    return None if value is None else _linear(value, worst, best)


def _linear(value: float, worst: float, best: float) -> float:
    return min(1.0, max(0.0, (value - worst) / (best - worst)))
