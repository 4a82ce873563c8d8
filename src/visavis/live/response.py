"""One answer: made ahead if need be, played, and cut off cleanly."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable
from dataclasses import dataclass
from typing import Literal, TypeVar

from visavis.core.errors import VisavisError
from visavis.core.events import (
    ItemTruncated,
    OutputDone,
    OutputStarted,
    PlayoutCleared,
    ResponseDone,
    ResponseStarted,
    Shown,
    TextDelta,
)
from visavis.core.flow import Answer, Show
from visavis.core.language import Language
from visavis.core.playout import Playout
from visavis.core.session import Modality
from visavis.engines.llm import LLM
from visavis.live.animate import Performed, SpeechAnimator, animate
from visavis.live.play import Pace, Player, joined
from visavis.live.prefetch import prefetch
from visavis.live.speak import Voicing, speak
from visavis.live.stopwatch import Stopwatch
from visavis.live.think import Delta, Line, Pause, Thought, think
from visavis.live.transport import Transport

Piece = TypeVar("Piece")

# How far each stage may run ahead of the next: words; chunks of speech; chunks with motion.
_WORDS_AHEAD, _SPEECH_AHEAD, _MOTION_AHEAD = 64, 24, 4

# After so many chunks the rest of a long answer is made no faster than it is heard.
_MADE = 12


@dataclass(frozen=True, slots=True)
class Making:
    """What an answer is made with. `plan` asks the flow; `report` is told of engine failures that were covered; `made`
    is called, once or twice, when the engines have done with it, or nearly."""

    plan: Callable[[], Awaitable[Answer]]
    llm: LLM
    voicing: Voicing
    animator: SpeechAnimator | None
    report: Callable[[VisavisError], None]
    made: Callable[[], None] = lambda: None


async def _until_made(stream: AsyncGenerator[Piece, None], made: Callable[[], None]) -> AsyncGenerator[Piece, None]:
    """The same stream; `made` is called at its end, and before that when there is a good deal of it."""
    count = 0
    async for piece in stream:
        count += 1
        if count == _MADE:
            made()
        yield piece
    made()


class Response:
    """One answer of the avatar, as one message.

    `begin` starts to make it, `play` lets it be heard; both run in the turn's task and end with it.
    """

    def __init__(
        self,
        transport: Transport,
        stopwatch: Stopwatch,
        pace: Pace,
        *,
        response_id: str,
        item_id: str,
        modality: Modality,
    ) -> None:
        self.id = response_id
        self.item_id = item_id
        self.modality = modality
        self.playout = Playout()
        self.announced = False
        """The client was told that it is on its way."""
        self.open = False
        """Announced and not yet done."""
        self.sounding = False
        """Its message has begun."""
        self._previous: str | None = None
        self._language: Language = "en"
        self._transport = transport
        self._stopwatch = stopwatch
        self._player = Player(transport, self.playout, response_id, item_id, pace)
        self._pieces: AsyncGenerator[Performed | Show, None] | None = None
        self._thoughts: AsyncGenerator[Thought, None] | None = None

    def begin(self, group: asyncio.TaskGroup, making: Making) -> None:
        """Starts to make the answer, ahead of time and within bounds; nothing is sent."""
        watch = self._stopwatch.watch
        self._language = making.voicing.options.language
        thoughts = think(making.plan, making.llm, self._stopwatch, making.report)
        thinking = asyncio.Event()
        thinking.set()
        words = watch(thoughts, "first_text", lambda t: isinstance(t, Line | Delta))
        if self.modality == "text":
            self._thoughts = prefetch(group, _until_made(words, making.made), _WORDS_AHEAD, thinking)
            return
        ahead = prefetch(group, words, _WORDS_AHEAD, thinking)
        speech = watch(
            speak(making.voicing, ahead, thinking), "first_speech", lambda piece: not isinstance(piece, Show)
        )
        motion = animate(making.animator, prefetch(group, _until_made(speech, making.made), _SPEECH_AHEAD))
        self._pieces = prefetch(group, motion, _MOTION_AHEAD)

    @property
    def text(self) -> str:
        """What was sent of the answer so far, as text."""
        return self.playout.text.rstrip()

    @property
    def begun(self) -> bool:
        """Whether it is being made."""
        return self._pieces is not None or self._thoughts is not None

    def announce(self) -> None:
        """Tells the client that an answer is on its way."""
        self.announced = self.open = True
        self._transport.emit(ResponseStarted(self.id, self.modality))

    async def play(self, starting: Callable[[], str | None], finishing: Callable[[], None]) -> None:
        """Sends the answer and returns when it was heard. `starting` is called once, before its first piece, and
        gives the id of the item that the answer follows; `finishing` once all of it was sent."""
        started = False

        def begun(piece: Performed | Show | None) -> None:
            nonlocal started
            if not started:
                started = True
                self._previous = starting()
            if not isinstance(piece, Show):
                self._sound(moving=piece is not None and piece.motion is not None)

        if self._pieces is not None:
            await self._player.play(self._pieces, begun)
        elif self._thoughts is not None:
            await self._write(self._thoughts, begun)
        if not started:
            starting()
        self._stopwatch.mark("done")
        finishing()
        self._close("completed")
        await self._player.finish()

    def _sound(self, moving: bool) -> None:
        if not self.sounding:
            self.sounding = True
            if self.modality == "audio":
                self._stopwatch.mark("first_audio")
            if moving:
                self._stopwatch.mark("first_motion")
            self._transport.emit(OutputStarted(self.id, self.item_id, self._previous, self.modality))

    async def _write(
        self, thoughts: AsyncGenerator[Thought, None], begun: Callable[[Performed | Show | None], None]
    ) -> None:
        passage = False
        async for thought in thoughts:
            if isinstance(thought, Show):
                begun(thought)
                self._transport.emit(Shown(self.id, thought.name, thought.payload, self.item_id))
                continue
            if isinstance(thought, Pause):
                passage = False
                continue
            begun(None)
            text = thought.text if passage else joined(self.playout.text, thought.text, self._language)
            passage = isinstance(thought, Delta)
            self.playout.write(text)
            self._transport.emit(TextDelta(self.id, self.item_id, text, "text"))

    def hold(self) -> None:
        """Sends no more audio for the moment."""
        self._player.hold()

    def release(self) -> None:
        """Goes on sending."""
        self._player.release()

    def heard(self) -> float:
        """Seconds of the answer heard so far."""
        return self.playout.heard(asyncio.get_running_loop().time())

    def heard_text(self) -> str:
        """The part of the answer heard, or read, so far."""
        return self.text if self.modality == "text" else self.playout.heard_text(self.heard())

    def sent_text(self) -> str:
        """The part of the answer whose audio, or text, was sent."""
        return self.text if self.modality == "text" else self.playout.heard_text(self.playout.sent)

    def interrupt(self, reason: Literal["turn_detected", "client_cancelled"]) -> str:
        """Cuts the answer off at once and returns what was heard of it. Its task is to be cancelled by the caller."""
        heard, text = self.heard(), self.heard_text()
        self._transport.flush()
        if self.sounding and self.modality == "audio":
            self._transport.emit(PlayoutCleared(self.id))
            self._transport.emit(ItemTruncated(self.item_id, heard, text))
        self._close("cancelled", text=text, reason=reason)
        return text

    def fail(self, error: VisavisError) -> None:
        """The answer could not be given."""
        self._close("failed", error=error)

    def _close(
        self,
        status: Literal["completed", "cancelled", "failed"],
        text: str | None = None,
        reason: Literal["", "turn_detected", "client_cancelled"] = "",
        error: VisavisError | None = None,
    ) -> None:
        if not self.open:
            return
        self.open = False
        said = self.text if text is None else text
        item_id = self.item_id if self.sounding else ""
        if self.sounding:
            self._transport.emit(OutputDone(self.id, item_id, said, self.modality, interrupted=status != "completed"))
        code, message = (error.code, error.message) if error else ("", "")
        tokens = self._stopwatch.tokens or 0
        self._transport.emit(ResponseDone(self.id, item_id, status, said, self.modality, reason, code, message, tokens))
