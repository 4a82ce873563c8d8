"""Kokoro-82M: speech in English, Chinese and Spanish on a CPU, streamed within the sentence, timed to the phoneme."""

from __future__ import annotations

import asyncio
import itertools
import os
import time
from collections.abc import AsyncIterator, Callable
from concurrent.futures import Future, ThreadPoolExecutor
from functools import partial
from typing import Final, TypeVar

import numpy as np
import structlog
from pydantic import BaseModel, ConfigDict, Field

from visavis.core.errors import VisavisError
from visavis.core.language import LANGUAGES, Language
from visavis.core.media import VOICE_RATE, AudioChunk, Samples
from visavis.core.speech import SpeechChunk
from visavis.engines.builtin.g2p import G2P
from visavis.engines.builtin.kokoro_model import MODEL, VOICES, Cancellation, CancelledRun, KokoroModel
from visavis.engines.builtin.kokoro_utterance import Utterance, prepare
from visavis.engines.builtin.kokoro_windows import LONGEST_HOLD, Joiner, Window, WindowPlan, foresees_gap
from visavis.engines.registry import EngineContext, EngineInfo
from visavis.engines.tts import TTSCapabilities, TTSOptions
from visavis.weights.store import WeightStore

_T = TypeVar("_T")
_log = structlog.get_logger(__name__)

DEFAULT_VOICES: Final[dict[Language, str]] = {"en": "af_heart", "zh": "zf_xiaoxiao", "es": "ef_dora"}
_PREFIXES: Final[dict[str, Language]] = {"a": "en", "b": "en", "z": "zh", "e": "es"}
_WARM_TEXT: Final[dict[Language, str]] = {"en": "Hello there, it is good to see you.", "zh": "你好，很高兴见到你。",
                                          "es": "Hola, me alegro mucho de verte."}  # fmt: skip
_SAMPLES: Final[dict[Language, tuple[str, ...]]] = {
    "en": ("Would you tell me what you have been doing, and why?", "The big boats came back just before five o'clock."),
    "zh": ("你好，请问你今天想做什么？", "我们昨天去公园散步，看见了很多漂亮的花。"),
    "es": ("¿Me puedes contar qué has hecho hoy, y por qué?", "Los barcos grandes volvieron poco antes de las cinco."),
}
"""What a voice is calibrated with: questions and statements, all vowels, voiced and unvoiced sounds."""

_RECENT: Final = 0.4  # weight of the newest measurement in the running cost of a frame
_EDGE: Final = 120  # samples of fade at the utterance's ends: 5 ms


