"""Kokoro with its real weights: the TTS contract, streaming, and sound where the timeline says."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Iterator
from typing import cast

import numpy as np
import pytest

from tests.engines.contracts.tts import Lines, TTSContract, speak, spoken_once
from visavis.core.media import VOICE_RATE, Samples
from visavis.core.speech import SpeechChunk
from visavis.engines.builtin.kokoro import Kokoro, KokoroOptions
from visavis.engines.tts import TTSOptions
from visavis.weights.store import WeightStore

pytestmark = pytest.mark.real

LINES: Lines = {
    "en": "Peter paid $5 for the big map.",
    "zh": "我妈妈买了3本Python书。",
    "es": "Mi papá pagó 12 euros ayer.",
}


@pytest.fixture(scope="module")
def tts() -> Iterator[Kokoro]:
    engine = Kokoro(WeightStore(), threads=1, options=KokoroOptions(warm_languages=()))
    yield engine
    asyncio.run(engine.aclose())


@pytest.fixture
def lines() -> Lines:
    return LINES


class TestKokoro(TTSContract):
    """The contract on the real voice."""


def _level(samples: Samples, start: float, end: float) -> float:
    piece = samples[int(start * VOICE_RATE) : int(end * VOICE_RATE)]
    return float(np.sqrt(np.mean(piece**2))) if len(piece) else 0.0


async def test_vowels_are_louder_than_closures_at_the_times_given(tts: Kokoro) -> None:
    for language, text in LINES.items():
        chunks = await spoken_once(tts, text, language)
        samples = np.concatenate([chunk.audio.samples for chunk in chunks])
        phonemes = chunks[0].timeline.phonemes
        # The lips or the tongue shut at a stop's start; its burst comes later.
        stops = [_level(samples, p.start, p.start + 0.02) for p in phonemes if p.symbol in "ptk" and p.start > 0.1]
        vowels = [_level(samples, p.start, p.end) for p in phonemes if p.symbol[0] in "aeiouæɪʌɛ"]
        assert stops
        assert np.median(stops) < 0.4 * np.median(vowels)


async def test_short_words_that_carry_the_sense_are_not_swallowed(tts: Kokoro) -> None:
    for text in ("I have some experience already.", "Hello, I would like to learn something new."):
        timeline = (await speak(tts, text, "en"))[0].timeline
        word = next(word for word in timeline.words if word.text.strip() == "I")
        assert word.end - word.start >= 0.07


async def test_sound_starts_at_once_and_ends_soon(tts: Kokoro) -> None:
    samples = np.concatenate([chunk.audio.samples for chunk in await speak(tts, "Good morning!", "en")])
    loud = np.flatnonzero(np.abs(samples) > 0.003)
    assert loud[0] / VOICE_RATE < 0.12
    assert (len(samples) - loud[-1]) / VOICE_RATE < 0.35


async def test_a_long_text_is_spoken_whole(tts: Kokoro) -> None:
    text = "One and two and three and four and five and six. " * 14
    stream = cast("AsyncGenerator[SpeechChunk]", tts.synthesize(text, TTSOptions("en")))
    first = await anext(stream)
    await stream.aclose()
    assert first.timeline.words[-1].offset > 600
    assert first.timeline.duration > 25
    assert first.audio.duration < 2
