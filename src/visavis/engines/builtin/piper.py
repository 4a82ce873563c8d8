"""Piper voices (VITS) run by onnxruntime: one pass a sentence, with phoneme times from the model's own durations."""

from __future__ import annotations

import asyncio
import itertools
import json
import unicodedata
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

import numpy as np
import onnx
import onnxruntime
import soxr
from pydantic import BaseModel, ConfigDict

from visavis.core.errors import VisavisError
from visavis.core.language import Language, as_language
from visavis.core.media import VOICE_RATE, AudioChunk, Samples
from visavis.core.speech import Phoneme, SpeechChunk, Timeline, Word
from visavis.engines.builtin.g2p import G2P
from visavis.engines.pronunciation import Sound, SpokenWord
from visavis.engines.registry import EngineContext, EngineInfo
from visavis.engines.text_normalization import normalize
from visavis.engines.tts import TTSCapabilities, TTSOptions
from visavis.weights.store import WeightStore

MODEL: Final = "piper-en-joe"
_FILE: Final = "en_US-joe-medium.onnx"
_HOP: Final = 256  # samples a duration step, in every Piper voice
_CHUNK: Final = VOICE_RATE // 2
_BEGIN, _END, _PAD = "^", "$", "_"
_MARKS: Final = frozenset(".,;:!?")
_STRESS: Final = ("", "ˌ", "ˈ")


class PiperOptions(BaseModel):
    """Options of the Piper engine: `model_path` of another voice (its `.onnx.json` beside it)."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    model_path: Path | None = None


@dataclass(frozen=True, slots=True)
class _Voice:
    session: Any
    ids: Mapping[str, Sequence[int]]
    rate: int
    language: Language
    scales: tuple[float, float, float]
    durations: str


class Piper:
    """Speaks one language with a Piper voice; fast, so the sentence is made at once and then handed out in pieces."""

    def __init__(self, store: WeightStore, *, threads: int = 1, options: PiperOptions | None = None) -> None:
        self._store, self._threads, self._options = store, threads, options or PiperOptions()
        self._g2p = G2P()
        self._loaded: _Voice | None = None
        self._executor: ThreadPoolExecutor | None = None
        self._utterances = itertools.count()

    @property
    def capabilities(self) -> TTSCapabilities:
        """One language; its timings are exact."""
        return TTSCapabilities(
            languages=frozenset({self._language()}), voices=(self._name(),), rate=VOICE_RATE, streaming=False,
            timings="phoneme", timings_ahead=True,
        )  # fmt: skip

    @property
    def model(self) -> str:
        """The voice's name."""
        return f"piper-{self._name()}"

    async def synthesize(self, text: str, options: TTSOptions) -> AsyncIterator[SpeechChunk]:
        """Streams the speech of `text`. Raises VisavisError `tts.language`, `tts.voice`, `weights.missing`."""
        if options.language != self._language():
            raise VisavisError(
                "tts.language", f"This Piper voice speaks '{self._language()}', not '{options.language}'."
            )
        if options.voice not in {"", self._name()}:
            raise VisavisError("tts.voice", f"Piper has only the voice '{self._name()}' loaded.")
        if self._executor is None:
            self._executor = ThreadPoolExecutor(max_workers=1, thread_name_prefix="piper")
        run = onnxruntime.RunOptions()
        try:
            found = await asyncio.get_running_loop().run_in_executor(self._executor, self._speak, text, options, run)
        finally:
            run.terminate = True
        if found is None:
            return
        samples, timeline = found
        utterance = next(self._utterances)
        for start in range(0, len(samples), _CHUNK):
            yield SpeechChunk(
                audio=AudioChunk(samples[start : start + _CHUNK], VOICE_RATE, start / VOICE_RATE), text=text,
                language=options.language, timeline=timeline, utterance=utterance, final=start + _CHUNK >= len(samples),
            )  # fmt: skip

    async def warm(self) -> None:
        """Loads the voice and speaks a word."""
        async for _ in self.synthesize("a", TTSOptions(self._language())):
            pass

    async def aclose(self) -> None:
        """Frees the voice."""
        executor, self._executor, self._loaded = self._executor, None, None
        if executor is not None:
            await asyncio.to_thread(executor.shutdown, wait=True, cancel_futures=True)

    def _speak(self, text: str, options: TTSOptions, run: Any) -> tuple[Samples, Timeline] | None:
        normalized = normalize(text, options.language)
        words = self._g2p.words(normalized.text, options.language)
        if not words:
            return None
        voice = self._load()
        ids, owners = _ids(normalized.text, words, voice.ids)
        noise, length, noise_w = voice.scales
        audio, durations = voice.session.run(
            ["output", voice.durations],
            {
                "input": np.array([ids], np.int64),
                "input_lengths": np.array([len(ids)], np.int64),
                "scales": np.array([noise, length / min(2.0, max(0.5, options.speed)), noise_w], np.float32),
            },
            run,
        )
        steps = np.asarray(durations, np.float64).ravel() * _HOP / voice.rate
        samples = np.asarray(soxr.resample(np.asarray(audio, np.float32).ravel(), voice.rate, VOICE_RATE), np.float32)
        units = self._g2p.units(text, options.language)
        starts = [normalized.origin[word.offset] for word in words]
        timeline = _timeline(
            text, words, owners, steps=steps, units=units, starts=starts, duration=len(samples) / VOICE_RATE
        )
        return samples, timeline

    def _path(self) -> Path:
        return self._options.model_path or self._store.file(MODEL, _FILE)

    def _name(self) -> str:
        return (self._options.model_path.name if self._options.model_path else _FILE).removesuffix(".onnx")

    def _language(self) -> Language:
        return as_language(self._name().split("_")[0].split("-")[0]) or "en"

    def _load(self) -> _Voice:
        if self._loaded is not None:
            return self._loaded
        path = self._path()
        try:
            config = json.loads(path.with_name(path.name + ".json").read_text("utf-8"))
            model = onnx.load(str(path))
        except (OSError, ValueError) as error:
            raise VisavisError(
                "tts.unavailable", f"The Piper voice {path.name} cannot be read: it needs its .onnx.json beside it."
            ) from error
        name = next((node.output[0] for node in model.graph.node if node.op_type == "Ceil"), None)
        if name is None:
            raise VisavisError("tts.unavailable", f"{path.name} is no Piper voice: it has no durations.")
        model.graph.output.append(onnx.helper.make_tensor_value_info(name, onnx.TensorProto.FLOAT, None))
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads, options.inter_op_num_threads, options.log_severity_level = self._threads, 1, 3
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        session = onnxruntime.InferenceSession(model.SerializeToString(), options, providers=["CPUExecutionProvider"])
        scales = config.get("inference", {})
        self._loaded = _Voice(
            session, config["phoneme_id_map"], int(config["audio"]["sample_rate"]), self._language(),
            (scales.get("noise_scale", 0.667), scales.get("length_scale", 1.0), scales.get("noise_w", 0.8)), name,
        )  # fmt: skip
        return self._loaded


