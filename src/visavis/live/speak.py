"""From words to speech: clause by clause, the first one early, fixed lines from the cache."""

from __future__ import annotations

from collections.abc import AsyncGenerator, AsyncIterator, Callable
from dataclasses import dataclass, replace
from typing import Protocol

from visavis.core.flow import Show
from visavis.core.language import Language
from visavis.core.speech import SpeechChunk
from visavis.engines.tts import TTS, TTSOptions
from visavis.live.prefetch import as_generator
from visavis.live.think import Delta, Line, Thought


class Cutter(Protocol):
    """Cuts streaming text into what is spoken in one go."""

    def feed(self, text: str) -> list[str]:
        """Takes more text; returns the clauses that are complete."""
        ...

    def finish(self) -> list[str]:
        """The text has ended: returns what is left."""
        ...


class LineCache(Protocol):
    """Speaks fixed lines, from memory where it can."""

    def speak(self, tts: TTS, text: str, options: TTSOptions) -> AsyncIterator[SpeechChunk]:
        """The speech of `text`."""
        ...


@dataclass(frozen=True, slots=True)
class Voicing:
    """Who speaks and how: the engine, its cache of fixed lines, what cuts text for it, and this answer's options."""

    tts: TTS
    cache: LineCache
    cutter: Callable[[Language], Cutter]
    options: TTSOptions


async def speak(voicing: Voicing, thoughts: AsyncGenerator[Thought, None]) -> AsyncGenerator[SpeechChunk | Show, None]:
    """The speech of an answer; each clause is an utterance of its own, numbered from 0."""
    number = 0
    cutter = voicing.cutter(voicing.options.language)
    async for thought in thoughts:
        if isinstance(thought, Show):
            yield thought
            continue
        if isinstance(thought, Line):
            whole = voicing.cutter(voicing.options.language)
            clauses = [*whole.feed(thought.text), *whole.finish()]
        elif isinstance(thought, Delta):
            clauses = cutter.feed(thought.text)
        else:
            clauses = cutter.finish()
            cutter = voicing.cutter(voicing.options.language)
        for clause in clauses:
            fixed = isinstance(thought, Line)
            async for chunk in _say(voicing, clause, fixed=fixed):
                yield replace(chunk, text=clause, utterance=number)
            number += 1


def _say(voicing: Voicing, clause: str, *, fixed: bool) -> AsyncGenerator[SpeechChunk, None]:
    if fixed:
        return as_generator(voicing.cache.speak(voicing.tts, clause, voicing.options))
    return as_generator(voicing.tts.synthesize(clause, voicing.options))
