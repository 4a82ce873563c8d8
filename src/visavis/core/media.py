"""Immutable media: audio and pictures with their media time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

SPEECH_RATE: Final = 16_000
"""Samples per second that STT, VAD and turn detection work at."""

VOICE_RATE: Final = 24_000
"""Samples per second that visavis speaks and the Realtime protocol uses."""

Samples = NDArray[np.float32]

_PCM16: Final = np.dtype("<i2")
_STEP: Final = np.float32(1.0 / 32768.0)


@dataclass(frozen=True, slots=True, eq=False)
class AudioChunk:
    """Mono audio: `samples` float32 in [-1, 1] of shape (n,), at `rate` Hz, starting at `start` seconds."""

    samples: Samples
    rate: int
    start: float = 0.0

    @property
    def duration(self) -> float:
        """Length in seconds."""
        return len(self.samples) / self.rate

    @property
    def end(self) -> float:
        """Media time of the end, in seconds."""
        return self.start + self.duration

    def pcm16(self) -> bytes:
        """Little-endian signed 16-bit PCM, clipped."""
        return (np.clip(self.samples, -1.0, 1.0) * 32767.0).astype("<i2").tobytes()

    @classmethod
    def from_pcm16(cls, data: bytes, rate: int, start: float = 0.0) -> AudioChunk:
        """Reads little-endian signed 16-bit PCM; raises ValueError on an odd number of bytes."""
        if len(data) % 2:
            raise ValueError("PCM16 needs an even number of bytes")
        return cls(np.multiply(np.frombuffer(data, _PCM16), _STEP), rate, start)


@dataclass(frozen=True, slots=True, eq=False)
class VideoFrame:
    """A picture: `pixels` uint8 RGB of shape (height, width, 3) or RGBA (…, 4), at `time` seconds."""

    pixels: NDArray[np.uint8]
    time: float
