"""A chain of voices: when one fails, the next one speaks."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass, replace
from typing import Final

import structlog

from visavis.core.errors import VisavisError
from visavis.core.language import Language
from visavis.core.media import AudioChunk, Samples
from visavis.core.sentences import has_words
from visavis.core.speech import Phoneme, SpeechChunk, Timeline, Word
from visavis.engines.tts import TTS, TTSCapabilities, TTSOptions

Clock = Callable[[], float]
OnNotice = Callable[["FallbackNotice"], None]

_CALLERS_FAULT: Final = frozenset({"tts.language", "tts.voice"})
"""Errors that say nothing about an engine's health."""


@dataclass(frozen=True, slots=True)
class FallbackNotice:
    """`failed` could not speak (`code`, `message`); `chosen` speaks instead. Both are engine names."""

    failed: str
    chosen: str
    code: str
    message: str


class CircuitBreaker:
    """Remembers that an engine failed, and lets it be tried again after a while that doubles with each failure."""

    def __init__(self, retry_after: float = 30.0, longest: float = 600.0) -> None:
        """Seconds."""
        self._base, self._longest = retry_after, longest
        self._wait, self._closed_until = 0.0, 0.0

    def allows(self, now: float) -> bool:
        """Whether to try it at `now` (seconds)."""
        return now >= self._closed_until

    def failed(self, now: float) -> None:
        """It failed at `now`."""
        self._wait = min(self._longest, self._wait * 2 or self._base)
        self._closed_until = now + self._wait

    def succeeded(self) -> None:
        """It worked."""
        self._wait = self._closed_until = 0.0


class FallbackTTS:
    """Speaks with the first engine of the chain that works.

    One that fails before its first sound is replaced unheard. One that fails midway is followed by the next, which
    speaks the rest of the sentence from the word that was being said. Every change is logged (`tts.fallback`) and
    told to `on_notice`. An engine that failed is left alone for a while; if all are, the one due first is tried.
    """

    def __init__(
        self,
        chain: Sequence[tuple[str, TTS]],
        *,
        on_notice: OnNotice | None = None,
        clock: Clock = time.monotonic,
        retry_after: float = 30.0,
    ) -> None:
        """`chain` holds names and engines, the preferred one first. Raises ValueError when it is empty."""
        if not chain:
            raise ValueError("a chain of voices needs at least one")
        self._chain = tuple(chain)
        self._on_notice, self._clock = on_notice, clock
        self._breakers = {name: CircuitBreaker(retry_after) for name, _ in chain}

    @property
    def capabilities(self) -> TTSCapabilities:
        """The preferred engine's, with every language that any of them speaks."""
        first = self._chain[0][1].capabilities
        languages = frozenset[Language]().union(*(engine.capabilities.languages for _, engine in self._chain))
        ahead = all(engine.capabilities.timings_ahead for _, engine in self._chain)
        voices = tuple(dict.fromkeys(voice for _, engine in self._chain for voice in engine.capabilities.voices))
        return replace(first, languages=languages, voices=voices, timings_ahead=ahead)

    @property
    def model(self) -> str:
        """The model of the engine that would speak now."""
        return self._candidates(None)[0][1].model

    async def synthesize(self, text: str, options: TTSOptions) -> AsyncIterator[SpeechChunk]:
        """Streams the speech. Raises the last engine's error when none could speak."""
        candidates = self._candidates(options.language)
        if not candidates:
            raise VisavisError("tts.language", f"No voice speaks '{options.language}'.")
        if options.voice and not any(options.voice in engine.capabilities.voices for _, engine in candidates):
            raise VisavisError("tts.voice", f"No voice engine has the voice '{options.voice}'.")
        heard: SpeechChunk | None = None  # the last chunk given out
        begun, base, rest = 0.0, 0, text  # where the present engine's part begins, in seconds and characters
        before = Timeline()
        for index, (name, engine) in enumerate(candidates):
            own = options if options.voice in engine.capabilities.voices else replace(options, voice="")
            try:
                async for chunk in engine.synthesize(rest, own):
                    heard = (
                        chunk
                        if base == 0 and begun == 0.0
                        else _continued(chunk, text, before, begun=begun, base=base, last=heard)
                    )
                    yield heard
                    if heard.final:
                        break
            except VisavisError as error:
                if error.code not in _CALLERS_FAULT:
                    self._breakers[name].failed(self._clock())
                if index + 1 == len(candidates):
                    raise
                self._tell(name, candidates[index + 1][0], error)
            else:
                self._breakers[name].succeeded()
                return
            if heard is not None:
                begun = heard.audio.end
                before = _until(heard.timeline, begun)
                base = _resume(heard.timeline, begun, len(text))
                rest = text[base:]
                if not has_words(rest):
                    yield replace(heard, audio=AudioChunk(_silence(heard), heard.audio.rate, begun), final=True)
                    return

    async def warm(self) -> None:
        """Loads the engines; one that cannot be loaded is told of, and tried again later. Raises the preferred
        engine's error when none could be."""
        errors: list[VisavisError] = []
        for index, (name, engine) in enumerate(self._chain):
            try:
                await engine.warm()
            except VisavisError as error:
                errors.append(error)
                self._breakers[name].failed(self._clock())
                if index + 1 < len(self._chain):
                    self._tell(name, self._chain[index + 1][0], error)
        if len(errors) == len(self._chain):
            raise errors[0]

    async def aclose(self) -> None:
        """Frees every engine."""
        await asyncio.gather(*(engine.aclose() for _, engine in self._chain))

    def _candidates(self, language: Language | None) -> list[tuple[str, TTS]]:
        able = [item for item in self._chain if language is None or language in item[1].capabilities.languages]
        now = self._clock()
        ready = [item for item in able if self._breakers[item[0]].allows(now)]
        return ready + [item for item in able if item not in ready]

    def _tell(self, failed: str, chosen: str, error: VisavisError) -> None:
        structlog.get_logger().warning(
            "tts.fallback", failed=failed, chosen=chosen, code=error.code, message=error.message
        )
        if self._on_notice is not None:
            self._on_notice(FallbackNotice(failed, chosen, error.code, error.message))


