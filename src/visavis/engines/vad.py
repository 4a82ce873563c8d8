"""Voice activity detection: is somebody speaking in these 32 ms?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from visavis.core.media import Samples


@dataclass(frozen=True, slots=True)
class VADCapabilities:
    """`rate` in Hz and `window` in samples that `VADStream.probability` takes."""

    rate: int
    window: int


class VADStream(Protocol):
    """The detector's state over one person's audio."""

    def probability(self, window: Samples) -> float:
        """Speech probability in [0, 1] of the next window (float32, exactly `window` samples). Under 2 ms, so it may
        be called on the event loop. Raises ValueError on another length."""
        ...

    def reset(self) -> None:
        """Forgets all audio so far."""
        ...


class VAD(Protocol):
    """Makes streams; one engine serves many sessions."""

    @property
    def capabilities(self) -> VADCapabilities:
        """What it takes."""
        ...

    def stream(self) -> VADStream:
        """A fresh state. Loads the model when `warm` did not."""
        ...

    async def warm(self) -> None:
        """Loads the model, so that the first stream is there at once."""
        ...

    async def aclose(self) -> None:
        """Frees the model."""
        ...
