"""Counts what a job takes from the engines: tokens of the LLM, seconds of speech heard and spoken."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass

from visavis.core.conversation import Message
from visavis.core.media import AudioChunk
from visavis.core.speech import SpeechChunk
from visavis.engines.llm import LLM, LLMCapabilities, LLMDelta, LLMOptions
from visavis.engines.stt import STT, STTCapabilities, STTOptions, Transcript
from visavis.engines.tts import TTS, TTSCapabilities, TTSOptions


@dataclass(frozen=True, slots=True)
class Usage:
    """What was taken from one service, in its own unit; `cost` in US dollars, None where the price is not known."""

    service: str
    units: float
    unit: str
    cost: float | None


class Meter:
    """Adds up what is taken from the engines it wraps until it is read. For use on one event loop.

    A `price` is in US dollars per unit: 0 for an engine on this machine, None where nobody told.
    """

    def __init__(self) -> None:
        self._units: dict[tuple[str, str], float] = {}
        self._prices: dict[str, float | None] = {}

    def llm(self, engine: LLM, service: str, price: float | None = 0.0) -> LLM:
        """That model, its tokens counted: those read anew, and those written. A model that does not tell is counted by
        requests."""
        self._prices[service] = price
        return _MeteredLLM(engine, self, service)

    def tts(self, engine: TTS, service: str, price: float | None = 0.0) -> TTS:
        """That voice, its seconds of speech counted."""
        self._prices[service] = price
        return _MeteredTTS(engine, self, service)

    def stt(self, engine: STT, service: str, price: float | None = 0.0) -> STT:
        """That recogniser, the seconds it listened to counted."""
        self._prices[service] = price
        return _MeteredSTT(engine, self, service)

    def count(self, service: str, units: float, unit: str) -> None:
        """Adds what was taken from a service."""
        self._units[service, unit] = self._units.get((service, unit), 0.0) + units

    def read(self) -> tuple[Usage, ...]:
        """What was taken since the last reading; the meter then stands at zero."""
        taken, self._units = self._units, {}
        return tuple(
            Usage(service, units, unit, None if (price := self._prices.get(service, 0.0)) is None else price * units)
            for (service, unit), units in taken.items()
        )


class _MeteredLLM:
    def __init__(self, engine: LLM, meter: Meter, service: str) -> None:
        self._engine, self._meter, self._service = engine, meter, service

    @property
    def capabilities(self) -> LLMCapabilities:
        return self._engine.capabilities

    @property
    def model(self) -> str:
        return self._engine.model

    async def generate(self, messages: Sequence[Message], options: LLMOptions) -> AsyncIterator[LLMDelta]:
        async for delta in self._engine.generate(messages, options):
            if delta.finish is not None:
                if delta.completion_tokens is None:
                    self._meter.count(self._service, 1, "requests")
                else:
                    read = (delta.prompt_tokens or 0) - (delta.cached_tokens or 0)
                    self._meter.count(self._service, max(0, read) + delta.completion_tokens, "tokens")
            yield delta

    async def warm(self, prompts: Sequence[Sequence[Message]] = ()) -> None:
        await self._engine.warm(prompts)

    async def aclose(self) -> None:
        await self._engine.aclose()


class _MeteredTTS:
    def __init__(self, engine: TTS, meter: Meter, service: str) -> None:
        self._engine, self._meter, self._service = engine, meter, service

    @property
    def capabilities(self) -> TTSCapabilities:
        return self._engine.capabilities

    @property
    def model(self) -> str:
        return self._engine.model

    async def synthesize(self, text: str, options: TTSOptions) -> AsyncIterator[SpeechChunk]:
        async for chunk in self._engine.synthesize(text, options):
            self._meter.count(self._service, chunk.audio.duration, "seconds")
            yield chunk

    async def warm(self) -> None:
        await self._engine.warm()

    async def aclose(self) -> None:
        await self._engine.aclose()


class _MeteredSTT:
    def __init__(self, engine: STT, meter: Meter, service: str) -> None:
        self._engine, self._meter, self._service = engine, meter, service

    @property
    def capabilities(self) -> STTCapabilities:
        return self._engine.capabilities

    async def transcribe(self, audio: AudioChunk, options: STTOptions) -> Transcript:
        heard = await self._engine.transcribe(audio, options)
        self._meter.count(self._service, audio.duration, "seconds")
        return heard

    async def warm(self) -> None:
        await self._engine.warm()

    async def aclose(self) -> None:
        await self._engine.aclose()
