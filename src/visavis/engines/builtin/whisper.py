"""Speech to text with Whisper (MIT) on CTranslate2."""

from __future__ import annotations

import math
from typing import Final

import numpy as np
from opencc import OpenCC
from pydantic import BaseModel, ConfigDict, Field

from visavis.core.errors import VisavisError
from visavis.core.language import LANGUAGES, Language
from visavis.core.media import SPEECH_RATE, AudioChunk, Samples
from visavis.core.speech import Word
from visavis.engines.builtin.whisper_model import Decoded, Encoded, WhisperModel
from visavis.engines.builtin.whisper_words import words_of
from visavis.engines.quiet_cuts import cut_at_quiet, loudness
from visavis.engines.registry import EngineContext, EngineInfo
from visavis.engines.resample import at_rate
from visavis.engines.stt import STTCapabilities, STTOptions, Transcript
from visavis.engines.worker import Ticket, Worker
from visavis.weights.store import WeightStore

_LONGEST_SECONDS: Final = 900.0
_SHORTEST_SECONDS: Final = 0.1
_SILENCE: Final = 10 ** (-60 / 20)  # the loudest 20 ms of what counts as digital silence, full scale 1.0
_NO_SPEECH: Final = 0.6  # Radford et al. 2022, section 4.5
_DOUBTFUL_NO_SPEECH: Final = 0.3
_DOUBTFUL_LOGPROB: Final = -0.8
_BEAM: Final = 5  # over a short encoding hardly dearer than a greedy search, and far better in noise
_PARTIAL_BEAM: Final = 2
_SURE_LOGPROB: Final = -0.45  # below it a short window costs accuracy, in noise above all (bench/stt.py)


