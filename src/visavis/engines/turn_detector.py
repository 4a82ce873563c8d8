"""Turn detection: has the person finished, judged from how it sounds?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from visavis.core.media import AudioChunk


@dataclass(frozen=True, slots=True)
class TurnDetectorCapabilities:
    """`languages` as ISO 639-1 codes; `max_seconds` of audio it looks back on."""

    languages: frozenset[str]
    max_seconds: float


class TurnDetector(Protocol):
    """Predicts the end of a turn."""

    @property
    def capabilities(self) -> TurnDetectorCapabilities:
        """What it can judge."""
        ...

    async def complete(self, audio: AudioChunk) -> float:
        """Probability in [0, 1] that the turn in `audio` (16 kHz mono, up to its last silence) is complete."""
        ...

    async def warm(self) -> None:
        """Loads the model, so that the first call is as fast as the next."""
        ...

    async def aclose(self) -> None:
        """Frees the model."""
        ...
