"""What the face does whether it speaks or not."""

from __future__ import annotations

from collections.abc import Iterable
from math import exp, pi, sin
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray

from visavis.core.motion import CHANNEL_INDEX, CHANNELS, FPS, Motion
from visavis.face.blinks import PER_MINUTE, Blinks, State
from visavis.face.direction import Direction
from visavis.face.emotion import add, mood, pose, sides
from visavis.face.eyes import DEGREES_ACROSS, DEGREES_UPRIGHT, DOWN, LEFTWARD, RIGHTWARD, UP
from visavis.face.gaze import Gaze
from visavis.face.sway import Sway

Array = NDArray[np.float64]

_HEAD: Final = slice(CHANNEL_INDEX["headYaw"], CHANNEL_INDEX["headRoll"] + 1)
_HEAD_LIMIT: Final = 7.0
"""Degrees that this layer may turn the head; with the speech layer's 3 it is 10, what one portrait allows."""


def _shares() -> Array:
    """Which channels take part in what `AmbientAnimator` makes of a frame: lids closing, inner brows rising, brows
    sinking, outer brows rising, eyes going right, left, down and up."""
    brow = (CHANNEL_INDEX["browInnerUp"],)
    parts = (sides("eyeBlink"), brow, sides("browDown"), sides("browOuterUp"), RIGHTWARD, LEFTWARD, DOWN, UP)
    shares = np.zeros((len(parts), len(CHANNELS)))
    for share, channels in zip(shares, parts, strict=True):
        share[list(channels)] = 1.0
    return shares


_SHARES: Final = _shares()

_EASING: Final = 1.0 - exp(-1.0 / FPS / 0.16)
_BROWSING: Final = 1.0 - exp(-1.0 / FPS / 0.12)
_AT_REST: Final = 300
"""Frames after which a vector that eases is where it was going, to the last digit."""


class _Ease:
    """A vector on its way to another, critically damped."""

    def __init__(self, goal: Array) -> None:
        self._goal = self._middle = self._value = goal
        self._left = 0

    def turn(self, goal: Array) -> None:
        """From now on it goes there."""
        self._goal, self._left = goal, _AT_REST

    def step(self) -> Array:
        """Where it is one frame later."""
        if self._left:
            self._left -= 1
            self._middle = self._middle + _EASING * (self._goal - self._middle)
            self._value = self._value + _EASING * (self._middle - self._value)
        return self._value


