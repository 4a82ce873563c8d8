"""The head and body that are never quite still: posture, sway, breath and a listener's nods."""

from __future__ import annotations

from collections.abc import Sequence
from math import cos, exp, pi, sin
from typing import Final

import numpy as np

from visavis.core.motion import FPS
from visavis.face.blinks import State
from visavis.face.lag import Array, Lag

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

_IN: Final = pi / 0.42
_OUT: Final = pi / 0.58
"""How fast a breath comes and goes: 0.42 of it is drawn in."""

_FOLLOWED: Final = np.array([0.22, 0.18])
"""The part of the gaze, across and upright, that the head follows."""


class Sway:
    """The head's ambient pose, a few frames at a time; all of it is critically damped, so nothing jerks."""

    def __init__(self, dice: np.random.Generator) -> None:
        self._dice = dice
        self._goal: Array = np.zeros(3)
        # Three stages in a row: the head starts, turns and arrives softly, and does not overshoot.
        self._turning, self._drifting = Lag(_TURN, 3, self._goal), Lag(_DRIFT, 3, self._goal)
        self._until = 1.0
        self._nod: tuple[float, float, float] | None = None
        self._next_nod = 1.8
        self._phase, self._breath_rate = float(dice.random()), 0.24

    def settle(self, now: float, state: State) -> None:
        """A new state begins: the posture changes soon, and a listener does not nod at once."""
        self._until = min(self._until, now + (0.15 if state == "thinking" else 0.5))
        self._next_nod = now + self._dice.uniform(1.6, 3.2)

    def course(self, moments: Sequence[float], state: State, lively: float, gaze: Array) -> Array:
        """Yaw, pitch and roll in degrees at `moments` (s), the next frames; shape (frames, 3).

        `lively` scales behaviour; the head follows a part of `gaze`, shape (frames, 2).
        """
        turning, goals = self._turning.room(len(moments))
        drifting, drift = self._drifting.room(len(moments))
        goals[:] = self._goal
        goals[:, :2] += gaze * _FOLLOWED
        noise, pitch = _Noise(self._dice, drift), []
        phase, nodding = self._phase, self._nod is not None or state == "listening"
        for frame, now in enumerate(moments):
            phase += self._breath_rate * _DT
            if phase >= 1.0:
                phase -= 1.0
                noise.upto(frame)
                self._breath_rate = min(0.32, max(0.17, self._dice.normal(0.24, 0.03)))
            if now >= self._until:
                noise.upto(frame)
                before = self._goal
                self._stand(now, state, lively)
                goals[frame:] += self._goal - before
            # A breath goes in faster than out, and no two are alike.
            breath = -0.25 * cos(_IN * phase) if phase < 0.42 else 0.25 * cos(_OUT * (phase - 0.42))
            pitch.append(breath + self._nodding(now, state, noise, frame) if nodding else breath)
        self._phase = phase
        noise.upto(len(moments))
        # The noise passes three stages too: below 1 Hz, and no period in it.
        made = self._drifting.follow(drifting)
        made *= _SWAY
        made += self._turning.follow(turning)
        made[:, 1] += pitch
        return made

    def _stand(self, now: float, state: State, lively: float) -> None:
        """Another posture."""
        spread = np.array(POSTURE[state]) * lively
        fresh = self._dice.normal(0.0, 1.0, 3) * spread
        # The head tilts the way it turns, a little.
        fresh[2] += 0.15 * fresh[0]
        if state == "thinking":
            fresh[1] -= 1.0
        self._goal = np.clip(fresh, -2.0 * spread, 2.0 * spread)
        self._until = now + self._dice.uniform(*STAY[state])

    def _nodding(self, now: float, state: State, noise: _Noise, frame: int) -> float:
        """What a nod adds to the pitch."""
        if self._nod is None:
            if state != "listening" or now < self._next_nod:
                return 0.0
            noise.upto(frame + 1)
            size = self._dice.uniform(1.4, 3.2)
            again = 2.0 if self._dice.random() < 0.35 else 1.0
            self._nod = (now, size, again)
        start, size, times = self._nod
        x = (now - start) / 0.62
        if x >= times:
            noise.upto(frame + 1)
            self._nod = None
            self._next_nod = now + self._dice.uniform(2.2, 6.0)
            return 0.0
        size *= 0.6 ** int(x)
        return float(size * sin(pi * (x % 1.0)) ** 2)


class _Noise:
    """White noise for every frame, drawn in turn with what else the dice decide, so that batches do not matter."""

    __slots__ = ("_dice", "_drawn", "_values")

    def __init__(self, dice: np.random.Generator, values: Array) -> None:
        """It goes into `values`, a row a frame."""
        self._dice, self._values, self._drawn = dice, values, 0

    def upto(self, frame: int) -> None:
        """Draws that of the frames before `frame`."""
        if frame > self._drawn:
            self._dice.standard_normal(out=self._values[self._drawn : frame])
            self._drawn = frame


def _gain() -> float:
    """Rms of unit white noise after the three stages, summed from their impulse response."""
    n = np.arange(4000)
    response = _DRIFT**3 * (n + 1) * (n + 2) / 2 * (1.0 - _DRIFT) ** n
    return float(np.sqrt(np.sum(response**2)))


_SWAY: Final = np.array(SWAY) / _gain()
"""What the noise is scaled by after the three stages."""
