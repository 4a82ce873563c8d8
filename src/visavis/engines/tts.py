"""Text to speech."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Protocol

from visavis.core.language import Language
from visavis.core.speech import SpeechChunk


@dataclass(frozen=True, slots=True)
class TTSCapabilities:
    """What a voice engine can do.

    `rate` in Hz of its audio; `streaming`: first audio before the sentence is done; `timings`: "phoneme", "word" or
    "none" (then estimated); `timings_ahead`: the first chunk's timeline is complete; `online`: needs a network.
    """

    languages: frozenset[Language]
    voices: tuple[str, ...]
    rate: int
    streaming: bool
    timings: str
    timings_ahead: bool
    online: bool = False


@dataclass(frozen=True, slots=True)
class TTSOptions:
    """`voice` "" means the engine's default for `language`; `speed` is a factor, 1.0 normal (0.5 … 2.0). Speech that is
    not `streamed` may come in one piece when it is whole, if that takes less work: nobody plays it while it is made."""

    language: Language
    voice: str = ""
    speed: float = 1.0
    streamed: bool = True


class TTS(Protocol):
    """Speaks one sentence or clause at a time. Closing or cancelling the iterator stops the model within 100 ms."""

    @property
    def capabilities(self) -> TTSCapabilities:
        """What it can do."""
        ...

    @property
    def model(self) -> str:
        """Name and version of the model, part of the cache key of fixed lines."""
        ...

    def synthesize(self, text: str, options: TTSOptions) -> AsyncIterator[SpeechChunk]:
        """Streams the speech of `text`, chunk after chunk without gap, `final` on the last one. Text with nothing to
        say gives no chunk. Raises VisavisError `tts.unavailable`, `tts.language`."""
        ...

    async def warm(self) -> None:
        """Loads the model, so that the first call is as fast as the next."""
        ...

    async def aclose(self) -> None:
        """Frees the model."""
        ...
