"""Speech for the tests of the hearing engines, spoken by Kokoro."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
import soxr

from tests.engines.contracts.stt import Said
from visavis.core.language import Language
from visavis.core.media import SPEECH_RATE, AudioChunk, Samples
from visavis.core.speech import Word
from visavis.engines.registry import EngineContext, Registry
from visavis.engines.tts import TTS, TTSOptions
from visavis.weights.store import WeightStore

LINES: dict[Language, tuple[str, str, tuple[str, ...]]] = {
    "en": ("I want to learn Python and become a data scientist.", "af_heart", ("learn python", "data scientist")),
    "es": ("Hola, quiero aprender español y matemáticas.", "ef_dora", ("quiero aprender", "matemáticas")),
    "zh": ("你好，我想学习数据科学，谢谢。", "zf_xiaoxiao", ("我想学习", "数据科学")),
}
LONG = "I would really like to learn more about the history of machine learning."
BREAK_AFTER = "about"


@dataclass(frozen=True, slots=True)
class Voices:
    """One utterance in each language, and an English one whole and broken off; all at 16 kHz."""

    said: dict[Language, Said]
    finished: AudioChunk
    unfinished: AudioChunk


def speak(store: WeightStore) -> Voices:
    """Synthesises them; some seconds."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(lambda: asyncio.run(_speak(store))).result()


async def _speak(store: WeightStore) -> Voices:
    tts: TTS = Registry().create("tts", "kokoro", EngineContext(store, threads=2))
    said: dict[Language, Said] = {}
    for language, (text, voice, words) in LINES.items():
        samples, _ = await _synthesize(tts, text, language, voice)
        said[language] = Said(_in_a_room(samples), language, words)
    samples, timed = await _synthesize(tts, LONG, "en", "af_heart")
    cut = next(word for word in timed if word.text.strip(".,").lower() == BREAK_AFTER)
    broken = samples[: int(cut.end * SPEECH_RATE)]
    await tts.aclose()
    return Voices(said, _in_a_room(samples), _in_a_room(broken))


async def _synthesize(tts: TTS, text: str, language: Language, voice: str) -> tuple[Samples, tuple[Word, ...]]:
    chunks = [chunk async for chunk in tts.synthesize(text, TTSOptions(language, voice))]
    whole = np.concatenate([chunk.audio.samples for chunk in chunks])
    return soxr.resample(whole, chunks[0].audio.rate, SPEECH_RATE), chunks[-1].timeline.words


def _in_a_room(samples: Samples) -> AudioChunk:
    """With 0.2 s of faint noise before and after, as a microphone gives it."""
    room = np.random.default_rng(0).normal(0, 0.0008, len(samples) + 2 * SPEECH_RATE // 5).astype(np.float32)
    room[SPEECH_RATE // 5 : SPEECH_RATE // 5 + len(samples)] += samples
    return AudioChunk(room, SPEECH_RATE)
