"""Microsoft Edge's online voices through the package edge-tts: word times from the service, phonemes estimated."""

from __future__ import annotations

import asyncio
import contextlib
import itertools
from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence
from typing import Any, Final

import av
import numpy as np
from pydantic import BaseModel, ConfigDict, Field

from visavis.core.errors import VisavisError
from visavis.core.language import LANGUAGES, Language
from visavis.core.media import VOICE_RATE, AudioChunk, Samples
from visavis.core.sentences import has_words
from visavis.core.speech import SpeechChunk, Timeline, Word
from visavis.engines.builtin.g2p import G2P
from visavis.engines.estimated_timeline import estimate
from visavis.engines.pronunciation import Sound
from visavis.engines.registry import EngineContext, EngineInfo
from visavis.engines.text_normalization import normalize
from visavis.engines.tts import TTSCapabilities, TTSOptions

Message = Mapping[str, Any]
"""What edge-tts streams: `audio` with MP3 `data`, or `WordBoundary` with `text`, `offset`, `duration` (100 ns)."""

Connect = Callable[[str, str, str, str], AsyncIterator[Message]]
"""Text, voice, rate and pitch to the service's messages."""

_VOICES: Final[dict[Language, str]] = {
    "en": "en-US-AvaNeural", "zh": "zh-CN-XiaoxiaoNeural", "es": "es-ES-XimenaNeural",
}  # fmt: skip
_TICKS: Final = 10_000_000
_CHUNK: Final = VOICE_RATE // 2  # samples
_TIMEOUT: Final = 10.0


class EdgeOptions(BaseModel):
    """Options of the Edge engine: a `voice` for all languages that its name fits, `rate` (`+10%`), `pitch` (`+2Hz`)."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    voice: str = ""
    rate: str = Field(default="+0%", pattern=r"^[+-]\d{1,3}%$")
    pitch: str = Field(default="+0Hz", pattern=r"^[+-]\d{1,3}Hz$")


def _connect(text: str, voice: str, rate: str, pitch: str) -> AsyncIterator[Message]:
    try:
        import edge_tts
    except ImportError as error:
        raise VisavisError(
            "engine.not_installed", "Edge TTS needs the package edge-tts: pip install 'visavis[edge]'."
        ) from error
    stream: AsyncIterator[Message] = edge_tts.Communicate(
        text, voice, rate=rate, pitch=pitch, boundary="WordBoundary"
    ).stream()
    return stream


class EdgeTTS:
    """Speaks through Microsoft's service. The text leaves this machine."""

    def __init__(self, options: EdgeOptions | None = None, *, connect: Connect = _connect) -> None:
        self._options, self._connect = options or EdgeOptions(), connect
        self._g2p = G2P()
        self._utterances = itertools.count()

    @property
    def capabilities(self) -> TTSCapabilities:
        """Three languages, word times that come with the audio."""
        return TTSCapabilities(
            languages=frozenset(LANGUAGES), voices=tuple(sorted({*_VOICES.values(), self._options.voice} - {""})),
            rate=VOICE_RATE, streaming=True, timings="word", timings_ahead=False, online=True,
        )  # fmt: skip

    @property
    def model(self) -> str:
        """The service; rate and pitch are part of how it sounds."""
        return f"edge-tts{self._options.rate}{self._options.pitch}"

    async def synthesize(self, text: str, options: TTSOptions) -> AsyncIterator[SpeechChunk]:
        """Streams the speech of `text`. Raises VisavisError `tts.language`, `tts.unavailable`."""
        if options.language not in LANGUAGES:
            raise VisavisError("tts.language", f"Edge TTS is not set up for '{options.language}': use en, zh or es.")
        if not has_words(text):
            return
        reader = _Reader(text, options.language, self._g2p, next(self._utterances))
        messages = self._connect(text, self._voice(options), self._rate(options.speed), self._options.pitch)
        try:
            while True:
                async with asyncio.timeout(_TIMEOUT):
                    message = await anext(messages, None)
                if message is None:
                    break
                for chunk in reader.read(message):
                    yield chunk
        except VisavisError:
            raise
        except Exception as error:
            raise VisavisError(
                "tts.unavailable",
                "Edge TTS could not be reached: check the network, or choose another voice engine.",
                retryable=True,
            ) from error
        finally:
            close = getattr(messages, "aclose", None)
            if close is not None:
                await close()
        for chunk in reader.finish():
            yield chunk

    def _voice(self, options: TTSOptions) -> str:
        fits = self._options.voice.lower().startswith(options.language) or "multilingual" in self._options.voice.lower()
        return options.voice or (self._options.voice if fits else _VOICES[options.language])

    def _rate(self, speed: float) -> str:
        percent = round((1 + int(self._options.rate[:-1]) / 100) * min(2.0, max(0.5, speed)) * 100 - 100)
        return f"{percent:+d}%"

    async def warm(self) -> None:
        """Loads the pronunciation of English; the service needs no warming."""
        await asyncio.to_thread(self._g2p.load, "en")

    async def aclose(self) -> None:
        """There is nothing to free."""