def _ids(text: str, words: Sequence[SpokenWord], table: Mapping[str, Sequence[int]]) -> tuple[list[int], list[int]]:
    """Ids with pads between, as Piper was trained, and the sound that owns each (-1: none)."""
    ids, owners = [*table[_BEGIN], *table[_PAD]], [-1] * (len(table[_BEGIN]) + len(table[_PAD]))

    def add(symbols: str, owner: int) -> None:
        for symbol in unicodedata.normalize("NFD", symbols):
            if symbol in table:
                new = [*table[symbol], *table[_PAD]]
                ids.extend(new)
                owners.extend([owner] * len(new))

    position, index = 0, 0
    for number, word in enumerate(words):
        if number:
            add("".join(mark for mark in text[position : word.offset] if mark in _MARKS) + " ", -1)
        position = word.offset + word.length
        for sound in word.sounds:
            add(_STRESS[sound.stress] + sound.symbol, index)
            index += 1
    add("".join(mark for mark in text[position:] if mark in _MARKS), -1)
    return [*ids, *table[_END]], [*owners, *([-1] * len(table[_END]))]


def _timeline(
    text: str,
    words: Sequence[SpokenWord],
    owners: Sequence[int],
    *,
    steps: np.ndarray[Any, Any],
    units: Sequence[tuple[int, int]],
    starts: Sequence[int],
    duration: float,
) -> Timeline:
    flat: list[tuple[Sound, int]] = [(sound, number) for number, word in enumerate(words) for sound in word.sounds]
    phonemes: list[Phoneme] = []
    spoken: dict[int, tuple[float, float]] = {}
    at = 0.0
    for owner, length in zip(owners, steps, strict=True):
        symbol, stress = ("sil", 0) if owner < 0 else (flat[owner][0].symbol, flat[owner][0].stress)
        if owner >= 0:
            begin, _ = spoken.get(owner, (at, at))
            spoken[owner] = (begin, at + float(length))
        if phonemes and (owner < 0) == (phonemes[-1].symbol == "sil") and (owner < 0 or spoken[owner][0] < at):
            phonemes[-1] = replace(phonemes[-1], end=at + float(length))
        elif length > 0:
            phonemes.append(Phoneme(symbol, at, at + float(length), stress))
        at += float(length)
    return Timeline(tuple(phonemes), tuple(_captions(text, flat, spoken, units, starts)), max(duration, at))


def _captions(
    text: str,
    flat: Sequence[tuple[Sound, int]],
    spoken: Mapping[int, tuple[float, float]],
    units: Sequence[tuple[int, int]],
    starts: Sequence[int],
) -> Iterator[Word]:
    unit_of = np.searchsorted([start for start, _ in units], starts, side="right") - 1
    times: dict[int, tuple[float, float]] = {}
    for owner, (begin, end) in sorted(spoken.items()):
        unit = int(max(0, unit_of[flat[owner][1]]))
        times[unit] = (times.get(unit, (begin, end))[0], end)
    for unit, (begin, end) in sorted(times.items()):
        first, last = units[unit]
        yield Word(text[first:last], begin, end, first)


def _create(context: EngineContext) -> Piper:
    return Piper(context.store, threads=context.threads, options=PiperOptions(**context.options))


ENGINE = EngineInfo(
    kind="tts",
    name="piper",
    summary="Piper voices: fastest on a CPU, one language a voice, with exact phoneme timings.",
    create=_create,
    options=PiperOptions,
    models=(MODEL,),
    licence="MIT",
)
