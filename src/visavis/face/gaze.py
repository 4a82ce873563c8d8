"""Where the eyes look: on the person, around the person's face, and away."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import hypot
from typing import Final

import numpy as np
from numpy.typing import NDArray

from visavis.core.motion import FPS
from visavis.face.blinks import State

Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Habit:
    """How a state looks around: seconds on the person and away (low, high), and where away is, in degrees.

    `across` is how far to the side, `upright` the range of pitch (negative is up).
    """

    on: tuple[float, float]
    away: tuple[float, float]
    across: tuple[float, float]
    upright: tuple[float, float]


HABITS: Final[dict[State, Habit]] = {
    # Away about a quarter of the time at rest, 0.35 to 0.9 s at a time while talking.
    "idle": Habit((2.0, 6.5), (0.7, 2.0), (7.0, 17.0), (-5.0, 8.0)),
    "listening": Habit((4.5, 10.0), (0.35, 0.8), (4.0, 8.0), (-3.0, 5.0)),
    "thinking": Habit((0.3, 0.7), (1.6, 3.2), (11.0, 19.0), (-15.0, -9.0)),
    "speaking": Habit((1.8, 5.0), (0.35, 0.9), (6.0, 14.0), (-5.0, 7.0)),
}

DRIFT: Final = 0.8
"""Size of the small jumps between the eyes and the mouth of the person, in degrees."""

FAR: Final = 8.0
"""A jump of more degrees is a far one."""


class Gaze:
    """Fixations joined by saccades, a few frames at a time."""

    def __init__(self, dice: np.random.Generator) -> None:
        self._dice = dice
        self._origin = self._target = (0.0, 0.0)
        self._start, self._took = -1.0, 0.02
        self._next = 0.4
        self._away = False
        self._until = 2.0
        self._side = 1.0 if dice.random() < 0.5 else -1.0

    def course(self, moments: Sequence[float], state: State, gaze: NDArray[np.float64]) -> list[float]:
        """Puts where the eyes look at `moments` (s) into `gaze`, shape (moments, 2); returns at which they jump far.

        Yaw and pitch in degrees in the world, 0 being the person.
        """
        if moments[-1] < min(self._until, self._next) and moments[0] >= self._start + self._took:
            gaze[:] = self._target
            return []
        points, leaps = [], []
        for now in moments:
            if now >= self._until:
                self._turn(now, state)
            elif now >= self._next:
                self._refix(now)
            points.append(self._where(now))
            if 0.0 <= now - self._start < 1.0 / FPS and self._distance() > FAR:
                leaps.append(now)
        gaze[:] = points
        return leaps

    def _where(self, now: float) -> Point:
        x = min(1.0, max(0.0, (now - self._start) / self._took))
        x = x * x * (3.0 - 2.0 * x)
        return (
            self._origin[0] + x * (self._target[0] - self._origin[0]),
            self._origin[1] + x * (self._target[1] - self._origin[1]),
        )

    def attend(self, now: float, state: State) -> None:
        """A new state begins: thinking looks away at once, listening and speaking come back to the person."""
        if state == "thinking":
            self._away, self._until = False, now + 0.12
        elif self._away:
            self._until = now + 0.08

    def _distance(self) -> float:
        return hypot(self._target[0] - self._origin[0], self._target[1] - self._origin[1])

    def _turn(self, now: float, state: State) -> None:
        habit, dice = HABITS[state], self._dice
        self._away = not self._away
        if self._away:
            if dice.random() < 0.65:
                self._side = -self._side
            across = dice.uniform(*habit.across) * self._side
            self._jump(now, (across, dice.uniform(*habit.upright)))
            self._until = now + dice.uniform(*habit.away)
        else:
            self._jump(now, self._near())
            self._until = now + dice.uniform(*habit.on)
        self._next = now + dice.uniform(0.5, 1.6)

    def _refix(self, now: float) -> None:
        if self._away:
            across, upright = self._target
            shift = self._dice.normal(0.0, 1.2, 2)
            self._jump(now, (across + float(shift[0]), upright + float(shift[1])))
        else:
            self._jump(now, self._near())
        self._next = now + self._dice.uniform(0.5, 2.2)

    def _near(self) -> Point:
        across, upright = self._dice.normal(0.0, DRIFT, 2).tolist()
        return min(1.8, max(-1.8, across)), min(1.8, max(-1.8, upright))

    def _jump(self, now: float, target: Point) -> None:
        self._origin = self._where(now)
        self._target = target
        # A saccade takes 21 ms and 2.2 ms more for every degree.
        self._start, self._took = now, 0.021 + 0.0022 * self._distance()
