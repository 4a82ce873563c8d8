"""Sends an answer at the pace at which it is heard, so that stopping is immediate."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable
from dataclasses import dataclass, replace

from visavis.core.events import AudioDelta, Event, Shown, SpeechMotion, SpeechWords, TextDelta
from visavis.core.flow import Show
from visavis.core.language import Language
from visavis.core.media import AudioChunk
from visavis.core.motion import Motion
from visavis.core.playout import Playout
from visavis.core.speech import SpeechChunk, Word
from visavis.live.animate import Performed
from visavis.live.transport import Transport


@dataclass(frozen=True, slots=True)
class Pace:
    """How far, in seconds, the audio sent may run `lead` ahead of the ear, and how long one `slice` is."""

    lead: float = 0.45
    slice: float = 0.1


def joined(before: str, text: str, language: Language) -> str:
    """`text` with the space that belongs between it and what stands `before` it."""
    if not before or not text or language == "zh" or before[-1].isspace() or text[0].isspace():
        return text
    return " " + text


class Player:
    """Plays one answer: keeps the playout's account, and can be held for a moment."""

    def __init__(self, transport: Transport, playout: Playout, response_id: str, item_id: str, pace: Pace) -> None:
        self._transport = transport
        self._playout = playout
        self._response_id = response_id
        self._item_id = item_id
        self._pace = pace
        self._free = asyncio.Event()
        self._free.set()
        self._utterance = -1
        self._offset = 0
        self._start = 0.0
        self._words = 0

    def hold(self) -> None:
        """Sends no more audio until `release`; what the client already has plays on."""
        self._free.clear()

    def release(self) -> None:
        """Goes on."""
        self._free.set()

    async def play(
        self, pieces: AsyncGenerator[Performed | Show, None], begun: Callable[[Performed | Show], None]
    ) -> None:
        """Sends everything; `begun` is called before each piece. Returns when the last audio has left."""
        async for piece in pieces:
            begun(piece)
            if isinstance(piece, Show):
                self._emit(Shown(self._response_id, piece.name, piece.payload, self._item_id))
                continue
            self._announce(piece.chunk)
            for part in piece.cut(self._pace.slice):
                await self._wait()
                self._send(part)

    async def finish(self, grace: float = 2.0) -> None:
        """Waits until all that was sent has been heard, at most `grace` seconds longer than it should take."""
        clock = asyncio.get_running_loop().time
        while (rest := self._playout.sent - self._playout.heard(clock())) > 0.005:
            if self._playout.overdue(clock()) > grace:
                return
            await asyncio.sleep(min(max(rest, 0.01), 0.1))

    async def _wait(self) -> None:
        clock = asyncio.get_running_loop().time
        await self._transport.writable()
        while True:
            await self._free.wait()
            early = self._playout.ahead(clock()) + self._pace.slice - self._pace.lead
            if early <= 0.001:
                return
            await asyncio.sleep(early)

    def _announce(self, chunk: SpeechChunk) -> None:
        if chunk.utterance != self._utterance:
            self._utterance, self._words, self._start = chunk.utterance, 0, self._playout.sent
            self._offset = self._playout.write(chunk.text)
            self._emit(TextDelta(self._response_id, self._item_id, chunk.text, "audio"))
        timeline = chunk.timeline
        self._playout.speak(
            chunk.text, timeline.words, self._offset, self._start, max(timeline.duration, chunk.audio.end)
        )
        if len(timeline.words) > self._words:
            new = timeline.words[self._words :]
            self._words = len(timeline.words)
            self._emit(SpeechWords(self._response_id, self._item_id, tuple(self._on_item(word) for word in new)))

    def _on_item(self, word: Word) -> Word:
        return replace(
            word, start=word.start + self._start, end=word.end + self._start, offset=word.offset + self._offset
        )

    def _send(self, part: Performed) -> None:
        audio, motion = part.chunk.audio, part.motion
        if motion is not None and len(motion.frames):
            placed = Motion(motion.frames, motion.start + self._start)
            self._emit(SpeechMotion(self._response_id, self._item_id, placed))
        at = self._playout.sent
        self._playout.send(audio.duration, asyncio.get_running_loop().time())
        self._emit(AudioDelta(self._response_id, self._item_id, AudioChunk(audio.samples, audio.rate, at)))

    def _emit(self, event: Event) -> None:
        self._transport.emit(event)