class AmbientAnimator:
    """Blinks, gaze, sway, breath, brows and mood of one session on its own clock; it never stops and never repeats.

    Deterministic for a given generator and sequence of calls; how the frames are batched makes no difference.
    """

    def __init__(self, dice: np.random.Generator, emotion: str = "neutral", direction: Direction | None = None) -> None:
        """`direction` plays its own emotion and takes the place of `emotion`."""
        streams = dice.spawn(4)
        self._blinks = Blinks(streams[0])
        self._gaze = Gaze(streams[1])
        self._sway = Sway(streams[2])
        self._dice = streams[3]
        self._frame = 0
        self._state: State = "idle"
        self._direction = direction
        self._feel(emotion if direction is None else direction.emotion)
        self._standing = _Ease(self._goal())
        self._brows = (_Follow(), _Follow())
        self._brow_goal, self._brow_until = (0.0, 0.0), 0.0
        self._pauses: list[float] = []
        self._inhaled = -10.0

    @property
    def now(self) -> float:
        """Seconds on the ambient clock: the time of the next frame."""
        return self._frame / FPS

    def set_state(self, state: State | Literal["paused"], emotion: str | None = None) -> None:
        """What the avatar does from the next frame on; `emotion` None keeps the mood. Changes are eased.

        Paused, because the person spoke, she listens. A direction's controls hold for the new emotion too.
        """
        if emotion is not None:
            self._feel(emotion)
        if state == "paused":
            state = "listening"
        if state != self._state:
            if state == "speaking":
                self._inhaled = self.now
            self._state = state
            self._gaze.attend(self.now, state)
            self._sway.settle(self.now, state)
            self._pauses = [] if state != "speaking" else self._pauses
        self._standing.turn(self._goal())

    def hint_pauses(self, moments: Iterable[float]) -> None:
        """Moments (ambient seconds) at which the speech pauses: blinks while speaking wait for them a little."""
        known = [moment for moment in self._pauses if moment > self.now - 0.1]
        self._pauses = sorted({*known, *moments})[:64]

    def advance(self, frames: int) -> Motion:
        """The next `frames` frames of the ambient layer."""
        start = self.now
        out = np.empty((frames, len(CHANNELS)), dtype=np.float32)
        # A number at a time while time goes on, and arrays only for what all frames have in common.
        steps = []
        for row in out:
            row[:] = self._standing.step()
            steps.append(self._step())
            self._frame += 1
        numbers = np.array(steps, dtype=np.float64).reshape(frames, 9)
        head = _HEAD_LIMIT * np.tanh((out[:, _HEAD] + numbers[:, 2:5]) / _HEAD_LIMIT)
        out[:, _HEAD] = head
        weights = np.empty((frames, len(_SHARES)))
        weights[:, :4] = numbers[:, 5:]
        # The eyes stay on their mark while the head moves around them.
        across = (numbers[:, 0] - head[:, 0]) / DEGREES_ACROSS
        upright = (numbers[:, 1] - 0.85 * head[:, 1]) / DEGREES_UPRIGHT
        weights[:, 4], weights[:, 5], weights[:, 6], weights[:, 7] = across, -across, upright, -upright
        np.maximum(weights, 0.0, out=weights)
        out += weights @ _SHARES
        return Motion(out, start)

    def _feel(self, emotion: str) -> None:
        if self._direction is None:
            self._mood = mood(emotion)
            self._face, self._lively = pose(self._mood), 0.5 + 0.5 * self._mood.intensity
            return
        if emotion != self._direction.emotion:
            self._direction = Direction.of(emotion, self._direction.control)
        self._mood, self._face = self._direction.mood, self._direction.standing
        self._lively = (0.5 + 0.5 * self._mood.intensity) * self._direction.posture

    def _step(self) -> tuple[float, ...]:
        """One frame: the gaze (across, upright), the head (yaw, pitch, roll) over the standing face's, and how much the
        lids close, the inner brows rise, all brows sink and the outer ones rise. Plain numbers: an array costs more."""
        now, state = self.now, self._state
        gaze = self._gaze.step(now, state)
        if self._gaze.jumped(now, 1.0 / FPS) > 8.0:
            self._blinks.invite(now, 0.22)
        self._sway.breathe()
        yaw, pitch, roll = self._sway.step(now, state, self._lively, gaze)
        inhaling = self._inhaling(now)
        rate = PER_MINUTE[state] * self._mood.blinks / 18.0
        closing = self._blinks.step(now, rate, self._pauses if state == "speaking" else None)
        inner, outer = self._raised(now)
        # The whole eye region takes part in a blink a little.
        down, up = 0.05 * closing + max(0.0, -inner), max(0.0, outer) + 0.06 * inhaling
        raised = max(0.0, inner) + 0.06 * inhaling
        return (*gaze, yaw, pitch - 0.8 * inhaling, roll, closing, raised, down, up)

    def _goal(self) -> Array:
        """The standing face of the mood and the state."""
        values = self._face.copy()
        if self._state == "listening":
            add(values, "browInnerUp", 0.10)
            add(values, "browOuterUp", 0.12)
            add(values, "mouthSmile", 0.06)
            values[CHANNEL_INDEX["headRoll"]] += 1.0
        elif self._state == "thinking":
            add(values, "mouthPress", 0.16)
            add(values, "browDown", 0.10)
            add(values, "eyeSquint", 0.10)
        return values.astype(np.float64)

    def _inhaling(self, now: float) -> float:
        """The breath drawn before speaking: the head lifts a little with it, in [0, 1]."""
        x = (now - self._inhaled) / 0.7
        return float(sin(pi * x) ** 2) if 0.0 <= x <= 1.0 else 0.0

    def _raised(self, now: float) -> tuple[float, float]:
        """Small slow movements of the brows, inner and outer, that mean nothing."""
        if now >= self._brow_until:
            inner, outer = self._dice.normal(0.0, 0.035, 2).tolist()
            self._brow_goal = (inner, outer)
            self._brow_until = now + self._dice.uniform(0.8, 3.5)
        return self._brows[0].step(self._brow_goal[0]), self._brows[1].step(self._brow_goal[1])


class _Follow:
    """A number that follows another through two stages."""

    def __init__(self) -> None:
        self._middle = self._value = 0.0

    def step(self, goal: float) -> float:
        self._middle += _BROWSING * (goal - self._middle)
        self._value += _BROWSING * (self._middle - self._value)
        return self._value
