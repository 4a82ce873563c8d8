"""Speech to text."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from visavis.core.language import Language
from visavis.core.media import AudioChunk
from visavis.core.speech import Word


@dataclass(frozen=True, slots=True)
class STTCapabilities:
    """`languages` it hears (ISO 639-1), and whether it detects the language and gives word times."""

    languages: frozenset[str]
    detects_language: bool
    word_times: bool


@dataclass(frozen=True, slots=True)
class STTOptions:
    """How to transcribe. `language` None: detect among `candidates`. `partial` True: quick and rough, for display
    while the person still speaks (no fallback passes). `prompt` biases spelling."""

    language: Language | None = None
    candidates: tuple[Language, ...] = ("en", "zh", "es")
    partial: bool = False
    word_times: bool = False
    prompt: str = ""


@dataclass(frozen=True, slots=True)
class Transcript:
    """What was said: `text` ("" for no speech), its `language`, `confidence` in [0, 1], the audio's `duration` in
    seconds, word times when asked for, and `passes`: how many decodes it took."""

    text: str
    language: Language
    confidence: float
    duration: float
    words: tuple[Word, ...] = ()
    passes: int = 1


class STT(Protocol):
    """Transcribes whole turns. Safe for concurrent calls; cancelling the call frees its place within 100 ms."""

    @property
    def capabilities(self) -> STTCapabilities:
        """What it can do."""
        ...

    async def transcribe(self, audio: AudioChunk, options: STTOptions) -> Transcript:
        """Transcribes all of `audio` (any rate). Raises VisavisError `stt.unavailable`, `stt.too_long`."""
        ...

    async def warm(self) -> None:
        """Loads the model, so that the first call is as fast as the next."""
        ...

    async def aclose(self) -> None:
        """Frees the model."""
        ...
