"""The head and body that are never quite still: posture, sway, breath and a listener's nods."""

from __future__ import annotations

from math import cos, exp, pi, sin
from typing import Final

import numpy as np

from visavis.core.motion import FPS
from visavis.face.blinks import State

Pose = tuple[float, float, float]
"""Yaw, pitch, roll in degrees. Three numbers a frame are plain ones: arrays of that size cost ten times as much."""

POSTURE: Final[dict[State, tuple[float, float, float]]] = {
    "idle": (3.6, 1.3, 1.8),
    "listening": (2.0, 1.1, 1.9),
    "thinking": (2.6, 1.3, 1.6),
    "speaking": (3.0, 1.2, 1.7),
}
"""Spread of the posture (yaw, pitch, roll in degrees); idle with behaviour is 3.4–3.7, 1.4–1.7, 1.7–1.9 rms in all."""

STAY: Final[dict[State, tuple[float, float]]] = {
    "idle": (2.0, 7.0),
    "listening": (3.0, 8.0),
    "thinking": (1.6, 4.0),
    "speaking": (1.0, 3.6),
}
"""Seconds that a posture lasts."""

SWAY: Final = (0.8, 0.45, 0.45)
"""Rms of the sway without behaviour, degrees."""

_DT: Final = 1.0 / FPS
_TURN: Final = 1.0 - exp(-_DT * 8.5)
_DRIFT: Final = 1.0 - exp(-_DT * 2.6)
"""How far a stage goes each frame to the one before it."""


class Sway:
    """The head's ambient pose, one frame at a time; all of it passes critically damped filters, so nothing jerks."""

    def __init__(self, dice: np.random.Generator) -> None:
        self._dice = dice
        self._goal = [0.0, 0.0, 0.0]
        self._turning = [_Chain(_TURN) for _ in range(3)]
        self._drifting = [_Chain(_DRIFT) for _ in range(3)]
        self._until = 1.0
        self._nod: tuple[float, float, float] | None = None
        self._next_nod = 1.8
        self._phase, self._breath_rate = float(dice.random()), 0.24

    def settle(self, now: float, state: State) -> None:
        """A new state begins: the posture changes soon, and a listener does not nod at once."""
        self._until = min(self._until, now + (0.15 if state == "thinking" else 0.5))
        self._next_nod = now + self._dice.uniform(1.6, 3.2)

    def step(self, now: float, state: State, lively: float, gaze: tuple[float, float]) -> Pose:
        """The pose at `now`; `lively` scales behaviour; the head follows a part of `gaze`."""
        dice = self._dice
        if now >= self._until:
            spread = np.array(POSTURE[state]) * lively
            fresh = dice.normal(0.0, 1.0, 3) * spread
            # The head tilts the way it turns, a little.
            fresh[2] += 0.15 * fresh[0]
            if state == "thinking":
                fresh[1] -= 1.0
            self._goal = np.clip(fresh, -2.0 * spread, 2.0 * spread).tolist()
            self._until = now + dice.uniform(*STAY[state])
        # Three stages in a row: the head starts, turns and arrives softly, and does not overshoot.
        turning, goal = self._turning, self._goal
        yaw = turning[0].step(goal[0] + 0.22 * gaze[0])
        pitch = turning[1].step(goal[1] + 0.18 * gaze[1])
        roll = turning[2].step(goal[2])
        # And three of white noise: below 1 Hz, and no period in it.
        drifting, fresh = self._drifting, dice.standard_normal(3).tolist()
        yaw += drifting[0].step(fresh[0]) * _SWAY[0]
        pitch += drifting[1].step(fresh[1]) * _SWAY[1]
        roll += drifting[2].step(fresh[2]) * _SWAY[2]
        return yaw, pitch + self._nodding(now, state) + 0.25 * self.breath(now), roll

    def breath(self, now: float) -> float:
        """The breath at `now`, about in [-1, 1]: in faster than out, no two alike."""
        phase = self._phase % 1.0
        return -cos(pi * phase / 0.42) if phase < 0.42 else cos(pi * (phase - 0.42) / 0.58)

    def breathe(self) -> None:
        """Moves the breath on by one frame."""
        before = int(self._phase)
        self._phase += self._breath_rate * _DT
        if int(self._phase) != before:
            self._breath_rate = float(np.clip(self._dice.normal(0.24, 0.03), 0.17, 0.32))

    def _nodding(self, now: float, state: State) -> float:
        if state == "listening" and self._nod is None and now >= self._next_nod:
            size = self._dice.uniform(1.4, 3.2)
            again = 2.0 if self._dice.random() < 0.35 else 1.0
            self._nod = (now, size, again)
        if self._nod is None:
            return 0.0
        start, size, times = self._nod
        x = (now - start) / 0.62
        if x >= times:
            self._nod = None
            self._next_nod = now + self._dice.uniform(2.2, 6.0)
            return 0.0
        size *= 0.6 ** int(x)
        return float(size * sin(pi * (x % 1.0)) ** 2)


class _Chain:
    """A number that follows another through three first-order stages."""

    __slots__ = ("_first", "_rate", "_second", "_third")

    def __init__(self, rate: float) -> None:
        self._rate = rate
        self._first = self._second = self._third = 0.0

    def step(self, goal: float) -> float:
        rate, first, second, third = self._rate, self._first, self._second, self._third
        self._first = first = first + rate * (goal - first)
        self._second = second = second + rate * (first - second)
        self._third = third = third + rate * (second - third)
        return third


def _gain() -> float:
    """Rms of unit white noise after the three stages, summed from their impulse response."""
    n = np.arange(4000)
    response = _DRIFT**3 * (n + 1) * (n + 2) / 2 * (1.0 - _DRIFT) ** n
    return float(np.sqrt(np.sum(response**2)))


_SWAY: Final = tuple(rms / _gain() for rms in SWAY)
"""What the noise is scaled by after the three stages."""
