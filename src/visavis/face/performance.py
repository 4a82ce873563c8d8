"""A whole script or recording as one motion: both layers of the face, from the first breath to the last."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

import numpy as np
from numpy.typing import NDArray

from visavis.core.motion import CHANNELS, FPS, Motion, compose
from visavis.core.speech import SpeechChunk
from visavis.face.ambient import AmbientAnimator
from visavis.face.animator import SpeechAnimator
from visavis.face.direction import Direction

Frames = NDArray[np.float32]

_SLICE: Final = FPS // 2
"""Frames of the ambient layer made at a time, so that it is told of a few pauses at once."""


def perform(
    chunks: Iterable[SpeechChunk],
    *,
    emotion: str,
    control: Mapping[str, float],
    seed: int,
    lead_in: float = 0.3,
    tail: float = 0.5,
) -> Motion:
    """The motion of everything that is said, at 50 frames/s from time 0.

    The chunks' audio plays end to end from `lead_in` seconds on; the motion is as long as `lead_in`, the audio and
    `tail` (s) together, to the nearest frame. Blinks wait for pauses. The same chunks, emotion, `control` (as
    `Direction.of` takes it) and `seed` give the same motion.
    """
    direction = Direction.of(emotion, control)
    spoken = _Spoken(SpeechAnimator(seed, direction=direction), lead_in)
    for chunk in chunks:
        spoken.take(chunk)
    speech = spoken.finish(tail)
    ambient = AmbientAnimator(np.random.default_rng(seed), direction=direction)
    ambient.set_state("speaking")
    parts = []
    for first in range(0, len(speech), _SLICE):
        ambient.hint_pauses(at for at in spoken.pauses if first / FPS - 1.0 <= at < first / FPS + 4.0)
        parts.append(ambient.advance(min(_SLICE, len(speech) - first)).frames)
    return compose(Motion(np.concatenate(parts) if parts else speech), Motion(speech))


class _Spoken:
    """The speech layer of a whole script, each utterance put where its audio plays."""

    def __init__(self, animator: SpeechAnimator, lead_in: float) -> None:
        self._animator = animator
        self._at = max(lead_in, 0.0)
        self._count = round(self._at * FPS)
        self._parts: list[Frames] = [np.zeros((self._count, len(CHANNELS)), dtype=np.float32)]
        self._begun, self._utterance = self._at, -1
        self._said: list[Frames] = []
        self.pauses: list[float] = []

    def take(self, chunk: SpeechChunk) -> None:
        """The next piece of what is said."""
        if chunk.utterance != self._utterance:
            self._close()
            self._utterance, self._begun = chunk.utterance, self._at
        self._said.append(self._animator.push(chunk).frames)
        self._at += len(chunk.audio.samples) / chunk.audio.rate
        if chunk.final:
            self._close()

    def finish(self, tail: float) -> Frames:
        """All frames, `tail` seconds of the face at rest included."""
        self._close()
        self._at += max(tail, 0.0)
        left = round(self._at * FPS) - self._count
        if left > 0:
            released = self._animator.release(min(left / FPS, 0.4)).frames[:left]
            self._parts += [released, np.zeros((left - len(released), len(CHANNELS)), dtype=np.float32)]
        return np.concatenate(self._parts)

    def _close(self) -> None:
        """Ends an utterance: it has whole frames of its own, and what that is too much or too little against its
        audio is mended here, so that the picture never drifts from the sound by more than half a frame."""
        if not self._said:
            return
        frames, self._said = np.concatenate(self._said), []
        wanted = max(round(self._at * FPS) - self._count, 0)
        if 0 < len(frames) < wanted:
            frames = np.concatenate([frames, np.repeat(frames[-1:], wanted - len(frames), axis=0)])
        self._parts.append(frames[:wanted])
        self._count += len(self._parts[-1])
        self.pauses += [self._begun + start for start, _ in self._animator.pauses]
        self._utterance = -1