class _Reader:
    """Turns the service's messages into chunks whose timelines reach as far as their audio."""

    def __init__(self, text: str, language: Language, g2p: G2P, utterance: int) -> None:
        self._text, self._language, self._g2p, self._utterance = text, language, g2p, utterance
        self._codec = av.CodecContext.create("mp3", "r")
        self._resampler = av.AudioResampler(format="flt", layout="mono", rate=VOICE_RATE)
        self._samples: Samples = np.zeros(0, np.float32)
        self._sent = 0
        self._words: list[tuple[Word, Sequence[Sound]]] = []
        self._cursor = 0

    def read(self, message: Message) -> Iterator[SpeechChunk]:
        """Takes one message; gives the audio that the word times reach."""
        if message["type"] == "audio":
            self._add(self._decode(message["data"]))
        elif message["type"] == "WordBoundary":
            self._boundary(str(message["text"]), message["offset"] / _TICKS, message["duration"] / _TICKS)
        reached = int(self._words[-1][0].end * VOICE_RATE) if self._words else 0
        while min(reached - self._sent, len(self._samples)) > _CHUNK:
            yield self._chunk(_CHUNK, final=False)

    def finish(self) -> Iterator[SpeechChunk]:
        """The rest. Raises VisavisError `tts.unavailable` when there was no sound at all."""
        self._add(self._decode(None))
        if not self._sent and not len(self._samples):
            raise VisavisError("tts.unavailable", "Edge TTS sent no sound: try again, or choose another voice engine.",
                               retryable=True)  # fmt: skip
        yield self._chunk(len(self._samples), final=True)

    def _decode(self, data: bytes | None) -> list[Any]:
        packets = self._codec.parse(data) if data is not None else self._codec.parse(None)
        frames: list[Any] = []
        for packet in packets:
            with contextlib.suppress(av.error.InvalidDataError):  # a tag or a broken frame between the sound
                frames += self._codec.decode(packet)
        if data is None:
            frames += self._codec.decode(None)
        return frames

    def _add(self, frames: list[Any]) -> None:
        pieces = [out.to_ndarray().reshape(-1) for frame in frames for out in self._resampler.resample(frame)]
        if pieces:
            self._samples = np.concatenate([self._samples, *pieces]).astype(np.float32)

    def _boundary(self, text: str, start: float, length: float) -> None:
        place = self._text.find(text, self._cursor)
        offset = place if place >= 0 else self._cursor
        self._cursor = offset + (len(text) if place >= 0 else 0)
        spoken = normalize(text, self._language).text
        sounds = [sound for word in self._g2p.words(spoken, self._language) for sound in word.sounds]
        # Marks right after the word are part of it in captions.
        end = self._cursor
        while end < len(self._text) and not self._text[end].isspace() and not self._text[end].isalnum():
            end += 1
        self._words.append((Word(self._text[offset:end] or text, start, start + length, offset), sounds))

    def _chunk(self, size: int, *, final: bool) -> SpeechChunk:
        samples, self._samples = self._samples[:size], self._samples[size:]
        start = self._sent / VOICE_RATE
        self._sent += len(samples)
        end = (self._sent + len(self._samples)) / VOICE_RATE if final else self._words[-1][0].end
        timeline: Timeline = estimate(self._words, end)
        return SpeechChunk(
            audio=AudioChunk(samples, VOICE_RATE, start), text=self._text, language=self._language, timeline=timeline,
            utterance=self._utterance, final=final,
        )  # fmt: skip


def _create(context: EngineContext) -> EdgeTTS:
    return EdgeTTS(EdgeOptions(**context.options))


ENGINE = EngineInfo(
    kind="tts",
    name="edge",
    summary="Microsoft Edge's online voices; needs a network, sends the text to Microsoft.",
    create=_create,
    options=EdgeOptions,
    licence="LGPL-3.0 (edge-tts); Microsoft's terms for the service",
    extra="edge",
)
