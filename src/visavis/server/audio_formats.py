"""Audio as it goes over the wire: PCM16 and G.711, base64."""

from __future__ import annotations

import base64
import binascii
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
import soxr

from visavis.core import g711
from visavis.core.errors import VisavisError
from visavis.core.media import VOICE_RATE, AudioChunk, Samples

FormatName = Literal["audio/pcm", "audio/pcmu", "audio/pcma"]


@dataclass(frozen=True, slots=True)
class AudioFormat:
    """A wire format: its GA name, and `rate` in Hz (always 8,000 for G.711)."""

    type: FormatName = "audio/pcm"
    rate: int = VOICE_RATE

    @property
    def wire(self) -> dict[str, str | int]:
        """As it stands in a session object."""
        return {"type": self.type, "rate": self.rate} if self.type == "audio/pcm" else {"type": self.type}

    def decode(self, text: str) -> AudioChunk:
        """Reads base64. Raises VisavisError `audio.base64`, `audio.container`, `audio.odd_bytes`, `audio.empty`."""
        try:
            data = binascii.a2b_base64(text, strict_mode=True)
        except ValueError as error:
            raise VisavisError("audio.base64", "`audio` is not valid base64.") from error
        if not data:
            raise VisavisError("audio.empty", "`audio` holds no samples.")
        container = _container(data)
        if container:
            raise VisavisError(
                "audio.container",
                f"`audio` looks like a {container} file; send raw {self.type} samples without a container.",
            )
        if self.type != "audio/pcm":
            return AudioChunk(g711.decode(data, "mu" if self.type == "audio/pcmu" else "a"), g711.G711_RATE)
        try:
            return AudioChunk.from_pcm16(data, self.rate)
        except ValueError as error:
            raise VisavisError("audio.odd_bytes", "PCM16 `audio` must hold an even number of bytes.") from error


_CONTAINERS: Final = {b"OggS": "Ogg", b"\x1a\x45\xdf\xa3": "WebM", b"fLaC": "FLAC", b"ID3": "MP3"}
_MAGIC: Final = (b"RIFF", *_CONTAINERS)


def _container(data: bytes) -> str:
    """The kind of file that begins like this, "" when it looks like bare samples."""
    if data[4:8] == b"ftyp":
        return "MP4"
    if not data.startswith(_MAGIC):
        return ""
    if data.startswith(b"RIFF"):
        return "WAV" if data[8:12] == b"WAVE" else ""
    return next(name for magic, name in _CONTAINERS.items() if data.startswith(magic))


class AudioEncoder:
    """Encodes one answer's audio, piece by piece and without seams."""

    def __init__(self, form: AudioFormat) -> None:
        self._format = form
        self._rate = g711.G711_RATE if form.type != "audio/pcm" else form.rate
        self._source = 0
        self._resampler: soxr.ResampleStream | None = None

    def encode(self, chunk: AudioChunk) -> str:
        """Base64 of the next piece."""
        if chunk.rate == self._rate:
            return self._pack(chunk.samples)
        if chunk.rate != self._source:
            self._source = chunk.rate
            self._resampler = soxr.ResampleStream(chunk.rate, self._rate, 1, dtype="float32")
        assert self._resampler is not None
        return self._pack(self._resampler.resample_chunk(chunk.samples))

    def finish(self) -> str:
        """Base64 of what the change of rate still held back, "" when there is none."""
        if self._resampler is None:
            return ""
        rest = self._resampler.resample_chunk(np.zeros(0, np.float32), last=True)
        self._resampler, self._source = None, 0
        return self._pack(rest) if len(rest) else ""

    def _pack(self, samples: Samples) -> str:
        if self._format.type == "audio/pcm":
            data = AudioChunk(samples, self._rate).pcm16()
        else:
            data = g711.encode(samples, "mu" if self._format.type == "audio/pcmu" else "a")
        return base64.b64encode(data).decode("ascii")
