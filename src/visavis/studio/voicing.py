"""A script as speech: sentence by sentence, each kept as soon as it is spoken."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Final

import numpy as np

from visavis.core.errors import VisavisError
from visavis.core.language import Language
from visavis.core.media import VOICE_RATE
from visavis.core.sentences import SentenceLimits, has_words, sentences
from visavis.engines.resample import at_rate
from visavis.engines.tts import TTS, TTSOptions
from visavis.studio.run import Run
from visavis.studio.speech import Utterance, with_pause

_WHOLE: Final = SentenceLimits(first_words=1_000, first_han=1_000, first_long_words=1_000, first_long_han=1_000)
"""Nobody waits for the first words of a video: sentences are spoken whole."""

_AT_ONCE: Final = 2
"""Sentences in the making: a voice that has two cores speaks them side by side."""

_PAUSE: Final = 0.18
_PARAGRAPH: Final = 0.55
"""Seconds of silence after a sentence and after a paragraph, on top of what the voice leaves itself."""


async def speak(run: Run, script: str, language: Language, voice: str, on_share: Callable[[float], None]) -> list[str]:
    """The ids of the script's utterances in order; those spoken before are not spoken again.

    Raises VisavisError as the TTS does, and `tts.unavailable` when it says nothing at all.
    """
    pieces = [piece for piece in sentences(script, language, _WHOLE) if has_words(piece)]
    total, spoken = sum(map(len, pieces)), 0
    tts, options = run.tools.tts, TTSOptions(language, voice, streamed=False)
    if tts is None:
        raise VisavisError("tts.unavailable", "No voice is set up; set VISAVIS_TTS, or speak with a recording.")
    places = asyncio.Semaphore(_AT_ONCE)

    async def one(number: int, piece: str) -> str:
        nonlocal spoken
        pause = 0.0 if number + 1 == len(pieces) else _PARAGRAPH if "\n" in piece else _PAUSE

        async def make() -> str:
            utterance = with_pause(await _utterance(tts, piece.strip(), options), pause)
            return await asyncio.to_thread(run.tools.artifacts.put, utterance.encode(), "npz")

        inputs = {"text": piece, "pause": pause, "language": language, "voice": voice, "model": tts.model}
        async with places:
            name = await run.once("utterance", make, **inputs)
        spoken += len(piece)
        on_share(spoken / total)
        return name

    failed: list[VisavisError] = []
    try:
        async with asyncio.TaskGroup() as group:
            made = [group.create_task(one(number, piece)) for number, piece in enumerate(pieces)]
    except* VisavisError as failures:
        failed += [error for error in failures.exceptions if isinstance(error, VisavisError)]
    if failed:
        raise failed[0]
    return [task.result() for task in made]


async def _utterance(tts: TTS, text: str, options: TTSOptions) -> Utterance:
    chunks = [chunk async for chunk in tts.synthesize(text, options)]
    if not chunks:
        raise VisavisError("tts.unavailable", "The voice said nothing; choose another voice or engine.")
    samples = [at_rate(chunk.audio, VOICE_RATE) for chunk in chunks]
    return Utterance(text, options.language, np.concatenate(samples), VOICE_RATE, chunks[-1].timeline)
