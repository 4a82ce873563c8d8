"""From speech to a moving face: audio with the motion that belongs to it."""

from __future__ import annotations

import math
from collections.abc import AsyncGenerator, Callable
from dataclasses import dataclass, replace
from typing import Protocol

from visavis.core.flow import Show
from visavis.core.media import AudioChunk
from visavis.core.motion import FPS, Motion
from visavis.core.session import SessionState
from visavis.core.speech import SpeechChunk


class SpeechAnimator(Protocol):
    """Moves the mouth of one answer."""

    def push(self, chunk: SpeechChunk) -> Motion:
        """The motion of exactly that chunk, on its utterance's timeline; well under 1 ms a frame."""
        ...


class AmbientAnimator(Protocol):
    """Keeps one face alive."""

    def set_state(self, state: SessionState, emotion: str | None = None) -> None:
        """What the avatar does from the next frame on."""
        ...

    def advance(self, frames: int) -> Motion:
        """The next frames on the session's ambient clock."""
        ...


@dataclass(frozen=True, slots=True)
class Animators:
    """Makes the two animators of a session; each session and each answer gets its own."""

    speech: Callable[[], SpeechAnimator]
    ambient: Callable[[], AmbientAnimator]


@dataclass(frozen=True, slots=True)
class Performed:
    """A piece of speech with the motion that shows it, None when nobody watches; both on the utterance's timeline."""

    chunk: SpeechChunk
    motion: Motion | None

    def cut(self, seconds: float) -> list[Performed]:
        """The same in pieces of at most `seconds`; only the last keeps `final`."""
        audio = self.chunk.audio
        size = max(1, int(seconds * audio.rate))
        pieces = []
        for begin in range(0, len(audio.samples), size):
            samples = audio.samples[begin : begin + size]
            part = AudioChunk(samples, audio.rate, audio.start + begin / audio.rate)
            last = begin + size >= len(audio.samples)
            chunk = replace(self.chunk, audio=part, final=self.chunk.final and last)
            pieces.append(Performed(chunk, self._motion(part.start, math.inf if last else part.end)))
        return pieces

    def _motion(self, start: float, end: float) -> Motion | None:
        if self.motion is None:
            return None
        count = len(self.motion.frames)
        first = min(count, max(0, math.ceil((start - self.motion.start) * FPS - 1e-6)))
        last = count if math.isinf(end) else min(count, max(0, math.ceil((end - self.motion.start) * FPS - 1e-6)))
        if start <= self.chunk.audio.start:
            first = 0
        return Motion(self.motion.frames[first:last], self.motion.start + first / FPS)


async def animate(
    animator: SpeechAnimator | None, speech: AsyncGenerator[SpeechChunk | Show, None]
) -> AsyncGenerator[Performed | Show, None]:
    """Speech with its motion; without an `animator` the speech alone."""
    async for piece in speech:
        if isinstance(piece, Show):
            yield piece
        else:
            yield Performed(piece, animator.push(piece) if animator else None)
