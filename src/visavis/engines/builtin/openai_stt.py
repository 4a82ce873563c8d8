"""Speech recognition by a service: `visavis serve --only stt`, or any with OpenAI's transcriptions route."""

from __future__ import annotations

import asyncio
import io
import math
import wave
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

import httpx
from pydantic import BaseModel, ConfigDict, Field

from visavis.core.errors import VisavisError
from visavis.core.language import LANGUAGES, Language, as_language
from visavis.core.media import SPEECH_RATE, AudioChunk
from visavis.core.speech import Word
from visavis.engines.health import Health
from visavis.engines.registry import EngineContext, EngineInfo
from visavis.engines.resample import at_rate
from visavis.engines.service import Service, ServiceAddress
from visavis.engines.stt import STTCapabilities, STTOptions, Transcript

_LONGEST_SECONDS: Final = 900.0
_SHORTEST_SECONDS: Final = 0.1
"""Services refuse less; nobody says anything in it."""
_NAMES: Final[dict[str, Language]] = {"english": "en", "chinese": "zh", "mandarin": "zh", "spanish": "es"}


class OpenAISTTOptions(BaseModel):
    """A speech recognition service: its `base_url`, the `model` to ask for (empty: the one it offers), how long to
    wait for an answer (`timeout_s`), and for how long to try again when there is none (`patience_s`)."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    base_url: ServiceAddress = "http://localhost:8001"
    model: str = ""
    api_key: str = Field(default="", repr=False)
    timeout_s: float = Field(default=30.0, gt=0)
    patience_s: float = Field(default=4.0, ge=0)


class OpenAISTT:
    """An STT behind HTTP. A service of visavis also keeps to the candidates and tells how sure it is; of any other the
    language that it names is taken, or the first candidate when it is none of them."""

    def __init__(self, options: OpenAISTTOptions) -> None:
        self._options = options
        self._service = Service("stt", options.base_url, api_key=options.api_key, timeout_s=options.timeout_s)

    @property
    def health(self) -> Health:
        """How the service is."""
        return self._service.health

    @property
    def capabilities(self) -> STTCapabilities:
        """What the service says it can do; of one that does not say, what the route promises."""
        told = self._service.offer.get("capabilities", {})
        languages = frozenset(str(one) for one in told.get("languages", LANGUAGES))
        return STTCapabilities(languages, bool(told.get("detects_language", True)), bool(told.get("word_times", True)))

    @property
    def model(self) -> str:
        """The model that is asked for, "" while none is known."""
        models = self._service.models
        return self._options.model or str(self._service.offer.get("model") or (models[0] if len(models) == 1 else ""))

    async def transcribe(self, audio: AudioChunk, options: STTOptions) -> Transcript:
        """Transcribes all of `audio` (any rate). Raises VisavisError `stt.unavailable`, `stt.timeout`,
        `stt.too_long`."""
        if audio.duration > _LONGEST_SECONDS:
            raise VisavisError("stt.too_long", "The audio is longer than 15 minutes: send it in parts.")
        if audio.duration < _SHORTEST_SECONDS:
            return Transcript("", _assumed(options), 0.0, audio.duration)
        sound = await asyncio.to_thread(_wav, audio)
        reply = await self._service.post(
            "audio/transcriptions",
            data=self._form(options),
            files={"file": ("speech.wav", sound, "audio/wav")},
            patience=0.0 if options.partial else self._options.patience_s,
        )
        try:
            return _transcript(reply, audio.duration, options)
        except (ValueError, LookupError, TypeError, AttributeError) as error:
            raise self._service.unavailable("sent something that is no transcript; check its address") from error

    async def warm(self) -> None:
        """Asks whether the service is there. Raises VisavisError `stt.unavailable`, `stt.timeout`."""
        await self._service.look()

    async def aclose(self) -> None:
        """Closes the connections."""
        await self._service.aclose()

    def _form(self, options: STTOptions) -> dict[str, str | list[str]]:
        form: dict[str, str | list[str]] = {
            "model": self.model or "whisper-1",
            "response_format": "verbose_json",
            "temperature": "0",
        }
        if options.language is not None:
            form["language"] = options.language
        if options.prompt:
            form["prompt"] = options.prompt
        if options.word_times:
            form["timestamp_granularities[]"] = ["word", "segment"]
        if self._service.ours:
            form["candidates"] = ",".join(options.candidates)
            form["partial"] = str(options.partial).lower()
            if not options.word_times:
                form["timestamps"] = "false"
        return form


def _assumed(options: STTOptions) -> Language:
    return options.language or (options.candidates[0] if options.candidates else "en")


def _wav(audio: AudioChunk) -> bytes:
    """The audio as a WAV file of 16-bit samples at 16 kHz."""
    sink = io.BytesIO()
    with wave.open(sink, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(SPEECH_RATE)
        file.writeframes(AudioChunk(at_rate(audio, SPEECH_RATE), SPEECH_RATE).pcm16())
    return sink.getvalue()


def _transcript(reply: httpx.Response, duration: float, options: STTOptions) -> Transcript:
    told: Mapping[str, Any] = reply.json()
    text = str(told["text"]).strip()
    words = tuple(_words(text, told.get("words") or (), duration)) if options.word_times else ()
    confidence = _confidence(told) if text else 0.0
    return Transcript(text, _language(told, options), confidence, duration, words, int(told.get("passes") or 1))


def _language(told: Mapping[str, Any], options: STTOptions) -> Language:
    name = str(told.get("language") or "").lower()
    heard = options.language or _NAMES.get(name) or as_language(name)
    fits = heard is not None and (heard == options.language or heard in options.candidates or not options.candidates)
    return heard if heard is not None and fits else _assumed(options)


def _confidence(told: Mapping[str, Any]) -> float:
    """As told, else from the likelihood of the segments' tokens, else 1."""
    if "confidence" in told:
        return min(1.0, max(0.0, float(told["confidence"])))
    likely = [float(one["avg_logprob"]) for one in told.get("segments") or () if "avg_logprob" in one]
    return min(1.0, math.exp(sum(likely) / len(likely))) if likely else 1.0


def _words(text: str, told: Sequence[Mapping[str, Any]], duration: float) -> Iterator[Word]:
    """The words at their places in the text, with the marks that follow them."""
    cursor, edge = 0, 0.0
    for one in told:
        name = str(one["word"]).strip()
        place = text.find(name, cursor)
        if not name or place < 0:
            continue
        cursor = place + len(name)
        while cursor < len(text) and not text[cursor].isspace() and not text[cursor].isalnum():
            cursor += 1
        edge = min(duration, max(edge, float(one["start"])))
        yield Word(text[place:cursor], edge, min(duration, max(edge, float(one["end"]))), place)


def _create(context: EngineContext) -> OpenAISTT:
    return OpenAISTT(OpenAISTTOptions.model_validate(dict(context.options)))


ENGINE: Final = EngineInfo(
    kind="stt",
    name="openai",
    summary="A service by URL: `visavis serve --only stt`, or any with OpenAI's transcriptions.",
    create=_create,
    options=OpenAISTTOptions,
)
