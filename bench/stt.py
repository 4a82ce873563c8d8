"""Speech to text against stock faster-whisper: the same weights, the same 8-bit arithmetic, the same threads.

Stock runs with its default settings (beam 5, language detected, padded to 30 s) and once more with beam 1; ours runs as
the product runs it. Each clip goes through all three in turn, so that a busy moment hits all of them. Human speech is
taken from `shared/media` beside the repository when it is there; sentences of the product's own voices always join.
The threshold for a second pass was chosen on clips that overlap these: the error rates flatter ours a little.
"""

from __future__ import annotations

import asyncio
import json
import time
import wave
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import numpy as np
import soxr
from faster_whisper import WhisperModel

from bench.speech import spoken
from bench.stats import line, summary
from bench.transcripts import errors, units
from visavis.core.language import LANGUAGES, Language
from visavis.core.media import SPEECH_RATE, AudioChunk, Samples
from visavis.engines.registry import EngineContext, Registry
from visavis.engines.stt import STT, STTOptions
from visavis.weights.store import WeightStore

MODEL = "whisper-base"
THREADS = 2
SHORT_SECONDS = 8.0

LINES: list[tuple[str, Language, str]] = [
    ("I'm a complete beginner and I want to learn Python.", "en", "af_bella"),
    ("Actually, I already know some JavaScript.", "en", "am_michael"),
    ("Could you recommend something about machine learning?", "en", "bf_emma"),
    ("My goal is to become a data scientist within a year.", "en", "am_adam"),
    ("No, that's too difficult for me.", "en", "af_nicole"),
    ("How long does the course take?", "en", "bm_george"),
    ("Soy principiante y quiero aprender Python.", "es", "em_alex"),
    ("Me gustaría trabajar como analista de datos.", "es", "ef_dora"),
    ("¿Cuánto tiempo dura el curso?", "es", "em_santa"),
    ("Ya tengo experiencia con bases de datos.", "es", "ef_dora"),
    ("No entiendo la última pregunta, ¿puede repetirla?", "es", "em_alex"),
    ("我是初学者，我想学习编程。", "zh", "zf_xiaobei"),
    ("我想成为一名数据科学家。", "zh", "zm_yunxi"),
    ("这门课程需要多长时间？", "zh", "zf_xiaoyi"),
    ("我已经有三年的工作经验。", "zh", "zm_yunjian"),
    ("请给我推荐一些适合我的课程。", "zh", "zf_xiaoni"),
]


@dataclass(frozen=True, slots=True)
class Clip:
    """One utterance at 16 kHz with what is said in it."""

    name: str
    source: str
    language: Language
    said: str
    samples: Samples

    @property
    def seconds(self) -> float:
        """Length."""
        return len(self.samples) / SPEECH_RATE


Transcribe = Callable[[Samples], Awaitable[str]]


def human(media: Path) -> list[Clip]:
    """The speech clips of a media folder; none when it has no manifest."""
    manifest = media / "manifest.json"
    if not manifest.exists():
        return []
    clips = []
    for entry in json.loads(manifest.read_text("utf-8")):
        if not entry["file"].startswith("speech/") or entry.get("language") not in LANGUAGES:
            continue
        with wave.open(str(media / entry["file"])) as reader:
            rate, channels = reader.getframerate(), reader.getnchannels()
            data = np.frombuffer(reader.readframes(reader.getnframes()), "<i2").reshape(-1, channels)
        samples = soxr.resample(data.mean(axis=1).astype(np.float32) / 32768, rate, SPEECH_RATE)
        language = cast(Language, entry["language"])
        clips.append(Clip(entry["file"], "human", language, entry["transcript"], samples))
    return clips


