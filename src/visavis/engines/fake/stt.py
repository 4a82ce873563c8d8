"""Ears for the fake voice: reads the text that `spoken.encode` wrote into sound."""

from __future__ import annotations

import asyncio
import re
from collections import deque
from collections.abc import Awaitable, Callable, Iterable
from typing import Final

from visavis.core.errors import VisavisError
from visavis.core.language import LANGUAGES, Language
from visavis.core.media import AudioChunk
from visavis.core.speech import Word
from visavis.engines.fake import spoken
from visavis.engines.registry import EngineContext, EngineInfo
from visavis.engines.stt import STTCapabilities, STTOptions, Transcript

_LONGEST_SECONDS: Final = 900.0
_LOWEST_RATE: Final = 8_000
_SPANISH: Final = re.compile(
    r"[¿¡ñáéíóú]|\b(?:hola|quiero|aprender|gracias|soy|para|sí|qué|el|la|los|un|una|de)\b", re.I
)
_CHINESE: Final = re.compile(r"[\u4e00-\u9fff]")


class FakeSTT:
    """Hears the fake voice, and "" in any other sound.

    Each call takes `delay` seconds, plus `delay_per_second` for each second of audio, on `sleep`. What `script` holds
    is answered first, one a call: a text, or an exception that is raised.
    """

    def __init__(
        self,
        script: Iterable[str | Exception] = (),
        delay: float = 0.0,
        delay_per_second: float = 0.0,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._script = deque(script)
        self._delay = delay
        self._delay_per_second = delay_per_second
        self._sleep = sleep

    @property
    def capabilities(self) -> STTCapabilities:
        """The three languages, with word times."""
        return STTCapabilities(languages=frozenset(LANGUAGES), detects_language=True, word_times=True)

    async def transcribe(self, audio: AudioChunk, options: STTOptions) -> Transcript:
        """Reads the text in `audio`. Raises VisavisError `stt.too_long` past 15 minutes."""
        if audio.duration > _LONGEST_SECONDS:
            raise VisavisError("stt.too_long", "The audio is longer than 15 minutes: send it in parts.")
        await self._sleep(self._delay + self._delay_per_second * audio.duration)
        text = self._hear(audio)
        language = options.language or _language(text, options.candidates)
        words: tuple[Word, ...] = ()
        if options.word_times and text:
            words = tuple(_words(text, audio.duration))
        return Transcript(text, language, 1.0 if text else 0.0, audio.duration, words)

    async def warm(self) -> None:
        """Nothing to load."""

    async def aclose(self) -> None:
        """Nothing to free."""

    def _hear(self, audio: AudioChunk) -> str:
        if self._script:
            said = self._script.popleft()
            if isinstance(said, Exception):
                raise said
            return said
        return spoken.decode(audio.samples, audio.rate).strip() if audio.rate >= _LOWEST_RATE else ""


def _language(text: str, candidates: tuple[Language, ...]) -> Language:
    guess: Language = "zh" if _CHINESE.search(text) else "es" if _SPANISH.search(text) else "en"
    return guess if guess in candidates or not candidates else candidates[0]


def _words(text: str, duration: float) -> list[Word]:
    """Words (single characters in Chinese), spread evenly by length."""
    step = duration / len(text)
    return [
        Word(match[0], match.start() * step, match.end() * step, match.start())
        for match in re.finditer(r"[\u4e00-\u9fff][，。！？、]?|[^\s\u4e00-\u9fff]+", text)
    ]


def _create(context: EngineContext) -> FakeSTT:
    options = context.options
    return FakeSTT(delay=float(options.get("delay", 0.0)), delay_per_second=float(options.get("delay_per_second", 0.0)))


ENGINE: Final = EngineInfo(
    kind="stt", name="fake", summary="Reads the fake voice's sound code: deterministic, for tests.", create=_create
)
