"""Sound at another rate, as it comes: little work, and a small delay that never changes (2 ms down to 16 kHz)."""

from __future__ import annotations

from functools import lru_cache
from math import ceil, gcd
from typing import Final

import numpy as np
from numpy.typing import NDArray

from visavis.core.media import Samples

_CROSSINGS: Final = 32
"""Periods of the lower of the two rates that an output sample is made from, before and after it."""

_CUTOFF: Final = 0.46
"""Of the lower rate: what lies above is taken out; half the rate is the most that a rate can carry."""

_KAISER: Final = 6.5
_LONGEST: Final = 1024
"""Input samples at most in a block."""


def knows(rate: int, wanted: int) -> bool:
    """Whether the two rates are to each other as small numbers are, so that a table of weights stays small."""
    return _block(rate, wanted) <= _LONGEST


class Polyphase:
    """One stream of sound brought from `rate` to `wanted` Hz, a block of a few milliseconds at a time.

    Whatever the pieces in which it comes, the same sound comes out.
    """

    def __init__(self, rate: int, wanted: int) -> None:
        """Raises ValueError for two rates that `knows` does not."""
        if not knows(rate, wanted):
            raise ValueError(f"no table of weights for {rate} to {wanted} Hz")
        self._weights = _weights(rate, wanted)
        self._block = _block(rate, wanted)
        self._pending = np.zeros(len(self._weights) - self._block, np.float32)

    def push(self, samples: Samples) -> Samples:
        """What can be said of the sound so far, at the wanted rate."""
        pending = np.concatenate((self._pending, samples), dtype=np.float32)
        size, wide = self._block, len(self._weights)
        count = (len(pending) - wide) // size + 1
        if count <= 0:
            self._pending = pending
            return pending[:0]
        # A block's output is made from its own samples and from some before it: the blocks' windows overlap.
        windows: Samples = np.ndarray((count, wide), np.float32, pending, 0, (4 * size, 4))
        self._pending = pending[count * size :]
        made: Samples = windows.dot(self._weights)
        return made.reshape(-1)


def _block(rate: int, wanted: int) -> int:
    down = rate // gcd(rate, wanted)
    return down * ceil(_reach(rate, wanted) / down)


def _reach(rate: int, wanted: int) -> float:
    """Input samples, before and after it, that an output sample is made from."""
    return _CROSSINGS * max(1.0, rate / wanted)


@lru_cache(maxsize=8)
def _weights(rate: int, wanted: int) -> NDArray[np.float32]:
    """What a block's samples, and those before it that count, weigh in the block's output; (samples, output)."""
    size, reach = _block(rate, wanted), _reach(rate, wanted)
    out = size * wanted // rate
    centres = np.arange(out) * (rate / wanted) - reach
    away = np.arange(-ceil(2 * reach), size)[:, None] - centres[None, :]
    inside = np.clip(1.0 - (away / reach) ** 2, 0.0, None)
    low = 2.0 * _CUTOFF * min(rate, wanted) / rate
    weights = np.sinc(low * away) * np.i0(_KAISER * np.sqrt(inside)) * (inside > 0)
    weights /= weights.sum(axis=0)
    return np.ascontiguousarray(weights, np.float32)