def synthetic(store: WeightStore, folder: Path) -> list[Clip]:
    """Sentences by the product's own voices, with half a second of faint room noise on both sides."""
    noise = np.random.default_rng(2)
    clips = []
    for (text, language, voice), samples in zip(LINES, spoken(store, folder, LINES), strict=True):
        voiced = soxr.resample(samples, 24_000, SPEECH_RATE)
        room = noise.normal(0, 0.001, len(voiced) + SPEECH_RATE).astype(np.float32)
        room[SPEECH_RATE // 2 : SPEECH_RATE // 2 + len(voiced)] += voiced
        clips.append(Clip(f"{voice}: {text}", "synthetic", language, text, room))
    return clips


def stock(store: WeightStore, beam: int | None) -> Transcribe:
    """Stock faster-whisper; `beam` None leaves its default."""
    model = WhisperModel(str(store.folder(MODEL)), device="cpu", compute_type="int8", cpu_threads=THREADS)
    options: dict[str, Any] = {} if beam is None else {"beam_size": beam}

    async def transcribe(samples: Samples) -> str:
        segments, _ = model.transcribe(samples, **options)
        return "".join(segment.text for segment in segments)

    return transcribe


def ours(engine: STT) -> Transcribe:
    """The product's engine."""

    async def transcribe(samples: Samples) -> str:
        return (await engine.transcribe(AudioChunk(samples, SPEECH_RATE), STTOptions())).text

    return transcribe


async def measure(clips: Sequence[Clip], systems: dict[str, Transcribe], repeats: int) -> list[dict[str, Any]]:
    """Times every clip on every system, `repeats` times in turn; the median time and the errors of each."""
    for transcribe in systems.values():
        await transcribe(clips[0].samples)
    rows = []
    for clip in clips:
        seconds: dict[str, list[float]] = {name: [] for name in systems}
        heard: dict[str, str] = {}
        for _ in range(repeats):
            for name, transcribe in systems.items():
                start = time.perf_counter()
                heard[name] = await transcribe(clip.samples)
                seconds[name].append(time.perf_counter() - start)
        said = units(clip.said, clip.language)
        row: dict[str, Any] = {
            **{"clip": clip.name, "source": clip.source, "language": clip.language},
            **{"seconds": round(clip.seconds, 2), "units": len(said)},
        }
        for name in systems:
            row[name] = {
                "seconds": round(float(np.median(seconds[name])), 3),
                "errors": errors(said, units(heard[name], clip.language)),
                "text": heard[name].strip(),
            }
        rows.append(row)
    return rows


def error_rate(rows: Sequence[dict[str, Any]], system: str) -> float:
    """Errors per hundred words (characters in Chinese)."""
    wrong, said = sum(row[system]["errors"] for row in rows), sum(row["units"] for row in rows)
    return round(100.0 * float(wrong) / float(said), 2)


def report(rows: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """Times, ratios and error rates of a group of clips, printed and returned."""
    found: dict[str, Any] = {}
    for name in ("stock", "stock_beam1", "ours"):
        times = [row[name]["seconds"] for row in rows]
        rate = error_rate(rows, name)
        found[name] = {"seconds": summary(times), "error_rate": rate}
        print(line(f"{name} (errors {rate:.1f} %)", times, "s"))
    for name in ("stock", "stock_beam1"):
        ratios = [row[name]["seconds"] / row["ours"]["seconds"] for row in rows]
        found[f"{name}_over_ours"] = summary(ratios)
        print(line(f"{name} time ÷ ours", ratios, "×"))
    return found


def run(store: WeightStore, out: Path, media: Path | None = None, repeats: int = 3) -> dict[str, Any]:
    """Measures and prints; see the module. `media` None looks for `shared/media` beside the repository."""
    store.pull(["kokoro-82m", "kokoro-voices", MODEL])
    beside = Path(__file__).resolve().parents[2] / "shared" / "media"
    clips = [*human(media or beside), *synthetic(store, out / "speech")]
    return asyncio.run(_run(store, clips, repeats))


async def _run(store: WeightStore, clips: Sequence[Clip], repeats: int) -> dict[str, Any]:
    engine: STT = Registry().create("stt", "whisper", EngineContext(store, THREADS, {"model": MODEL}))
    systems = {"stock": stock(store, None), "stock_beam1": stock(store, 1), "ours": ours(engine)}
    try:
        rows = await measure(clips, systems, repeats)
    finally:
        await engine.aclose()
    groups: dict[str, list[dict[str, Any]]] = {
        "short": [row for row in rows if row["seconds"] < SHORT_SECONDS],
        "all": rows,
    }
    for key, values in (("source", ("human", "synthetic")), ("language", LANGUAGES)):
        for value in values:
            groups[value] = [row for row in rows if row[key] == value]
    found: dict[str, Any] = {"model": MODEL, "threads": THREADS, "clips": rows}
    for name, group in groups.items():
        if group:
            title = f"under {SHORT_SECONDS:.0f} s" if name == "short" else name
            print(f" {title}: {len(group)} clips")
            found[name] = report(group)
    return found
