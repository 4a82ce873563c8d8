"""Recordings of unknown origin, read safely: kind by content, length bounded before and while decoding."""

from __future__ import annotations

import io
import re
import wave
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, Final

import av
import numpy as np

from visavis.core.errors import VisavisError
from visavis.core.media import AudioChunk, Samples

LONGEST: Final = 600.0
"""Seconds of a recording unless the caller says otherwise."""
HIGHEST_RATE: Final = 48_000
"""Hz; what was recorded at more is brought down to this."""

_LOWEST_RATE: Final = 4_000
_SHORTEST: Final = 0.1
_WINDOW: Final = 0.1
_SILENCE: Final = -75.0
_HUM: Final = -50.0
_STEADY: Final = 12.0
"""dB. A recording is silent when no window of it is louder than `_SILENCE`; or than `_HUM`, and they hardly differ, as
in the noise of a room. Real recordings of speech exist whose loudest window has -58 dB, 20 above the quiet ones."""
_THINNEST: Final = 500.0
"""Bytes a second that back a header's length when it is to be believed: 4 kbit/s, less than any codec for speech."""
_BEGINNINGS: Final = {
    "wav": re.compile(rb"(RIFF|RF64|BW64)....WAVE", re.DOTALL),
    "flac": re.compile(rb"fLaC"),
    "ogg": re.compile(rb"OggS"),
    "avi": re.compile(rb"RIFF....AVI ", re.DOTALL),
    "matroska": re.compile(rb"\x1a\x45\xdf\xa3"),
    "mov": re.compile(rb"....(ftyp|moov|mdat|wide|free|skip)", re.DOTALL),
    "mp3": re.compile(rb"ID3|\xff[\xe2\xe3\xf2\xf3\xfa\xfb][^\xf0-\xff]", re.DOTALL),
    "aac": re.compile(rb"\xff[\xf0\xf1\xf8\xf9]"),
}
"""How files begin, by FFmpeg's names of the containers; of MPEG audio, the headers of layer III and of ADTS."""


@dataclass(frozen=True, slots=True, eq=False)
class Recording:
    """Sound as it was recorded or synthesised: `samples` mono float32 in [-1, 1], shape (n,), at `rate` Hz."""

    samples: Samples
    rate: int

    @property
    def duration(self) -> float:
        """Seconds."""
        return len(self.samples) / self.rate

    def chunk(self, start: float = 0.0) -> AudioChunk:
        """The same as media that starts at `start` seconds."""
        return AudioChunk(self.samples, self.rate, start)


def read_sound(source: Path | bytes, *, longest: float = LONGEST, speakable: bool = True) -> Recording:
    """The first sound track of a WAV, MP3, OGG, M4A/MP4, FLAC, AAC or WebM file, told by its content; mono, at its own
    rate or 48 kHz, damaged stretches left out. Blocking: some milliseconds a second of sound.

    `source` is the file's path or what is in it. Raises VisavisError `audio.not_audio`, `audio.too_long` (more than
    `longest` seconds) and, where it has to be `speakable`, `audio.empty` (under a tenth of a second), `audio.silent`;
    OSError when it cannot be opened.
    """
    with io.BytesIO(source) if isinstance(source, bytes) else source.open("rb") as file:
        recording = _read(file, longest)
    if speakable:
        _require_speakable(recording)
    return recording


def _read(file: BinaryIO, longest: float) -> Recording:
    size = file.seek(0, io.SEEK_END)
    file.seek(0)
    # The reader is named: left to guess, it would also take playlists, which name other files, and plain text.
    kind = _kind(file.read(64))
    file.seek(0)
    try:
        with av.open(file, mode="r", format=kind) as container:
            stream = container.streams.best("audio")
            if stream is None:
                raise VisavisError("audio.not_audio", "There is no sound in this file; choose one with speech.")
            claimed = _claimed(container, stream)
            if claimed > longest and size >= claimed * _THINNEST:
                raise _too_long(longest)
            return _decoded(container, stream, longest)
    except (av.error.FFmpegError, ValueError) as error:
        raise _refusal() from error


