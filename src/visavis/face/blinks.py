"""When the eyes blink and how."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, Literal

import numpy as np

State = Literal["idle", "listening", "thinking", "speaking"]

PER_MINUTE: Final[dict[State, float]] = {"idle": 17.0, "listening": 15.0, "thinking": 20.0, "speaking": 26.0}
"""Blinks per minute: at rest 17, in conversation 26 (Bentivoglio and others, 1997); fewer while attending."""

APART: Final = 0.8
"""Least time between the starts of two blinks (s), the second half of a double one excepted."""

PARTIAL: Final = 0.20
DOUBLE: Final = 0.04
_SPREAD: Final = 0.55
"""Standard deviation of the logarithm of the intervals."""

PATIENCE: Final = 1.2
"""How long a due blink waits for a pause in the speech (s)."""


class Blinks:
    """Draws the lids' course, one frame at a time."""

    def __init__(self, dice: np.random.Generator) -> None:
        self._dice = dice
        self._since = -APART
        self._due = 0.6 + 1.5 * dice.random()
        self._shape = (0.07, 0.03, 0.18, 1.0)
        self._again = 0.0
        self._moment: float | None = None

    def step(self, now: float, rate: float, pauses: Sequence[float] | None) -> float:
        """The lids' closing at `now` (s), in [0, 1].

        `rate` is in blinks per minute. `pauses` are the moments that suit while speaking; None outside of speech.
        """
        if now >= self._due and self._moment is None:
            self._moment = self._due
            if pauses is not None:
                suited = [pause for pause in pauses if self._due - 0.05 <= pause <= self._due + PATIENCE]
                self._moment = suited[0] if suited else self._due
        if self._moment is not None and now >= self._moment:
            self._begin(now, rate)
        return self._closing(now - self._since)

    def invite(self, now: float, chance: float) -> None:
        """Blinks at once with probability `chance`, as people do when the eyes jump far, unless one was just now."""
        if self._dice.random() < chance and now - self._since > APART:
            self._due, self._moment = now, now

    def _begin(self, now: float, rate: float) -> None:
        dice = self._dice
        self._since, self._moment = now, None
        depth = 0.35 + 0.3 * dice.random() if dice.random() < PARTIAL else 1.0
        self._shape = (0.06 + 0.02 * dice.random(), 0.01 + 0.03 * dice.random(), 0.15 + 0.07 * dice.random(), depth)
        if self._again:
            gap, self._again = 0.0, 0.0
        elif dice.random() < DOUBLE:
            self._again = gap = 0.34 + 0.1 * dice.random()
        else:
            gap = 0.0
        mean = 60.0 / max(rate, 1.0)
        interval = float(np.exp(np.log(mean) - _SPREAD**2 / 2 + _SPREAD * dice.standard_normal()))
        self._due = now + (gap or max(APART, interval))

    def _closing(self, age: float) -> float:
        close, hold, back, depth = self._shape
        if age < 0 or age >= close + hold + back:
            return 0.0
        if age < close:
            return depth * float(np.sin(np.pi / 2 * (age / close)) ** 2)
        if age < close + hold:
            return depth
        # The lids rise fast and arrive slowly.
        x = (age - close - hold) / back
        return depth * float((1.0 - x * x * (3.0 - 2.0 * x)) ** 1.25)
