"""A voice by a service: `visavis serve --only tts`, or any with OpenAI's speech route."""

from __future__ import annotations

import asyncio
import base64
import io
import itertools
import json
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing
from typing import Any, Final

import av
import httpx
import numpy as np
from pydantic import BaseModel, ConfigDict, Field

from visavis.core.errors import VisavisError
from visavis.core.language import LANGUAGES, Language, as_language
from visavis.core.media import VOICE_RATE, AudioChunk, Samples
from visavis.core.sentences import has_words
from visavis.core.speech import SpeechChunk, Timeline
from visavis.engines.builtin.g2p import G2P
from visavis.engines.builtin.guessed_timeline import guess
from visavis.engines.health import Health
from visavis.engines.registry import EngineContext, EngineInfo
from visavis.engines.service import Service, ServiceAddress
from visavis.engines.timeline_wire import timeline_from_wire
from visavis.engines.tts import TTSCapabilities, TTSOptions

_CHUNK: Final = VOICE_RATE // 2
"""Samples of a chunk of speech that came in one piece."""
_LONGEST_BYTES: Final = 2 * VOICE_RATE * 300
_CONTAINERS: Final = (b"RIFF", b"OggS", b"fLaC", b"ID3", b"\xff\xfb", b"\xff\xf3", b"\xff\xf2", b"\x1a\x45\xdf\xa3")