def _silence(chunk: SpeechChunk) -> Samples:
    return chunk.audio.samples[:0]


def _resume(timeline: Timeline, heard: float, length: int) -> int:
    """The character to go on from: the start of the word that was cut, or of the first one not begun."""
    for word in timeline.words:
        if word.end > heard:
            return word.offset
    return length if timeline.words else 0


def _until(timeline: Timeline, end: float) -> Timeline:
    phonemes = tuple(
        Phoneme(item.symbol, item.start, min(item.end, end), item.stress)
        for item in timeline.phonemes
        if item.start < end
    )
    words = tuple(word for word in timeline.words if word.end <= end)
    steps = int(end / timeline.pitch_step) if timeline.pitch_step else 0
    return replace(timeline, phonemes=phonemes, words=words, duration=end, pitch=timeline.pitch[:steps])


def _continued(
    chunk: SpeechChunk, text: str, before: Timeline, *, begun: float, base: int, last: SpeechChunk | None
) -> SpeechChunk:
    """A chunk of the next engine, moved to where the failed one stopped."""
    after = chunk.timeline
    same_step = before.pitch_step == after.pitch_step
    missing = max(0, round(begun / after.pitch_step) - len(before.pitch)) if after.pitch_step else 0
    timeline = Timeline(
        phonemes=before.phonemes
        + tuple(Phoneme(p.symbol, p.start + begun, p.end + begun, p.stress) for p in after.phonemes),
        words=before.words
        + tuple(Word(word.text, word.start + begun, word.end + begun, word.offset + base) for word in after.words),
        duration=begun + after.duration,
        pitch=before.pitch + (0.0,) * missing + after.pitch if same_step and after.pitch else (),
        pitch_step=after.pitch_step,
        exact=before.exact and after.exact,
    )
    return replace(
        chunk,
        audio=AudioChunk(chunk.audio.samples, chunk.audio.rate, chunk.audio.start + begun),
        text=text,
        timeline=timeline,
        utterance=last.utterance if last is not None else chunk.utterance,
    )
