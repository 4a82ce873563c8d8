"""Transcripts of what is being said, while it is said; they never delay the final one."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from visavis.core.errors import VisavisError
from visavis.core.media import AudioChunk
from visavis.engines.stt import STT, STTOptions, Transcript


class Partials:
    """Transcribes the turn so far now and then: never two at a time, and with rests `rest` times as long as the work,
    at least `interval` seconds."""

    def __init__(
        self,
        stt: STT,
        spawn: Callable[..., asyncio.Task[None]],
        show: Callable[[Transcript], None],
        interval: float = 0.9,
        rest: float = 1.5,
    ) -> None:
        self._stt = stt
        self._spawn = spawn
        self._show = show
        self._interval = interval
        self._rest = rest
        self._next = 0.0
        self._task: asyncio.Task[None] | None = None

    def begin(self) -> None:
        """A new speech has started: the first partial comes after one interval."""
        self._next = asyncio.get_running_loop().time() + self._interval

    @property
    def due(self) -> bool:
        """Whether it is time for the next one."""
        return asyncio.get_running_loop().time() >= self._next and (self._task is None or self._task.done())

    def transcribe(self, audio: AudioChunk, options: STTOptions) -> None:
        """Starts to transcribe the turn so far."""
        self._task = self._spawn(self._transcribe(audio, options))

    def stop(self) -> None:
        """Gives up the transcript in progress."""
        if self._task is not None and not self._task.done():
            self._task.cancel()
        self._task = None

    async def _transcribe(self, audio: AudioChunk, options: STTOptions) -> None:
        clock = asyncio.get_running_loop().time
        begin = clock()
        self._next = float("inf")
        try:
            transcript = await self._stt.transcribe(audio, options)
            if transcript.text:
                self._show(transcript)
        except VisavisError:
            return
        finally:
            self._next = clock() + max(self._interval, self._rest * (clock() - begin))
