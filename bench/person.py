"""One of a crowd: an open microphone, or a keyboard, and a note of how long each answer took to begin."""

from __future__ import annotations

import base64
import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any, Final

import numpy as np

from bench.line import Line, framed
from bench.talk import PACKET, RATE
from visavis.core.media import AudioChunk, Samples
from visavis.engines.fake import spoken
from visavis.engines.fake.vad import FakeVAD
from visavis.live.ear import Ear

EAGER: Final = 0.25
"""Seconds of silence after which a turn that sounds complete is over: the server's default."""

LINES: Final = ("What is the sea?", "Where do birds go?", "Tell me of the moon.", "Who built this house?")
_HUSH: Final = round(RATE * (EAGER + 0.5)) // PACKET

TOGETHER: Final = 4
AFTERWARDS: Final = 62
"""In a quiet room the page sends `TOGETHER` packets as one, from number `AFTERWARDS` after the last sound on."""


def _packets(samples: Samples) -> list[Samples]:
    padded = np.pad(samples, (0, -len(samples) % PACKET))
    return [padded[at : at + PACKET] for at in range(0, len(padded), PACKET)]


def _append(samples: Samples) -> bytes:
    audio = base64.b64encode(AudioChunk(samples, RATE).pcm16()).decode()
    return framed({"type": "input_audio_buffer.append", "audio": audio})


def _noise() -> Samples:
    return (np.random.default_rng(1).standard_normal(PACKET) * 3e-4).astype(np.float32)


@cache
def room(packets: int = 1) -> bytes:
    """So many packets of a quiet room as one, framed."""
    return _append(np.tile(_noise(), packets))


@cache
def said(text: str) -> tuple[bytes, ...]:
    """The packets of a spoken line, framed; the fake engines understand it."""
    return tuple(_append(packet) for packet in _packets(spoken.encode(text, RATE)))


@cache
def deciding(text: str) -> int:
    """Which packet, counted from the first of the line, holds the sample that ends the turn; a packet is what the
    detector listens to at a time.

    The product's own ear is asked, beforehand: from there on, all that passes is the server's time.
    """
    ear = Ear(FakeVAD().stream(), FakeVAD().capabilities, 0.5)
    noise = _noise()
    for _ in range(50):
        list(ear.push(AudioChunk(noise, RATE), 0.0))
    line = _packets(spoken.encode(text, RATE))
    for number, packet in enumerate([*line, *[noise] * _HUSH]):
        for _ in ear.push(AudioChunk(packet, RATE), 0.0):
            if number >= len(line) and ear.segmenter.speaking and ear.segmenter.silence >= EAGER:
                return number
    raise ValueError(f"the ear does not hear the end of {text!r}")


@dataclass
class Notes:
    """What a crowd has noted: milliseconds by kind of turn, and what went wrong, counted."""

    voice: list[float] = field(default_factory=list)
    typed: list[float] = field(default_factory=list)
    wrong: Counter[str] = field(default_factory=Counter)
    events: Counter[str] = field(default_factory=Counter)


class Person:
    """Sends packets as the page does, one for every 32 ms or one for four of them, and takes a turn when told to."""

    def __init__(self, number: int, notes: Notes) -> None:
        self.types = number % 4 == 3
        """Whether this one types what it has to say."""
        self._notes = notes
        self._number = number
        self._line: Line | None = None
        self._sent = 0
        self._turns = 0
        self._text = ""
        self._speech: Sequence[bytes] = ()
        self._spoken = 0
        self._quiet = 0
        self._decides = -1
        self._asked: float | None = None
        self._answered = True

    def connect(self, line: Line) -> None:
        """This is the line; the microphone opens."""
        self._line = line
        extension = {"motion": True, "partials": True}
        line.write(framed({"type": "session.update", "session": {"type": "realtime", "visavis": extension}}))

    @property
    def seconds(self) -> float:
        """How long this one's microphone has been open, as far as it was sent."""
        return self._sent * PACKET / RATE

    def packet(self, now: float) -> None:
        """32 ms have passed."""
        if self._line is None:
            return
        if self._spoken < len(self._speech):
            if self._quiet:
                self._line.write(room(self._quiet))
            self._line.write(self._speech[self._spoken])
            self._quiet = 0
        elif self._spoken + 1 < len(self._speech) + AFTERWARDS:
            self._line.write(room())
        else:
            self._quiet += 1
            if self._quiet == TOGETHER:
                self._line.write(room(TOGETHER))
                self._quiet = 0
        if self._spoken == self._decides:
            self._asked = now
        self._spoken += 1
        self._sent += 1

    def take_turn(self, now: float) -> None:
        """Says the next line, or types it."""
        if self._line is None or self._line.closed:
            self._notes.wrong["not connected"] += 1
            return
        if not self._answered:
            self._notes.wrong["not answered within the period"] += 1
        self._text = LINES[(self._number + self._turns) % len(LINES)]
        self._turns += 1
        self._answered, self._asked = False, None
        if self.types:
            content = [{"type": "input_text", "text": self._text}]
            item = {"type": "message", "role": "user", "content": content}
            self._asked = now
            self._line.write(framed({"type": "conversation.item.create", "item": item}))
            self._line.write(framed({"type": "response.create"}))
            return
        self._speech, self._spoken = said(self._text), 0
        self._decides = deciding(self._text)

    def hear(self, now: float, data: bytes) -> None:
        """Something has come from the server."""
        begin = data.find(b'"type":"') + 8
        kind = data[begin : data.find(b'"', begin)].decode()
        self._notes.events[kind] += 1
        if kind == "response.output_audio.delta":
            self._heard(now)
        elif kind == "conversation.item.input_audio_transcription.completed":
            if json.loads(data)["transcript"] != self._text:
                self._notes.wrong["misheard"] += 1
        elif kind == "response.done":
            self._answered = True
            if (status := json.loads(data)["response"]["status"]) != "completed":
                self._notes.wrong[f"response {status}"] += 1
        elif kind == "error":
            self._notes.wrong[f"error {json.loads(data)['error']['code']}"] += 1
        elif kind == "visavis.notice":
            self._notes.wrong[f"notice {json.loads(data)['code']}"] += 1

    def _heard(self, now: float) -> None:
        if self._answered:
            self._notes.wrong["sound without a turn"] += 1
        if self._asked is not None:
            times = self._notes.typed if self.types else self._notes.voice
            times.append((now - self._asked) * 1000)
            self._asked = None
        elif not self._answered and not self.types and self._spoken <= self._decides:
            self._notes.wrong["answered before it could be known that the turn was over"] += 1

    def hang_up(self, wanted: Any = None) -> None:
        """Leaves; an earlier end is noted."""
        if self._line is not None:
            if self._line.closed:
                self._notes.wrong[self._line.closed] += 1
            self._line.hang_up()