class KokoroOptions(BaseModel):
    """Options of the Kokoro engine: the voice of each language, and which languages to load when warming up,
    the first before it is ready and the others right after."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    voice_en: str = DEFAULT_VOICES["en"]
    voice_zh: str = DEFAULT_VOICES["zh"]
    voice_es: str = DEFAULT_VOICES["es"]
    warm_languages: tuple[Language, ...] = Field(default=LANGUAGES)


class Kokoro:
    """Speaks with Kokoro-82M. All timing is known with the first chunk; the audio comes in growing windows."""

    def __init__(
        self,
        store: WeightStore,
        *,
        threads: int = 1,
        options: KokoroOptions | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._store, self._threads, self._clock = store, threads, clock
        self._options = options or KokoroOptions()
        self._g2p = G2P()
        self._model: KokoroModel | None = None
        self._executor: ThreadPoolExecutor | None = None
        self._decoders: ThreadPoolExecutor | None = None
        self._offline: ThreadPoolExecutor | None = None
        self._seconds_per_frame = 0.015
        self._utterances = itertools.count()
        listed = sorted(entry.name for entry in store.catalogue.model(VOICES).files)
        self._voices = tuple(
            name.removesuffix(".bin") for name in listed if name.endswith(".bin") and name[0] in _PREFIXES
        )

    @property
    def capabilities(self) -> TTSCapabilities:
        """Three languages, phoneme timings known ahead."""
        return TTSCapabilities(
            languages=frozenset(LANGUAGES),
            voices=self._voices,
            rate=VOICE_RATE,
            streaming=True,
            timings="phoneme",
            timings_ahead=True,
        )

    @property
    def model(self) -> str:
        """The model's name."""
        return f"{MODEL}-v1.0-int8"

    def voice(self, options: TTSOptions) -> str:
        """The voice that speaks. Raises VisavisError `tts.language`, `tts.voice`."""
        if options.language not in LANGUAGES:
            raise VisavisError("tts.language", f"Kokoro does not speak '{options.language}': choose en, zh or es.")
        chosen = options.voice or {
            "en": self._options.voice_en, "zh": self._options.voice_zh, "es": self._options.voice_es,
        }[options.language]  # fmt: skip
        if chosen not in self._voices:
            raise VisavisError("tts.voice", f"Kokoro has no voice '{chosen}': choose one of {', '.join(self._voices)}.")
        return chosen

    async def synthesize(self, text: str, options: TTSOptions) -> AsyncIterator[SpeechChunk]:
        """Streams the speech of `text`. Raises VisavisError `tts.language`, `tts.voice`, `weights.missing`."""
        voice = self.voice(options)
        cancellation = Cancellation()
        utterance_id = next(self._utterances)
        try:
            utterance = await self._run(
                lambda: prepare(
                    self._calibrated(voice), self._g2p, text, language=options.language, voice=voice,
                    speed=min(2.0, max(0.5, options.speed)), cancellation=cancellation,
                )
            )  # fmt: skip
            if utterance is None:
                return
            async for samples, start, final in self._stream(utterance, cancellation, options.streamed):
                yield SpeechChunk(
                    audio=AudioChunk(samples, VOICE_RATE, start),
                    text=text,
                    language=options.language,
                    timeline=utterance.timeline,
                    utterance=utterance_id,
                    final=final,
                )
        except CancelledRun:
            raise asyncio.CancelledError from None
        finally:
            cancellation.cancel()

    async def _stream(
        self, utterance: Utterance, cancellation: Cancellation, streamed: bool
    ) -> AsyncIterator[tuple[Samples, float, bool]]:
        """Decoded audio with its start in seconds; the first piece waits until no gap is foreseen, the only one of what
        is not `streamed` until it is whole."""
        encoding = utterance.encoding
        plan = WindowPlan(utterance.last, encoding.frames, encoding.loudness())
        joiner = Joiner()
        began = self._clock()
        playing_since: float | None = None
        held: list[Samples] = []
        sent = buffered = 0.0
        while plan.remaining:
            lead = buffered if playing_since is None else sent - (self._clock() - playing_since)
            window = plan.next(max(0.0, lead), self._seconds_per_frame) if streamed else plan.whole()
            audio = await self._decode(utterance, window, cancellation, streamed)
            final = not plan.remaining
            held.append(joiner.join(audio, window, last=final))
            buffered += len(held[-1]) / VOICE_RATE
            waited = self._clock() - began
            if (
                playing_since is None
                and waited < LONGEST_HOLD
                and foresees_gap(buffered, plan.remaining, self._seconds_per_frame)
            ):
                continue
            samples = np.concatenate(held)
            if playing_since is None:
                playing_since = self._clock()
                samples[:_EDGE] *= np.linspace(0, 1, len(samples[:_EDGE]), dtype=np.float32)
            if final:
                samples[-_EDGE:] *= np.linspace(1, 0, len(samples[-_EDGE:]), dtype=np.float32)
            held.clear()
            yield samples, sent, final
            sent += len(samples) / VOICE_RATE
            buffered = 0.0

    async def _decode(
        self, utterance: Utterance, window: Window, cancellation: Cancellation, streamed: bool
    ) -> Samples:
        model = self._model
        assert model is not None

        def work() -> tuple[Samples, float]:
            began = self._clock()
            part = utterance.encoding.slice(window.left, window.right)
            return model.decode(part, utterance.voice, cancellation), self._clock() - began

        audio, seconds = await asyncio.get_running_loop().run_in_executor(self._lanes(streamed), work)
        if streamed:  # what is not shares its cores with others of its kind
            measured = seconds / window.cost
            self._seconds_per_frame += _RECENT * (measured - self._seconds_per_frame)
        return audio

    async def warm(self) -> None:
        """Loads the weights and the first language and speaks a little, to measure how fast this machine decodes. The
        other languages follow on the engine's own thread: only who speaks one in the first seconds waits for it."""
        await self._run(self._load)
        for language in self._options.warm_languages[:1]:
            await self._run(partial(self._ready, language))
            async for _ in self.synthesize(_WARM_TEXT[language], TTSOptions(language)):
                pass
        for language in self._options.warm_languages[1:]:
            self._thread().submit(self._ready, language).add_done_callback(partial(_report, language))

    def _ready(self, language: Language) -> None:
        """Loads a language's dictionary and its default voice; only the engine's own thread calls this."""
        self._g2p.load(language)
        self._calibrated(self.voice(TTSOptions(language)))

    async def aclose(self) -> None:
        """Frees the model."""
        executors = {self._executor, self._decoders, self._offline} - {None}
        self._executor = self._decoders = self._offline = self._model = None
        for executor in executors:
            assert executor is not None
            await asyncio.to_thread(executor.shutdown, wait=True, cancel_futures=True)

    def _load(self) -> KokoroModel:
        """The model, loaded on first use; only the engine's own thread calls this."""
        if self._model is None:
            self._model = KokoroModel(self._store, self._threads)
        return self._model

    def _calibrated(self, voice: str) -> KokoroModel:
        """The model, ready for `voice`: one never heard before takes some seconds, once a machine."""
        model = self._load()
        if not model.calibrated(voice):
            language = _PREFIXES[voice[0]]
            samples = [
                prepare(model, self._g2p, text, language=language, voice=voice, speed=1.0, cancellation=Cancellation())
                for text in _SAMPLES[language]
            ]
            model.calibrate(voice, [sample.encoding for sample in samples if sample is not None])
        return model

    async def _run(self, work: Callable[[], _T]) -> _T:
        """Runs `work` on the engine's own thread: texts are prepared one at a time."""
        return await asyncio.get_running_loop().run_in_executor(self._thread(), work)

    def _thread(self) -> ThreadPoolExecutor:
        if self._executor is None:
            self._executor = ThreadPoolExecutor(max_workers=1, thread_name_prefix="kokoro")
        return self._executor

    def _lanes(self, streamed: bool) -> ThreadPoolExecutor:
        """Where windows are decoded: what is played, as many at once as the engine has threads; what nobody plays yet,
        as many as there are cores. With one thread what is played is decoded on the engine's own, and utterances that
        overlap take turns, window by window."""
        if not streamed:
            if self._offline is None:
                self._offline = ThreadPoolExecutor(os.cpu_count() or 1, thread_name_prefix="kokoro-offline")
            return self._offline
        if self._threads == 1:
            return self._thread()
        if self._decoders is None:
            self._decoders = ThreadPoolExecutor(self._threads, thread_name_prefix="kokoro-decoder")
        return self._decoders


def _report(language: Language, loading: Future[None]) -> None:
    """Logs that a language could not be loaded ahead of time; whoever speaks it meets the error itself."""
    if not loading.cancelled() and (error := loading.exception()) is not None:
        _log.warning("tts.language_failed", language=language, message=str(error))


def _create(context: EngineContext) -> Kokoro:
    return Kokoro(context.store, threads=context.threads, options=KokoroOptions(**context.options))


ENGINE = EngineInfo(
    kind="tts",
    name="kokoro",
    summary="Kokoro-82M in the process: English, Chinese and Spanish with exact phoneme timings.",
    create=_create,
    options=KokoroOptions,
    models=(MODEL, VOICES),
)
