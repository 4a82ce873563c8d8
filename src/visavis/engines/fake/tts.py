"""A voice that needs no model: it speaks in tones that the fake STT reads back, with a phoneme for every letter."""

from __future__ import annotations

import asyncio
import itertools
import unicodedata
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from typing import Final

import numpy as np
from pydantic import BaseModel, ConfigDict, Field

from visavis.core.errors import VisavisError
from visavis.core.language import LANGUAGES
from visavis.core.media import VOICE_RATE, AudioChunk
from visavis.core.speech import Phoneme, SpeechChunk, Timeline, Word
from visavis.engines.fake.spoken import CHARACTER_SECONDS, PREAMBLE_SECONDS, encode
from visavis.engines.registry import EngineContext, EngineInfo
from visavis.engines.tts import TTSCapabilities, TTSOptions

Sleep = Callable[[float], Awaitable[None]]

_LETTERS: Final = {
    "b": "b", "c": "k", "d": "d", "f": "f", "g": "ɡ", "h": "h", "j": "dʒ", "k": "k", "l": "l", "m": "m", "n": "n",
    "p": "p", "q": "k", "r": "ɹ", "s": "s", "t": "t", "v": "v", "w": "w", "x": "s", "z": "z",
    "a": "a", "e": "ɛ", "i": "i", "o": "o", "u": "u", "y": "i",
}  # fmt: skip
_VOWELS: Final = frozenset("aeiouy")
_PITCH_STEP: Final = 0.0125
_PITCH_HZ: Final = 180.0


class FakeTTSOptions(BaseModel):
    """`delay`: seconds before the first chunk; `pace`: seconds of work a second of audio; `chunk`: seconds a chunk."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    delay: float = Field(default=0.0, ge=0)
    pace: float = Field(default=0.0, ge=0)
    chunk: float = Field(default=0.5, gt=0)


class FakeTTS:
    """Speaks deterministically; `sleep` is its only clock. Raises what `failures` holds, one an utterance."""

    def __init__(
        self,
        options: FakeTTSOptions | None = None,
        *,
        sleep: Sleep = asyncio.sleep,
        failures: Iterator[VisavisError | None] | None = None,
        fail_after: int = 0,
        name: str = "fake-tts",
    ) -> None:
        """`failures` gives an error, or None, for each utterance; it is raised after `fail_after` chunks."""
        self._options = options or FakeTTSOptions()
        self._sleep, self._failures, self._fail_after, self._name = sleep, failures, fail_after, name
        self._utterances = itertools.count()
        self.spoken: list[str] = []

    @property
    def capabilities(self) -> TTSCapabilities:
        """Everything, at no cost."""
        return TTSCapabilities(
            languages=frozenset(LANGUAGES), voices=("tone",), rate=VOICE_RATE, streaming=True, timings="phoneme",
            timings_ahead=True,
        )  # fmt: skip

    @property
    def model(self) -> str:
        """The name it was given."""
        return self._name

    async def synthesize(self, text: str, options: TTSOptions) -> AsyncIterator[SpeechChunk]:
        """Streams the tones of `text` at any speed. Raises VisavisError `tts.language`, `tts.voice`."""
        if options.language not in LANGUAGES:
            raise VisavisError("tts.language", f"The fake voice does not speak '{options.language}'.")
        if options.voice not in {"", "tone"}:
            raise VisavisError("tts.voice", f"The fake voice has no '{options.voice}': its only voice is 'tone'.")
        if not any(character.isalnum() for character in text):
            return
        failure = next(self._failures, None) if self._failures is not None else None
        utterance = next(self._utterances)
        self.spoken.append(text)
        await self._sleep(self._options.delay)
        samples = encode(text, VOICE_RATE)
        timeline = letters(text, len(samples) / VOICE_RATE)
        size = max(1, round(self._options.chunk * VOICE_RATE))
        for number, start in enumerate(range(0, len(samples), size)):
            if failure is not None and number >= self._fail_after:
                raise failure
            piece = samples[start : start + size]
            await self._sleep(self._options.pace * len(piece) / VOICE_RATE)
            yield SpeechChunk(
                audio=AudioChunk(np.ascontiguousarray(piece), VOICE_RATE, start / VOICE_RATE),
                text=text,
                language=options.language,
                timeline=timeline,
                utterance=utterance,
                final=start + size >= len(samples),
            )
        if failure is not None and self._fail_after * size >= len(samples):
            raise failure

    async def warm(self) -> None:
        """There is nothing to load."""

    async def aclose(self) -> None:
        """There is nothing to free."""


def letters(text: str, duration: float) -> Timeline:
    """A phoneme a letter, a pause for anything else; vowels at the start of a word are stressed."""

    def at(index: int) -> float:
        return PREAMBLE_SECONDS + index * CHARACTER_SECONDS

    phonemes = [Phoneme("sil", 0.0, at(0))]
    pitch = np.zeros(int(duration / _PITCH_STEP))
    stressed = True
    for index, character in enumerate(text):
        base = unicodedata.normalize("NFD", character.lower())[0]
        symbol = _LETTERS.get(base, "a" if character.isalpha() else "sil")
        vowel = symbol == "a" or base in _VOWELS
        phonemes.append(Phoneme(symbol, at(index), at(index + 1), 2 if vowel and stressed else 0))
        stressed = (stressed and not vowel) or symbol == "sil"
        if symbol != "sil":
            pitch[int(at(index) / _PITCH_STEP) : int(at(index + 1) / _PITCH_STEP)] = _PITCH_HZ
    phonemes.append(Phoneme("sil", at(len(text)), duration))
    return Timeline(
        phonemes=tuple(phonemes),
        words=tuple(_words(text, at)),
        duration=duration,
        pitch=tuple(float(hz) for hz in pitch),
        pitch_step=_PITCH_STEP,
    )


def _words(text: str, at: Callable[[int], float]) -> Iterator[Word]:
    offset = 0
    for token in text.split():
        offset = text.index(token, offset)
        if any(character.isalnum() for character in token):
            yield Word(token, at(offset), at(offset + len(token)), offset)
        offset += len(token)


def _create(context: EngineContext) -> FakeTTS:
    return FakeTTS(FakeTTSOptions(**context.options))


ENGINE = EngineInfo(
    kind="tts", name="fake", summary="Tones that the fake STT understands, for tests.", create=_create,
    options=FakeTTSOptions,
)  # fmt: skip
