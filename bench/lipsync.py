"""Lip-sync on drawn frames against the voice's own phonemes, at least 30 sentences in each language."""

from __future__ import annotations

import asyncio
import json
import tomllib
from importlib.resources import files
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from bench.stats import summary
from visavis.core.language import LANGUAGES, Language
from visavis.core.media import AudioChunk
from visavis.core.motion import Motion, compose
from visavis.core.speech import SpeechChunk, Timeline
from visavis.engines.registry import EngineContext, Registry
from visavis.engines.tts import TTS, TTSOptions
from visavis.face import lipsync
from visavis.face.ambient import AmbientAnimator
from visavis.face.animator import SpeechAnimator
from visavis.face.landmarks import Landmarker
from visavis.face.measure import lip_gaps
from visavis.face.portrait import open_portrait
from visavis.face.render_cpu import CpuRenderer
from visavis.face.rig import build_rig
from visavis.weights.store import WeightStore

SENTENCES: Final = Path(__file__).parent / "data" / "lipsync.toml"
SIZE: Final = 512
SHUT: Final = 1.5
"""Px of a 512-px frame under which the lips count as closed."""

LEAST_HITS: Final = 0.95
WIDEST_LAG: Final = 0.060

Course = NDArray[np.float64]


def genevieve(store: WeightStore) -> tuple[CpuRenderer, float]:
    """The built-in portrait, rigged and ready to draw at `SIZE` px, and the distance of its eyes in px."""
    folder = files("visavis.personas") / "data" / "portraits"
    curves = json.loads((folder / "genevieve.curves.json").read_text("utf-8"))
    portrait = open_portrait((folder / "genevieve.png").read_bytes(), Landmarker.from_store(store), curves)
    rig = build_rig(portrait.picture, portrait.landmarks, portrait.curves)
    return CpuRenderer(rig, SIZE), rig.eye_distance * SIZE


async def _speak(tts: TTS, text: str, language: Language) -> list[SpeechChunk]:
    return [chunk async for chunk in tts.synthesize(text, TTSOptions(language=language))]


def animate(chunks: list[SpeechChunk], seed: int) -> Motion:
    """Both layers of the face while the chunks are spoken, as a session would send them."""
    speech = SpeechAnimator(seed)
    frames = np.concatenate([speech.push(chunk).frames for chunk in chunks])
    ambient = AmbientAnimator(np.random.default_rng(seed))
    ambient.set_state("speaking")
    return compose(ambient.advance(len(frames)), Motion(frames))


def language_report(
    tts: TTS, renderer: CpuRenderer, eyes: float, language: Language, texts: list[str]
) -> dict[str, Any]:
    """Closure hits, their timing, best lag and correlation with the voice, and how far the mouth opens.

    `eyes` is the distance of the eyes in px.
    """
    hits: list[bool] = []
    errors: list[float] = []
    gaps: list[Course] = []
    voices: list[Course] = []
    missed: list[str] = []
    for number, text in enumerate(texts):
        chunks = asyncio.run(_speak(tts, text, language))
        timeline: Timeline = chunks[-1].timeline
        audio = AudioChunk(np.concatenate([chunk.audio.samples for chunk in chunks]), chunks[0].audio.rate)
        course = lip_gaps(renderer, animate(chunks, number))
        closures = lipsync.closures(timeline.phonemes, language)
        hit = lipsync.closure_hits(course, closures, SHUT)
        hits.extend(hit.tolist())
        missed.extend(f"{text} @ {c.start:.2f} s" for c, ok in zip(closures, hit, strict=True) if not ok)
        errors.extend((1000 * lipsync.closure_timing(course, closures)).tolist())
        gaps.append(course)
        voices.append(lipsync.envelope(audio, len(course)))
    found = lipsync.sync(np.concatenate(gaps), np.concatenate(voices))
    each = [lipsync.sync(gap, voice) for gap, voice in zip(gaps, voices, strict=True)]
    opened = np.concatenate(gaps) / eyes
    return {
        "sentences": len(texts),
        "closures": len(hits),
        "closure_hits": round(float(np.mean(hits)), 4),
        "missed": missed,
        "closure_timing_ms": summary(errors),
        "lag_ms": round(1000 * found.lag, 1),
        "r": round(found.r, 3),
        "lag_each_ms": summary([1000 * one.lag for one in each]),
        "r_each": summary([one.r for one in each]),
        "opening_p95_eye_distances": round(float(np.percentile(opened, 95)), 3),
        "opening_largest": round(float(opened.max()), 3),
        "passed": bool(np.mean(hits) >= LEAST_HITS and abs(found.lag) <= WIDEST_LAG),
    }


def run(store: WeightStore, out: Path) -> dict[str, Any]:
    """Speaks, animates and draws every sentence; `out` is not used."""
    texts = tomllib.loads(SENTENCES.read_text("utf-8"))
    tts: TTS = Registry().create("tts", "kokoro", EngineContext(store, threads=2))
    renderer, eyes = genevieve(store)
    report: dict[str, Any] = {}
    print("        sentences  closures   hits   timing p50   lag       r    95 % opening (filmed presenter .18)")
    for language in LANGUAGES:
        result = language_report(tts, renderer, eyes, language, texts[language])
        report[language] = result
        print(
            f"  {language}    {result['sentences']:6d} {result['closures']:10d}  {result['closure_hits']:6.1%}"
            f"  {result['closure_timing_ms']['p50']:7.0f} ms {result['lag_ms']:6.0f} ms  {result['r']:.2f}"
            f"    {result['opening_p95_eye_distances']:.3f}"
            f"    {'passed' if result['passed'] else 'FAILED'}",
            flush=True,
        )
        for sentence in result["missed"]:
            print(f"      missed: {sentence}")
    asyncio.run(tts.aclose())
    return {"languages": report, "passed": all(result["passed"] for result in report.values())}