class OpenAITTSOptions(BaseModel):
    """A voice service: its `base_url`, the `model` to ask for (empty: the one it offers), the `voice` of a line that
    asks for none, how long to wait for each piece (`timeout_s`), and for how long to try again (`patience_s`)."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    base_url: ServiceAddress = "http://localhost:8003"
    model: str = ""
    voice: str = ""
    api_key: str = Field(default="", repr=False)
    timeout_s: float = Field(default=15.0, gt=0)
    patience_s: float = Field(default=2.0, ge=0)


class OpenAITTS:
    """A TTS behind HTTP. A service of visavis streams its speech with the times of its sounds, as exact as its engine;
    speech of any other is waited for, and its times are estimated."""

    def __init__(self, options: OpenAITTSOptions) -> None:
        self._options = options
        self._service = Service("tts", options.base_url, api_key=options.api_key, timeout_s=options.timeout_s)
        self._g2p = G2P()
        self._utterances = itertools.count()

    @property
    def health(self) -> Health:
        """How the service is."""
        return self._service.health

    @property
    def capabilities(self) -> TTSCapabilities:
        """What the service says it can do; of one that does not say, what can be had from any."""
        told = self._service.offer.get("capabilities", {})
        known = {as_language(str(one)) for one in told.get("languages", LANGUAGES)}
        return TTSCapabilities(
            languages=frozenset[Language](one for one in known if one is not None),
            voices=tuple(str(voice) for voice in told.get("voices", ())),
            rate=VOICE_RATE,
            streaming=bool(told.get("streaming", False)),
            timings=str(told.get("timings", "none")),
            timings_ahead=bool(told.get("timings_ahead", True)),
            online=bool(told.get("online", False)),
        )

    @property
    def speaker(self) -> str:
        """The engine behind the service, whose voices personas may name; "" while that is not known."""
        return str(self._service.offer.get("name") or "")

    @property
    def model(self) -> str:
        """The model that is asked for and, where it makes a difference, the service's usual voice."""
        models = self._service.models
        own = str(self._service.offer.get("model") or (models[0] if len(models) == 1 else ""))
        return "/".join(part for part in (self._options.model or own or "openai", self._options.voice) if part)

    async def synthesize(self, text: str, options: TTSOptions) -> AsyncIterator[SpeechChunk]:
        """Streams the speech of `text`. Raises VisavisError `tts.language`, `tts.voice`, `tts.unavailable`,
        `tts.timeout`."""
        able = self.capabilities
        if options.language not in able.languages:
            raise VisavisError("tts.language", f"The voice service does not speak '{options.language}'.")
        if options.voice and able.voices and options.voice not in able.voices:
            raise VisavisError("tts.voice", f"The voice service has no voice '{options.voice}'.")
        if not has_words(text):
            return
        utterance = next(self._utterances)
        body = self._body(text, options)
        try:
            async with self._service.open("audio/speech", body, patience=self._options.patience_s) as response:
                if response.headers.get("content-type", "").startswith("text/event-stream"):
                    speech = self._timed(response, text, options.language, utterance)
                else:
                    speech = self._untimed(response, text, options.language, utterance)
                async with aclosing(speech):
                    async for chunk in speech:
                        yield chunk
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise self._service.translated(error) from error

    async def warm(self) -> None:
        """Asks whether the service is there. Raises VisavisError `tts.unavailable`, `tts.timeout`."""
        await self._service.look()
        if not self._service.ours:
            await asyncio.to_thread(self._g2p.load, "en")

    async def aclose(self) -> None:
        """Closes the connections."""
        await self._service.aclose()

    def _body(self, text: str, options: TTSOptions) -> dict[str, Any]:
        models = self._service.models
        model = self._options.model or str(self._service.offer.get("model") or (models[0] if models else "tts-1"))
        body = {
            "model": model,
            "input": text,
            "voice": options.voice or self._options.voice or "alloy",
            "response_format": "pcm",
            "speed": options.speed,
        }
        if self._service.ours:
            extras = {"language": options.language, "stream_format": "sse", "timeline": True}
            body = {**body, "voice": options.voice or self._options.voice, **extras}
        return body

    async def _timed(
        self, response: httpx.Response, text: str, language: Language, utterance: int
    ) -> AsyncGenerator[SpeechChunk, None]:
        """Speech with its timeline, as it comes."""
        timeline, sent, final, done = Timeline(), 0.0, False, False
        async for event in self._events(response):
            kind = event.get("type")
            try:
                if kind == "visavis.speech.timeline":
                    timeline = timeline_from_wire(event["timeline"])
                elif kind == "speech.audio.delta":
                    audio = AudioChunk.from_pcm16(base64.b64decode(event["audio"]), VOICE_RATE, sent)
                    sent, final = audio.end, bool(event.get("final"))
                    yield SpeechChunk(audio, text, language, timeline, utterance, final=final)
            except (ValueError, LookupError, TypeError) as error:
                raise self._service.unavailable("sent speech that cannot be read; update it") from error
            done = done or kind == "speech.audio.done"
        if not done or (sent and not final):
            raise self._service.unavailable("broke the answer off", retryable=True)

    async def _events(self, response: httpx.Response) -> AsyncIterator[dict[str, Any]]:
        async for line in response.aiter_lines():
            data = line.removeprefix("data:").strip() if line.startswith("data:") else ""
            if not data or data == "[DONE]":
                continue
            try:
                event = json.loads(data)
            except ValueError as error:
                raise self._service.unavailable("sent speech that cannot be read; update it") from error
            if isinstance(event, dict) and "error" not in event:
                yield event
            elif isinstance(event, dict):
                raise self._failure(event["error"])

    def _failure(self, error: Any) -> VisavisError:
        """What the service says went wrong after it had begun."""
        code = str(error.get("code") or "") if isinstance(error, dict) else ""
        if code.startswith("tts."):
            return VisavisError(
                code, str(error.get("message"))[:300], retryable=code in {"tts.unavailable", "tts.busy"}
            )
        return self._service.unavailable("failed while it spoke", retryable=True)

    async def _untimed(
        self, response: httpx.Response, text: str, language: Language, utterance: int
    ) -> AsyncGenerator[SpeechChunk, None]:
        """Speech without a timeline: all of it, then what can be told of it."""
        data = bytearray()
        async for piece in response.aiter_bytes():
            data += piece
            if len(data) > _LONGEST_BYTES:
                raise self._service.unavailable("sent more than five minutes of speech for one line; check its address")
        try:
            samples = await asyncio.to_thread(_samples, bytes(data))
        except (ValueError, av.error.FFmpegError) as error:
            raise self._service.unavailable("sent no speech; check its address") from error
        if not len(samples):
            raise self._service.unavailable("sent no speech; try again, or choose another voice", retryable=True)
        timeline = await asyncio.to_thread(guess, AudioChunk(samples, VOICE_RATE), text, language, self._g2p)
        for start in range(0, len(samples), _CHUNK):
            audio = AudioChunk(samples[start : start + _CHUNK], VOICE_RATE, start / VOICE_RATE)
            yield SpeechChunk(audio, text, language, timeline, utterance, final=start + _CHUNK >= len(samples))


def _samples(data: bytes) -> Samples:
    """The sound at 24 kHz: bare 16-bit samples, as asked for, or any container that was sent instead."""
    if not data.startswith(_CONTAINERS):
        return AudioChunk.from_pcm16(data[: len(data) // 2 * 2], VOICE_RATE).samples
    resampler = av.AudioResampler(format="flt", layout="mono", rate=VOICE_RATE)
    pieces: list[Any] = []
    with av.open(io.BytesIO(data), "r") as file:
        for frame in file.decode(audio=0):
            pieces += [out.to_ndarray().reshape(-1) for out in resampler.resample(frame)]
    pieces += [out.to_ndarray().reshape(-1) for out in resampler.resample(None)]
    return np.concatenate(pieces).astype(np.float32) if pieces else np.zeros(0, np.float32)


def _create(context: EngineContext) -> OpenAITTS:
    return OpenAITTS(OpenAITTSOptions.model_validate(dict(context.options)))


ENGINE: Final = EngineInfo(
    kind="tts",
    name="openai",
    summary="A service by URL: `visavis serve --only tts`, or any with OpenAI's speech route.",
    create=_create,
    options=OpenAITTSOptions,
)
