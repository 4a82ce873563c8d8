"""What the face does whether it speaks or not."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
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
from visavis.face.lag import Array, Lag
from visavis.face.sway import Sway

_HEAD: Final = slice(CHANNEL_INDEX["headYaw"], CHANNEL_INDEX["headRoll"] + 1)
_LIDS: Final = tuple(sides("eyeBlink"))
_INNER, _OUTER, _DOWN = (CHANNEL_INDEX["browInnerUp"],), tuple(sides("browOuterUp")), tuple(sides("browDown"))
_HEAD_LIMIT: Final = 7.0
"""Degrees that this layer may turn the head; with the speech layer's 3 it is 10, what one portrait allows."""

_SPAN: Final = 25
"""Frames made in one go at most."""

_PARTS: Final[tuple[tuple[dict[tuple[int, ...], float], dict[tuple[int, ...], float]], ...]] = (
    # The whole eye region takes part in a blink a little, and the brows in a breath drawn to speak.
    ({_LIDS: 1.0, _DOWN: 0.05}, {}),
    ({_INNER: 0.06, _OUTER: 0.06}, {}),
    ({_INNER: 1.0}, {_DOWN: 1.0}),
    ({_OUTER: 1.0}, {}),
    ({RIGHTWARD: 1.0}, {LEFTWARD: 1.0}),
    ({DOWN: 1.0}, {UP: 1.0}),
)
"""What the channels take from the lids' closing, the breath, the inner and the outer brows, and the eyes across and
upright: from what is above zero, and from what is below."""

_EYES: Final = ((1.0 / DEGREES_ACROSS, 1.0 / DEGREES_ACROSS), (1.0 / DEGREES_UPRIGHT, 0.85 / DEGREES_UPRIGHT))
"""What a degree of gaze moves the eyes, and what one of the head moves them back: they stay on their mark."""


def _signs() -> Array:
    """From the lids' closing, the breath, two brows, the gaze and the head to `_PARTS`, and to the same negated."""
    parts = np.zeros((8, 6))
    parts[range(4), range(4)] = 1.0
    for axis, (gaze, head) in enumerate(_EYES):
        parts[4 + axis, 4 + axis], parts[6 + axis, 4 + axis] = gaze, -head
    return np.concatenate((parts, -parts), axis=1)


def _shares() -> Array:
    """From what `_signs` makes, where above zero, to the channels."""
    shares = np.zeros((12, len(CHANNELS)))
    for row, part in enumerate([above for above, _ in _PARTS] + [below for _, below in _PARTS]):
        for channels, weight in part.items():
            shares[row, list(channels)] = weight
    return shares


_SIGNS: Final = _signs()
_SHARES: Final = _shares()

_EASING: Final = 1.0 - exp(-1.0 / FPS / 0.16)
_BROWSING: Final = 1.0 - exp(-1.0 / FPS / 0.12)
_BREATH: Final = 0.7
"""Seconds that a breath drawn before speaking takes."""

_AT_REST: Final = 300
"""Frames after which a face that eases is where it was going, to the last digit."""


class AmbientAnimator:
    """Blinks, gaze, sway, breath, brows and mood of one session on its own clock; it never stops and never repeats.

    Deterministic for a given generator and sequence of calls; how the frames are batched shows nowhere.
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
        self._wanted, self._easing = self._goal(), 0
        self._standing = Lag(_EASING, 2, self._wanted)
        self._brows, self._brow_goal, self._brow_until = Lag(_BROWSING, 2, np.zeros(2)), np.zeros(2), 0.0
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
        self._wanted, self._easing = self._goal(), _AT_REST

    def hint_pauses(self, moments: Iterable[float]) -> None:
        """Moments (ambient seconds) at which the speech pauses: blinks while speaking wait for them a little."""
        known = [moment for moment in self._pauses if moment > self.now - 0.1]
        self._pauses = sorted({*known, *moments})[:64]

    def advance(self, frames: int) -> Motion:
        """The next `frames` frames of the ambient layer."""
        start, out = self.now, np.empty((frames, len(CHANNELS)), dtype=np.float32)
        for first in range(0, frames, _SPAN):
            self._draw(out[first : first + _SPAN])
        return Motion(out, start)

    def _draw(self, out: NDArray[np.float32]) -> None:
        """Fills `out` with the next frames: arrays for what they have in common, plain numbers for what is decided."""
        state, count = self._state, len(out)
        moments = [frame / FPS for frame in range(self._frame, self._frame + count)]
        self._frame += count
        parts = np.zeros((count, len(_SIGNS)))
        gaze, standing = parts[:, 4:6], self._stand(count)
        leaps = self._gaze.course(moments, state, gaze)
        rate = PER_MINUTE[state] * self._mood.blinks / 18.0
        closing = self._blinks.course(moments, rate, self._pauses if state == "speaking" else None, leaps)
        if closing:
            parts[:, 0] = closing
        head = self._sway.course(moments, state, self._lively, gaze)
        if moments[0] - self._inhaled <= _BREATH:
            parts[:, 1] = [self._inhaling(now) for now in moments]
            head[:, 1] -= 0.8 * parts[:, 1]
        parts[:, 2:4] = self._raised(moments)
        head += standing[..., _HEAD]
        head /= _HEAD_LIMIT
        np.tanh(head, out=head)
        head *= _HEAD_LIMIT
        parts[:, 6:] = head[:, :2]
        signed = parts.dot(_SIGNS)
        np.maximum(signed, 0.0, out=signed)
        np.add(signed.dot(_SHARES), standing, out=out, casting="same_kind")
        out[:, _HEAD] = head

    def _stand(self, count: int) -> Array:
        """The standing face on its way: shape (count, 58), or (58,) where it has arrived."""
        if self._easing <= 0:
            return self._wanted
        self._easing -= count
        return self._standing.approach(self._wanted, count)

    def _feel(self, emotion: str) -> None:
        if self._direction is None:
            self._mood = mood(emotion)
            self._face, self._lively = pose(self._mood), 0.5 + 0.5 * self._mood.intensity
            return
        if emotion != self._direction.emotion:
            self._direction = Direction.of(emotion, self._direction.control)
        self._mood, self._face = self._direction.mood, self._direction.standing
        self._lively = (0.5 + 0.5 * self._mood.intensity) * self._direction.posture

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
        x = (now - self._inhaled) / _BREATH
        return float(sin(pi * x) ** 2) if 0.0 <= x <= 1.0 else 0.0

    def _raised(self, moments: Sequence[float]) -> Array:
        """Small slow movements of the brows, inner and outer, that mean nothing."""
        if moments[-1] < self._brow_until:
            return self._brows.approach(self._brow_goal, len(moments))
        room, goals = self._brows.room(len(moments))
        for frame, now in enumerate(moments):
            if now >= self._brow_until:
                self._brow_goal = self._dice.normal(0.0, 0.035, 2)
                self._brow_until = now + self._dice.uniform(0.8, 3.5)
            goals[frame] = self._brow_goal
        return self._brows.follow(room)