def write_wav(recording: Recording) -> bytes:
    """A WAV file of it: 16 bit, mono; the same samples give the same bytes."""
    stream = io.BytesIO()
    with wave.open(stream, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(recording.rate)
        file.writeframes(np.rint(np.clip(recording.samples, -1.0, 1.0) * 32767.0).astype("<i2").tobytes())
    return stream.getvalue()


def _kind(head: bytes) -> str:
    """FFmpeg's name of the container."""
    for kind, beginning in _BEGINNINGS.items():
        if beginning.match(head):
            return kind
    raise _refusal()


def _claimed(container: Any, stream: Any) -> float:
    """Seconds by what the headers say; 0 when they say nothing."""
    times = [0.0]
    if container.duration is not None:
        times.append(container.duration / av.time_base)
    if stream.duration is not None and stream.time_base is not None:
        times.append(float(stream.duration * stream.time_base))
    return max(times)


def _decoded(container: Any, stream: Any, longest: float) -> Recording:
    rate = min(int(stream.codec_context.sample_rate), HIGHEST_RATE)
    if rate < _LOWEST_RATE:
        raise _refusal()
    pieces: list[Samples] = []
    count, most = 0, int(longest * rate)
    for piece in _mono(_frames(container, stream), rate):
        pieces.append(piece)
        count += len(piece)
        if count > most:
            raise _too_long(longest)
    samples = np.concatenate(pieces) if pieces else np.zeros(0, np.float32)
    np.nan_to_num(samples, copy=False, nan=0.0, posinf=0.0, neginf=0.0)
    peak = max(float(samples.max(initial=0.0)), -float(samples.min(initial=0.0)))
    if peak > 1.0:
        samples /= np.float32(peak)
    return Recording(samples, rate)


def _frames(container: Any, stream: Any) -> Iterator[Any]:
    """The decoded frames; damaged packets are skipped unless they are the most."""
    good = bad = 0
    packets = container.demux(stream)
    while True:
        try:
            packet = next(packets, None)
            frames = packet.decode() if packet is not None else []
        except av.error.FFmpegError:
            bad += 1
            if bad > 50 + good:
                raise
            continue
        if packet is None:
            break
        good += bool(frames)
        yield from frames
    if bad and bad >= good:
        raise _refusal()


def _mono(frames: Iterator[Any], rate: int) -> Iterator[Samples]:
    """All channels mixed to one at `rate` Hz; a stream may change its form on the way."""
    form, resampler = None, None
    for frame in frames:
        now = (frame.format.name, frame.layout.name, frame.sample_rate)
        if resampler is None or now != form:
            if resampler is not None:
                yield from _arrays(resampler.resample(None))
            # The mean of the channels: more than full scale cannot come of it.
            options = {"rematrix_maxval": "1.0"}
            form, resampler = now, av.AudioResampler(format="flt", layout="mono", rate=rate, options=options)
        frame.pts = None
        yield from _arrays(resampler.resample(frame))
    if resampler is not None:
        yield from _arrays(resampler.resample(None))


def _arrays(frames: list[Any]) -> Iterator[Samples]:
    for frame in frames:
        if frame is not None and frame.samples:
            yield np.array(frame.to_ndarray(), np.float32).reshape(-1)


def _require_speakable(recording: Recording) -> None:
    samples = recording.samples
    if recording.duration < _SHORTEST:
        raise VisavisError("audio.empty", "There is no sound in this recording; record or choose another.")
    window = int(_WINDOW * recording.rate)
    cut = samples[: len(samples) // window * window].reshape(-1, window)
    power = np.einsum("ij,ij->i", cut, cut) / window - np.square(cut.mean(axis=1))
    levels = 10 * np.log10(np.maximum(power, 1e-12))
    loudest, quiet = float(levels.max()), float(np.percentile(levels, 10))
    if loudest < _SILENCE or (loudest < _HUM and loudest - quiet < _STEADY):
        raise VisavisError(
            "audio.silent", "Nothing can be heard in this recording; check the microphone and record again."
        )


def _too_long(longest: float) -> VisavisError:
    limit = f"{longest / 60:.4g} minutes" if longest >= 120 else f"{longest:.4g} seconds"
    return VisavisError("audio.too_long", f"The recording is longer than {limit}; cut it, or send it in parts.")


def _refusal() -> VisavisError:
    return VisavisError(
        "audio.not_audio",
        "This file is not a recording that can be read; send WAV, MP3, OGG, M4A, FLAC or WebM.",
    )
