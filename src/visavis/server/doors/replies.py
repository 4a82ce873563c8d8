"""An answer in the pieces in which seed 000 sends it: what is said, then courses, then what is said after them."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from visavis.core.events import AudioDelta, Event, Shown, TextDelta
from visavis.core.media import AudioChunk
from visavis.server.doors.guests import Remembered, nothing


@dataclass(frozen=True, slots=True)
class Spoken:
    """Something said: its `text`, and its `sound` where it was said aloud."""

    text: str
    sound: AudioChunk | None


@dataclass(frozen=True, slots=True)
class Courses:
    """What the advisor recommends."""

    courses: tuple[Mapping[str, Any], ...]


class _Draft:
    """What has been said since the last piece."""

    def __init__(self) -> None:
        self._text = ""
        self._chunks: list[AudioChunk] = []

    def add(self, event: TextDelta | AudioDelta) -> None:
        """More of it."""
        if isinstance(event, TextDelta):
            self._text += event.text
        else:
            self._chunks.append(event.audio)

    def take(self) -> Spoken | None:
        """The piece, None when nothing was said; the next one begins."""
        text, chunks = self._text.strip(), self._chunks
        self._text, self._chunks = "", []
        if not text and not chunks:
            return None
        sound = None
        if chunks:
            sound = AudioChunk(np.concatenate([chunk.samples for chunk in chunks]), chunks[0].rate)
        return Spoken(text, sound)


async def replies(events: AsyncIterator[Event], one: Remembered) -> AsyncIterator[Spoken | Courses]:
    """The pieces of an answer, each when it is whole; keeps `one.collected` up to date."""
    draft = _Draft()
    async for event in events:
        if isinstance(event, TextDelta | AudioDelta):
            draft.add(event)
        elif isinstance(event, Shown) and event.name == "profile":
            one.collected = {name: _said(name, fact) for name, fact in event.payload.items()}
        elif isinstance(event, Shown) and event.name == "recommendations":
            if (piece := draft.take()) is not None:
                yield piece
            yield Courses(tuple(event.payload["courses"]))
            one.collected = nothing()
    if (piece := draft.take()) is not None:
        yield piece


def _said(name: str, fact: Mapping[str, str] | None) -> str | None:
    """A fact as seed 000 has it: the level by its name in any language, the others in the person's words."""
    return fact["value" if name == "level" else "label"] if fact else None