class WhisperOptions(BaseModel):
    """`model` is a catalogue id of kind stt: whisper-base, whisper-tiny-en, whisper-small … whisper-large-v3."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    model: str = Field(default="whisper-base", pattern=r"^whisper-")


class WhisperSTT:
    """Whisper, one call at a time on a thread of its own; the language is detected among the candidates.

    A call whose caller is cancelled gives its place to the next one at once and stops at its next stage.
    """

    def __init__(self, store: WeightStore, options: WhisperOptions, threads: int = 2) -> None:
        self._store = store
        self._options = options
        self._threads = threads
        self._model: WhisperModel | None = None
        self._simplify = OpenCC("t2s")
        self._worker = Worker("stt")

    @property
    def capabilities(self) -> STTCapabilities:
        """What the chosen model hears."""
        entry = self._store.catalogue.model(self._options.model)
        languages = frozenset(LANGUAGES) if "*" in entry.languages else frozenset(entry.languages)
        return STTCapabilities(languages=languages, detects_language=len(languages) > 1, word_times=True)

    async def transcribe(self, audio: AudioChunk, options: STTOptions) -> Transcript:
        """Transcribes all of `audio`; see the Protocol. Chinese comes in simplified characters.

        Raises VisavisError `stt.too_long` past 15 minutes, `stt.unavailable`, `stt.busy`, `weights.missing`.
        """
        if audio.duration > _LONGEST_SECONDS:
            raise VisavisError(
                "stt.too_long", f"The audio is longer than {_LONGEST_SECONDS / 60:.0f} minutes: send it in parts."
            )
        return await self._worker.run(lambda ticket: self._transcribe(audio, options, ticket))

    async def warm(self) -> None:
        """Loads the model and runs every stage once."""
        hiss = np.random.default_rng(0).normal(0.0, 0.05, SPEECH_RATE).astype(np.float32)
        await self.transcribe(AudioChunk(hiss, SPEECH_RATE), STTOptions(partial=True))

    async def aclose(self) -> None:
        """Frees the model."""
        await self._worker.aclose()
        self._model = None

    def _load(self) -> WhisperModel:
        if self._model is None:
            folder = self._store.folder(self._options.model)
            try:
                self._model = WhisperModel(folder, self._threads)
            except (RuntimeError, ValueError, OSError) as error:
                raise VisavisError(
                    "stt.unavailable",
                    f"The model '{self._options.model}' could not be loaded ({error}): "
                    f"run `visavis models verify {self._options.model}`.",
                ) from error
        return self._model

    def _transcribe(self, audio: AudioChunk, options: STTOptions, ticket: Ticket) -> Transcript:
        model = self._load()
        samples = np.nan_to_num(at_rate(audio, SPEECH_RATE))
        language: Language | None = options.language
        if not model.multilingual:
            language = "en"
        texts: list[str] = []
        words: list[Word] = []
        scores: list[tuple[float, int]] = []
        passes = 0
        for start, piece in cut_at_quiet(samples):
            if _silent(piece):
                continue
            ticket.check()
            encoded = model.encode(piece)
            ticket.check()
            if language is None:
                language = self._detect(model, encoded, options)
                ticket.check()
            encoded, decoded, tries = self._decode(piece, encoded, language, options, ticket)
            passes += tries
            if not decoded.text or _not_speech(decoded):
                continue
            text = self._simplify.convert(decoded.text) if language == "zh" else decoded.text
            joint = "" if not texts or language == "zh" else " "
            if options.word_times:
                pieces = model.align(encoded, language, decoded.tokens)
                words += words_of(pieces, text, sum(map(len, texts)) + len(joint), start)
            texts.append(joint + text)
            scores.append((decoded.logprob, len(decoded.tokens)))
        weight = sum(count for _, count in scores)
        mean = sum(score * count for score, count in scores) / weight if weight else 0.0
        return Transcript(
            text="".join(texts),
            language=language or (options.candidates[0] if options.candidates else "en"),
            confidence=math.exp(min(0.0, mean)) if texts else 0.0,
            duration=audio.duration,
            words=tuple(words),
            passes=max(1, passes),
        )

    def _detect(self, model: WhisperModel, encoded: Encoded, options: STTOptions) -> Language:
        found = model.languages(encoded)
        candidates = options.candidates or LANGUAGES
        return max(candidates, key=lambda code: found.get(code, 0.0) + (found.get("yue", 0.0) if code == "zh" else 0.0))

    def _decode(
        self, piece: Samples, encoded: Encoded, language: Language, options: STTOptions, ticket: Ticket
    ) -> tuple[Encoded, Decoded, int]:
        """A beam over the audio there is; where that is unsure or runs in circles once more over the full 30 s window,
        and at last without repetitions. Partial transcripts stop after the first."""
        model = self._load()
        beam = _PARTIAL_BEAM if options.partial else _BEAM
        first = model.decode(encoded, language, beam=beam, prompt=options.prompt)
        sure = first.logprob >= _SURE_LOGPROB and not first.loops
        if options.partial or first.no_speech > _NO_SPEECH or sure:
            return encoded, first, 1
        ticket.check()
        full = model.encode(piece, full=True)
        ticket.check()
        second = model.decode(full, language, beam=_BEAM, prompt="" if first.loops else options.prompt)
        if not first.loops and (second.loops or first.logprob >= second.logprob):
            return encoded, first, 2
        if not second.loops:
            return full, second, 2
        ticket.check()
        return full, model.decode(full, language, beam=_BEAM, careful=True), 3


def _not_speech(decoded: Decoded) -> bool:
    if decoded.no_speech > _NO_SPEECH:
        return True
    return decoded.no_speech > _DOUBTFUL_NO_SPEECH and decoded.logprob < _DOUBTFUL_LOGPROB


def _silent(samples: Samples) -> bool:
    """Too short to hold a sound, or nothing in it above -60 dB."""
    if len(samples) < _SHORTEST_SECONDS * SPEECH_RATE:
        return True
    return float(loudness(samples).max()) < _SILENCE


def _create(context: EngineContext) -> WhisperSTT:
    return WhisperSTT(context.store, WhisperOptions.model_validate(dict(context.options)), context.threads)


ENGINE: Final = EngineInfo(
    kind="stt",
    name="whisper",
    summary="Whisper on CTranslate2, encoding only the audio there is.",
    create=_create,
    options=WhisperOptions,
    models=(
        *("whisper-base", "whisper-tiny-en", "whisper-tiny", "whisper-small", "whisper-medium"),
        "whisper-large-v3",
    ),
    licence="MIT",
)
