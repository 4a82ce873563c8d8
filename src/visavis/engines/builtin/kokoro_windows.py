"""How an utterance is decoded in pieces: which windows, when to start playing, and how they are joined."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from visavis.core.media import Samples

FRAME: Final = 0.025
FRAME_SAMPLES: Final = 600
CONTEXT: Final = 4
"""Frames decoded and thrown away on each side of a window: the generator's reach is 0.1 s."""

FIRST: Final = 16
"""Frames of the first window: as short as still sounds whole with its context."""

SMALLEST: Final = 16
LARGEST: Final = 80
LONGEST_HOLD: Final = 0.6
"""Seconds after which the first sound is let go even where a gap is foreseen."""

_SAFETY: Final = 0.8  # share of the buffered audio that decoding the next window may take
_FADE: Final = 480  # samples of a join: 20 ms
_SHIFT: Final = 96  # samples a window may move to fall in phase: 4 ms


@dataclass(frozen=True, slots=True)
class Window:
    """Frames `start` to `end` are wanted; `left` to `right` are decoded."""

    start: int
    end: int
    left: int
    right: int

    @property
    def cost(self) -> int:
        """Frames decoded."""
        return self.right - self.left


class WindowPlan:
    """Chooses the windows of an utterance one after the other."""

    def __init__(self, last: int, frames: int, breaks: NDArray[np.float32]) -> None:
        """The first `last` of `frames` are wanted; `breaks` says for each frame how audible a join would be
        there (0 in silence, 1 in a loud vowel)."""
        self._next, self._last, self._frames, self._breaks = 0, last, frames, breaks
        self._begun = False

    def whole(self) -> Window:
        """All that is left as one window: the least work, and the longest wait."""
        start, self._next = self._next, self._last
        return Window(start, self._last, max(0, start - CONTEXT), min(self._frames, self._last + CONTEXT))

    @property
    def remaining(self) -> int:
        """Frames not planned yet."""
        return self._last - self._next

    def next(self, lead: float, seconds_per_frame: float) -> Window:
        """The next window, when `lead` seconds of audio wait to be played and decoding costs that much a frame."""
        size = FIRST if not self._begun else window_size(lead, seconds_per_frame)
        self._begun = True
        start = self._next
        end = self._snap(start, min(start + size, self._last))
        if self._last - end < SMALLEST:
            end = self._last
        self._next = end
        return Window(start, end, max(0, start - CONTEXT), min(self._frames, end + CONTEXT))

    def _snap(self, start: int, end: int) -> int:
        """Moves a join by at most a quarter of the window to where it is heard least."""
        if end >= self._last:
            return self._last
        reach = max(1, (end - start) // 4)
        low, high = end - reach, min(end + 2, self._last)
        return low + int(np.argmin(self._breaks[low : high + 1]))


def window_size(lead: float, seconds_per_frame: float) -> int:
    """The largest window that is done before `lead` seconds have been played."""
    affordable = int(_SAFETY * lead / max(seconds_per_frame, 1e-6)) - 2 * CONTEXT
    return max(SMALLEST, min(LARGEST, affordable))


def foresees_gap(buffered: float, remaining: int, seconds_per_frame: float) -> bool:
    """Whether playing now would run dry before the `remaining` frames are decoded."""
    while remaining > 0:
        size = min(remaining, window_size(buffered, seconds_per_frame))
        buffered -= (size + 2 * CONTEXT) * seconds_per_frame
        if buffered < 0:
            return True
        buffered += size * FRAME
        remaining -= size
    return False


class Joiner:
    """Joins decoded windows to one unbroken signal.

    The voice's phase differs between windows, so each is moved by up to 4 ms to where it matches the last one's
    end, then cross-faded over 20 ms. Moves do not add up.
    """

    def __init__(self) -> None:
        self._tail: Samples = np.zeros(0, np.float32)

    def join(self, audio: Samples, window: Window, *, last: bool) -> Samples:
        """The samples of the window's wanted frames; `audio` is what was decoded for `left` to `right`."""
        begin = (window.start - window.left) * FRAME_SAMPLES
        end = begin + (window.end - window.start) * FRAME_SAMPLES
        shift = self._best_shift(audio, begin)
        out = _at(audio, begin + shift, end + shift)
        if len(self._tail):
            fade = min(len(self._tail), len(out))
            old, new = self._tail[:fade], out[:fade]
            rising = np.linspace(0.0, 1.0, fade, dtype=np.float32)
            if _likeness(old, new) < 0.5:  # unlike signals add in power, like ones in amplitude
                rising, falling = np.sin(rising * np.pi / 2), np.cos(rising * np.pi / 2)
            else:
                falling = 1.0 - rising
            out = np.concatenate([old * falling + new * rising, out[fade:]])
        self._tail = np.zeros(0, np.float32) if last else _at(audio, end + shift, end + shift + _FADE)
        return out.astype(np.float32)

    def _best_shift(self, audio: Samples, begin: int) -> int:
        if not len(self._tail):
            return 0
        shifts = [shift for shift in range(-_SHIFT, _SHIFT + 1, 2) if begin + shift >= 0]
        scores = [_likeness(self._tail, _at(audio, begin + shift, begin + shift + len(self._tail))) for shift in shifts]
        best = int(np.argmax(scores)) if scores else 0
        return shifts[best] if scores and scores[best] > 0.3 else 0


def _at(audio: Samples, start: int, end: int) -> Samples:
    """Samples `start` to `end`, silence outside of the signal."""
    piece = audio[max(0, start) : max(0, end)]
    missing = (end - start) - len(piece)
    return np.pad(piece, (0, missing)) if missing > 0 else piece


def _likeness(one: Samples, other: Samples) -> float:
    size = min(len(one), len(other))
    one, other = one[:size], other[:size]
    power = float(np.sqrt(np.sum(one**2) * np.sum(other**2)))
    return float(np.sum(one * other)) / power if power > 1e-9 else 0.0
