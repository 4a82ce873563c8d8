"""From words to speech: clause by clause, the first one early, fixed lines from the cache."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from dataclasses import dataclass, replace

from visavis.core.flow import Show
from visavis.core.language import Language
from visavis.core.sentences import SentenceCutter
from visavis.core.speech import SpeechChunk
from visavis.engines.speech_cache import CachedTTS
from visavis.engines.tts import TTSOptions
from visavis.live.prefetch import as_generator
from visavis.live.think import Delta, Line, Thought


@dataclass(frozen=True, slots=True)
class Voicing:
    """Who speaks, and how in this answer."""

    tts: CachedTTS
    options: TTSOptions


# A line up to this long is spoken in one go, so that the cache holds it whole.
_WHOLE_LINE = 220


def utterances(line: str, language: Language) -> list[str]:
    """The pieces in which a fixed line is spoken and cached."""
    if len(line) <= _WHOLE_LINE:
        return [line]
    cutter = SentenceCutter(language)
    return [*cutter.push(line), *cutter.finish()]


async def speak(
    voicing: Voicing, thoughts: AsyncGenerator[Thought, None], thinking: asyncio.Event
) -> AsyncGenerator[SpeechChunk | Show, None]:
    """The speech of an answer; each clause is an utterance of its own, numbered from 0.

    The clauses' texts joined are the answer's text, blanks included. `thinking` is cleared until the first sound is
    made of the first words: on a small machine the next words would only keep the person waiting for these.
    """
    language = voicing.options.language
    cutter, number = SentenceCutter(language), 0
    async for thought in thoughts:
        if isinstance(thought, Show):
            yield thought
            continue
        if isinstance(thought, Line):
            clauses = utterances(thought.text, language)
        else:
            clauses = [*(cutter.push(thought.text) if isinstance(thought, Delta) else cutter.finish())]
        if not isinstance(thought, Delta):
            # The next passage is set off from this one.
            clauses[-1:] = [clause.rstrip() + _gap(language) for clause in clauses[-1:]]
        for clause in clauses:
            stream = voicing.tts.synthesize(clause.strip(), voicing.options, fixed=isinstance(thought, Line))
            if number == 0:
                thinking.clear()
            try:
                async for chunk in as_generator(stream):
                    thinking.set()
                    yield replace(chunk, text=clause, utterance=number)
            finally:
                thinking.set()
            number += 1


def _gap(language: Language) -> str:
    return "" if language == "zh" else " "
