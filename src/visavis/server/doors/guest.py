"""Somebody who comes through one of the seeds' doors: whole messages in, whole answers out, over the one session."""

from __future__ import annotations

import asyncio
import math
from collections.abc import AsyncGenerator, Iterator
from dataclasses import replace
from types import TracebackType
from typing import Final, Self

import numpy as np
import structlog

from visavis.core.commands import AddItem, AppendAudio, CommitAudio, CreateResponse, ReportPlayback
from visavis.core.conversation import Message
from visavis.core.errors import VisavisError
from visavis.core.events import (
    Event,
    Notice,
    Refused,
    ResponseDone,
    StateChanged,
    TranscriptCompleted,
    TranscriptFailed,
)
from visavis.core.media import AudioChunk
from visavis.core.session import Modality, SessionOptions
from visavis.live.memory import Memory
from visavis.live.play import Pace
from visavis.live.resources import Resources
from visavis.live.session import Session
from visavis.live.turns import new_id
from visavis.server.doors.line import Line

_log = structlog.get_logger(__name__)

_PIECE: Final = 0.2
"""Seconds of a recording that are handed over at once, so that others get their turn between."""
_MARGIN: Final = 0.1
"""Seconds of silence behind a recording: what a window of the detector would else leave out."""


class Guest:
    """One conversation without a wire of its own. An asynchronous context: it ends the session.

    One exchange at a time: `say` or `hear`, then `answer` to its end.
    """

    def __init__(self, memory: Memory, resources: Resources) -> None:
        memory.options = SessionOptions(turn_detection=None)
        options = replace(resources.options, pace=Pace(lead=math.inf, slice=0.5))
        self.memory = memory
        self._line = Line()
        self.session = Session(memory, replace(resources, options=options), self._line)
        self._task: asyncio.Task[None] | None = None
        self.ended = asyncio.Event()
        """Set when the session is over: idle for too long, or the server ends."""

    async def __aenter__(self) -> Self:
        self._task = asyncio.create_task(self.session.run())
        self._task.add_done_callback(self._over)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        assert self._task is not None
        self.session.hang_up()
        await asyncio.wait([self._task])

    def _over(self, task: asyncio.Task[None]) -> None:
        if not task.cancelled() and task.exception() is not None:
            _log.error("session.crashed", exc_info=task.exception())
        self._line.close()
        self.ended.set()

    def notify(self, news: Event) -> None:
        """Puts news of the server among the events of the next answer."""
        self._line.emit(news)

    async def say(self, text: str) -> None:
        """Puts a typed message into the conversation."""
        await self._line.ask(AddItem(Message("user", text, new_id("item"))))

    async def hear(self, recording: AudioChunk) -> str:
        """Puts a whole recording into the conversation as one message and returns its words.

        Raises VisavisError `audio.no_words`, `session.ended`, or that of the engine which failed.
        """
        for piece in _pieces(recording):
            await self._line.ask(AppendAudio(piece))
        await self._line.ask(CommitAudio())
        while True:
            event = await self._next()
            if isinstance(event, TranscriptCompleted):
                if event.text:
                    return event.text
                raise VisavisError(
                    "audio.no_words", "No words were heard in this recording; speak closer to the microphone."
                )
            if isinstance(event, TranscriptFailed):
                raise VisavisError(event.code, event.message, retryable=True)

    async def answer(self, modality: Modality) -> AsyncGenerator[Event, None]:
        """Has what was said answered, or is greeted: the answer's events as they come, the last one when the
        conversation is ready for the next exchange. What was sent counts as heard.

        Raises VisavisError `session.ended`, or that of the engine which failed.
        """
        await self._line.ask(CreateResponse(modality))
        done: ResponseDone | None = None
        while True:
            event = await self._next()
            if isinstance(event, ResponseDone):
                done = event
                if event.item_id:
                    await self._line.ask(ReportPlayback(event.item_id, math.inf, playing=False))
            elif isinstance(event, StateChanged) and event.state == "idle" and done is not None:
                break
            else:
                yield event
        if done.status == "failed":
            raise VisavisError(done.code, done.message, retryable=True)

    async def farewell(self) -> str:
        """Why the session has ended, in words for the person."""
        reason = "The conversation has ended; connect again to go on."
        while (event := await self._line.next()) is not None:
            reason = event.message if isinstance(event, Notice) else reason
        return reason

    async def _next(self) -> Event:
        event = await self._line.next()
        if event is None:
            raise VisavisError("session.ended", "The conversation has ended; start it again to go on.", retryable=True)
        if isinstance(event, Refused):
            raise VisavisError(event.code, event.message)
        return event


def _pieces(recording: AudioChunk) -> Iterator[AudioChunk]:
    silence = np.zeros(round(_MARGIN * recording.rate), np.float32)
    samples = np.concatenate([recording.samples, silence])
    size = round(_PIECE * recording.rate)
    for begin in range(0, len(samples), size):
        yield AudioChunk(samples[begin : begin + size], recording.rate, begin / recording.rate)
