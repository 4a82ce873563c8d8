"""When the eyes blink and how."""

from __future__ import annotations

from collections.abc import Container, Sequence
from math import exp, log, pi, sin
from typing import Final, Literal

import numpy as np

State = Literal["idle", "listening", "thinking", "speaking"]

PER_MINUTE: Final[dict[State, float]] = {"idle": 17.0, "listening": 15.0, "thinking": 20.0, "speaking": 26.0}
"""Blinks per minute: at rest 17, in conversation 26 (Bentivoglio and others, 1997); fewer while attending."""

APART: Final = 0.8
"""Least time between the starts of two blinks (s), the second half of a double one excepted."""

INVITED: Final = 0.22
"""How often a far jump of the eyes brings a blink with it."""

PARTIAL: Final = 0.20
DOUBLE: Final = 0.04
_SPREAD: Final = 0.55
"""Standard deviation of the logarithm of the intervals."""

PATIENCE: Final = 1.2
"""How long a due blink waits for a pause in the speech (s)."""


class Blinks:
    """Draws the lids' course, a few frames at a time."""

    def __init__(self, dice: np.random.Generator) -> None:
        self._dice = dice
        self._since = -APART
        self._due = 0.6 + 1.5 * dice.random()
        self._shape = (0.07, 0.03, 0.18, 1.0)
        self._took = 0.28
        self._again = 0.0
        self._moment: float | None = None

    def course(
        self, moments: Sequence[float], rate: float, pauses: Sequence[float] | None, leaps: Container[float]
    ) -> list[float]:
        """The lids' closing at `moments` (s), in [0, 1]; empty when they stay open.

        `rate` is in blinks per minute. `pauses` are the moments that suit while speaking; None outside of speech.
        `leaps` are those of `moments` at which the eyes jump far.
        """
        if leaps or self._moment is not None or moments[-1] >= self._due or moments[0] - self._since < self._took:
            return [self._step(now, rate, pauses, now in leaps) for now in moments]
        return []

    def _step(self, now: float, rate: float, pauses: Sequence[float] | None, leap: bool) -> float:
        # People blink when the eyes jump far, unless they just did.
        if leap and self._dice.random() < INVITED and now - self._since > APART:
            self._due = self._moment = now
        if now >= self._due and self._moment is None:
            self._moment = self._due
            if pauses is not None:
                suited = [pause for pause in pauses if self._due - 0.05 <= pause <= self._due + PATIENCE]
                self._moment = suited[0] if suited else self._due
        if self._moment is not None and now >= self._moment:
            self._begin(now, rate)
        return self._closing(now - self._since)

    def _begin(self, now: float, rate: float) -> None:
        dice = self._dice
        self._since, self._moment = now, None
        depth = 0.35 + 0.3 * dice.random() if dice.random() < PARTIAL else 1.0
        self._shape = (0.06 + 0.02 * dice.random(), 0.01 + 0.03 * dice.random(), 0.15 + 0.07 * dice.random(), depth)
        self._took = sum(self._shape[:3])
        if self._again:
            gap, self._again = 0.0, 0.0
        elif dice.random() < DOUBLE:
            self._again = gap = 0.34 + 0.1 * dice.random()
        else:
            gap = 0.0
        mean = 60.0 / max(rate, 1.0)
        interval = exp(log(mean) - _SPREAD**2 / 2 + _SPREAD * dice.standard_normal())
        self._due = now + (gap or max(APART, interval))

    def _closing(self, age: float) -> float:
        close, hold, back, depth = self._shape
        if age < 0 or age >= close + hold + back:
            return 0.0
        if age < close:
            return depth * sin(pi / 2 * (age / close)) ** 2
        if age < close + hold:
            return depth
        # The lids rise fast and arrive slowly.
        x = (age - close - hold) / back
        return depth * float((1.0 - x * x * (3.0 - 2.0 * x)) ** 1.25)
