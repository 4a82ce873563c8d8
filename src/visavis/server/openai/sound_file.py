"""Speech as a file that can be sent while it is still being spoken."""

from __future__ import annotations

from typing import Any, Final, Literal

import av
import numpy as np
import soxr

from visavis.core.media import VOICE_RATE, AudioChunk, Samples

SoundFormat = Literal["mp3", "opus", "aac", "flac", "wav", "pcm"]

MEDIA_TYPES: Final[dict[SoundFormat, str]] = {
    "mp3": "audio/mpeg",
    "opus": "audio/ogg",
    "aac": "audio/aac",
    "flac": "audio/flac",
    "wav": "audio/wav",
    "pcm": "audio/pcm",
}
"""What the formats are called in HTTP."""

_CODECS: Final = {
    "mp3": ("mp3", "libmp3lame", 64_000, {"write_xing": "0", "id3v2_version": "0"}),
    "opus": ("ogg", "libopus", 48_000, {"page_duration": "20000"}),
    "aac": ("adts", "aac", 64_000, {}),
    "flac": ("flac", "flac", None, {}),
    "wav": ("wav", "pcm_s16le", None, {}),
}
"""FFmpeg's container and codec, bits a second, and what makes the container fit for a stream."""
_AT_ONCE: Final = {"fflags": "+bitexact", "flush_packets": "1"}


class SoundFile:
    """Encodes one stretch of speech, mono at 24 kHz, chunk by chunk. Blocking: some milliseconds a chunk.

    `pcm` is 16-bit little-endian samples without a header. A WAV file says that its length is not known.
    """

    def __init__(self, form: SoundFormat, tempo: float = 1.0) -> None:
        """`tempo` (0.5 … 2) makes it quicker or slower at the same pitch."""
        self._rate = 0
        self._resampler: soxr.ResampleStream | None = None
        self._tempo = None if tempo == 1.0 else _Tempo(tempo)
        self._sink = _Sink()
        self._container: Any = None
        self._time = 0
        self.finished = False
        """Whether nothing can be added any more."""
        if form != "pcm":
            container, codec, bits, options = _CODECS[form]
            self._container = av.open(self._sink, "w", format=container, container_options={**_AT_ONCE, **options})
            self._stream: Any = self._container.add_stream(codec, rate=VOICE_RATE, layout="mono")
            if bits is not None:
                self._stream.bit_rate = bits

    def push(self, chunk: AudioChunk) -> bytes:
        """Bytes of the file that are certain now; "" while the encoder still holds them."""
        self._write(self._at_voice_rate(chunk))
        return self._sink.taken()

    def finish(self) -> bytes:
        """The rest of the file. Frees the encoder."""
        self.finished = True
        if self._resampler is not None:
            self._write(self._resampler.resample_chunk(np.zeros(0, np.float32), last=True))
        if self._tempo is not None:
            self._encode(self._tempo.finish())
        if self._container is not None:
            self._container.mux(self._stream.encode(None))
            self._container.close()
        return self._sink.taken()

    def _at_voice_rate(self, chunk: AudioChunk) -> Samples:
        if chunk.rate == VOICE_RATE:
            return chunk.samples
        if chunk.rate != self._rate:
            self._rate = chunk.rate
            self._resampler = soxr.ResampleStream(chunk.rate, VOICE_RATE, 1, dtype="float32")
        assert self._resampler is not None
        resampled: Samples = self._resampler.resample_chunk(chunk.samples)
        return resampled

    def _write(self, samples: Samples) -> None:
        self._encode(samples if self._tempo is None else self._tempo.push(samples))

    def _encode(self, samples: Samples) -> None:
        if not len(samples):
            return
        pcm = np.rint(np.clip(samples, -1.0, 1.0) * 32767.0).astype("<i2")
        if self._container is None:
            self._sink.write(pcm.tobytes())
            return
        frame = av.AudioFrame.from_ndarray(pcm[None], format="s16", layout="mono")
        frame.sample_rate, frame.pts = VOICE_RATE, self._time
        self._time += len(pcm)
        self._container.mux(self._stream.encode(frame))


class _Sink:
    """Takes what FFmpeg writes; it has no `seek`, so nothing is ever written over."""

    def __init__(self) -> None:
        self._waiting: list[bytes] = []

    def write(self, data: bytes) -> int:
        """Keeps the bytes."""
        self._waiting.append(bytes(data))
        return len(data)

    def taken(self) -> bytes:
        """All since the last time."""
        data, self._waiting = b"".join(self._waiting), []
        return data


class _Tempo:
    """FFmpeg's `atempo` at 24 kHz."""

    def __init__(self, factor: float) -> None:
        self._graph: Any = av.filter.Graph()
        source = self._graph.add_abuffer(format="flt", sample_rate=VOICE_RATE, layout="mono")
        tempo = self._graph.add("atempo", f"{factor:.4f}")
        sink = self._graph.add("abuffersink")
        source.link_to(tempo)
        tempo.link_to(sink)
        self._graph.configure()
        self._time = 0

    def push(self, samples: Samples) -> Samples:
        """What is ready."""
        if not len(samples):
            return samples
        frame = av.AudioFrame.from_ndarray(np.ascontiguousarray(samples, np.float32)[None], format="flt", layout="mono")
        frame.sample_rate, frame.pts = VOICE_RATE, self._time
        self._time += len(samples)
        self._graph.push(frame)
        return self._pulled()

    def finish(self) -> Samples:
        """What was held back."""
        self._graph.push(None)
        return self._pulled()

    def _pulled(self) -> Samples:
        pieces = [np.zeros(0, np.float32)]
        while True:
            try:
                pieces.append(np.asarray(self._graph.pull().to_ndarray(), np.float32).reshape(-1))
            except (av.error.BlockingIOError, av.error.EOFError):
                return np.concatenate(pieces)
