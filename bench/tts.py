"""The voice: text to first audio, and synthesis time over speech time, per language, on one and two threads."""

from __future__ import annotations

import asyncio
import time
from pathlib import Path
from typing import Any

from bench.stats import line, summary
from visavis.core.language import Language
from visavis.engines.registry import EngineContext, Registry
from visavis.engines.tts import TTS, TTSOptions
from visavis.weights.store import WeightStore

ROUNDS = 3
TEXTS: dict[Language, tuple[str, ...]] = {
    "en": ("What would you like to learn?", "Python is a fine language to begin with, and there is work for it."),
    "es": ("¿Qué te gustaría aprender?", "Python es un buen lenguaje para empezar, y hay trabajo para él."),
    "zh": ("你想学什么？", "Python是一门很适合入门的语言，而且工作机会也很多。"),
}


def run(store: WeightStore, out: Path) -> dict[str, Any]:
    """Three rounds of a short and a long line in each language with Kokoro."""
    report: dict[str, Any] = {}
    for threads in (1, 2):
        print(f" {threads} thread{'s' if threads > 1 else ''}")
        report[f"threads_{threads}"] = asyncio.run(_measure(store, threads))
    return report


async def _measure(store: WeightStore, threads: int) -> dict[str, Any]:
    tts: TTS = Registry().create("tts", "kokoro", EngineContext(store, threads=threads))
    await tts.warm()
    report: dict[str, Any] = {}
    try:
        for language, texts in TEXTS.items():
            results = [await _speak(tts, text, language) for _ in range(ROUNDS) for text in texts]
            first, factor = [ms for ms, _ in results], [rate for _, rate in results]
            print(line(f"{language}: text → first audio", first, "ms"))
            print(line(f"{language}: synthesis time / speech time", factor, ""))
            report[language] = {"first_audio_ms": summary(first), "real_time_factor": summary(factor)}
    finally:
        await tts.aclose()
    return report


async def _speak(tts: TTS, text: str, language: Language) -> tuple[float, float]:
    start, first, seconds = time.perf_counter(), 0.0, 0.0
    async for chunk in tts.synthesize(text, TTSOptions(language)):
        first = first or time.perf_counter() - start
        seconds += chunk.audio.duration
    return first * 1000, (time.perf_counter() - start) / seconds
