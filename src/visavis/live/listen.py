"""Decides when the person speaks and when they have finished, and lets the answer begin before that is certain."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

import structlog

from visavis.core.endpointing import Evidence, is_over
from visavis.core.errors import VisavisError
from visavis.core.media import AudioChunk
from visavis.core.segmenter import Voice
from visavis.core.session import TurnDetection
from visavis.engines.turn_detector import TurnDetector
from visavis.live.ear import Ear
from visavis.live.turn import LiveTurn

_log = structlog.get_logger(__name__)

_QUIET_KEPT = 15.0
"""Seconds of a room in which nobody speaks that stay in memory."""


class Attention(Protocol):
    """Who is told what the listener makes of the sound. All calls return at once."""

    def suspected(self) -> None:
        """A first voiced window: perhaps somebody speaks."""
        ...

    def dismissed(self) -> None:
        """It was nothing."""
        ...

    def started(self, start: float) -> float:
        """Somebody speaks, since `start`. Returns where the turn begins: earlier, when it continues the last one."""
        ...

    def prepare(self, start: float, end: float) -> LiveTurn:
        """The person may have finished: starts the turn, unapproved, with the speech from `start` to `end`."""
        ...

    def discard(self, turn: LiveTurn) -> None:
        """They had not."""
        ...

    def finished(self, turn: LiveTurn) -> None:
        """They had: approve it."""
        ...

    def overheard(self, start: float) -> None:
        """The person is speaking, in a turn that began at `start`."""
        ...

    def hushed(self) -> None:
        """The person pauses: no more partial transcripts of this."""
        ...


@dataclass(frozen=True, slots=True)
class ListenOptions:
    """`speculate`: seconds of silence after which the answer is begun; `longest`: seconds after which a turn is ended
    even while the person still speaks."""

    speculate: float = 0.09
    longest: float = 60.0


class Listener:
    """Hands-free listening to one person."""

    def __init__(
        self,
        ear: Ear,
        detector: TurnDetector,
        attention: Attention,
        spawn: Callable[..., asyncio.Task[None]],
        options: ListenOptions,
    ) -> None:
        """`spawn` starts a task in the session's group."""
        self._ear = ear
        self._detector = detector
        self._attention = attention
        self._spawn = spawn
        self._options = options
        self._start = 0.0
        self._candidate: LiveTurn | None = None
        self._judging: asyncio.Task[None] | None = None
        self._probability: float | None = None

    def hear(self, chunk: AudioChunk, detection: TurnDetection) -> None:
        """Takes more audio, at the moment it is received."""
        for voice in self._ear.push(chunk, asyncio.get_running_loop().time()):
            self._take(voice, detection)

    def reconsider(self, detection: TurnDetection) -> None:
        """New evidence has come in: decides again whether the turn is over."""
        segmenter = self._ear.segmenter
        if self._candidate is None or not segmenter.speaking:
            return
        utterance = self._candidate.utterance
        transcript = utterance.text if utterance else ("" if self._candidate.error else None)
        if is_over(Evidence(segmenter.silence, self._probability, transcript), detection.endpointing):
            self._finish()

    def abandon(self) -> None:
        """Stops listening to the current speech."""
        self._drop()
        self._ear.segmenter.end()

    def _take(self, voice: Voice, detection: TurnDetection) -> None:
        match voice:
            case Voice.SILENT:
                self._ear.release(self._ear.time - _QUIET_KEPT)
            case Voice.SUSPECTED:
                self._attention.suspected()
            case Voice.DISMISSED:
                self._attention.dismissed()
            case Voice.STARTED:
                start = self._ear.segmenter.started or 0.0
                self._start = self._attention.started(start)
            case Voice.SPEAKING | Voice.RESUMED:
                if self._candidate is not None:
                    self._drop()
                self._go_on(detection)
            case Voice.PAUSED:
                self._pause(detection)

    def _go_on(self, detection: TurnDetection) -> None:
        if self._ear.time - self._start >= self._options.longest:
            self._speculate(detection)
            self._finish()
            return
        self._attention.overheard(self._start - detection.prefix)

    def _pause(self, detection: TurnDetection) -> None:
        self._attention.hushed()
        wait = self._options.speculate
        if detection.endpointing.fixed is not None:
            wait = min(wait, detection.endpointing.fixed)
        if self._candidate is None and self._ear.segmenter.silence >= wait:
            self._speculate(detection)
        self.reconsider(detection)

    def _speculate(self, detection: TurnDetection) -> None:
        start, end = self._start - detection.prefix, self._ear.time
        self._candidate = self._attention.prepare(max(0.0, start), end)
        self._probability = None
        if detection.endpointing.fixed is None:
            self._judging = self._spawn(self._judge(self._ear.audio(start), detection))

    async def _judge(self, audio: AudioChunk, detection: TurnDetection) -> None:
        try:
            self._probability = await self._detector.complete(audio)
        except VisavisError:
            self._probability = 0.5
        _log.debug(
            "turn.judged", probability=round(self._probability, 3), silence=round(self._ear.segmenter.silence, 3)
        )
        self.reconsider(detection)

    def _drop(self) -> None:
        if self._judging is not None:
            self._judging.cancel()
            self._judging = None
        if self._candidate is not None:
            candidate, self._candidate = self._candidate, None
            self._attention.discard(candidate)

    def _finish(self) -> None:
        candidate, self._candidate = self._candidate, None
        if self._judging is not None:
            self._judging.cancel()
            self._judging = None
        self._ear.segmenter.end()
        if candidate is not None:
            self._attention.finished(candidate)
