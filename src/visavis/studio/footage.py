"""A finished video looked at and listened to again: all of a short one, stretches of a long one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import av
import numpy as np
from numpy.typing import NDArray

from visavis.core.media import AudioChunk, Samples
from visavis.studio.video import reading

Grey = NDArray[np.uint8]

LONGEST: Final = 20.0
"""Videos up to this many seconds are watched whole."""

STRETCHES: Final = 3
STRETCH: Final = 6.0
"""Of longer ones, so many stretches of so many seconds, spread evenly."""


class Picture:
    """One decoded frame: its `time` in seconds, `grey` at once, `rgb` when asked."""

    def __init__(self, frame: Any) -> None:
        self._frame = frame
        self.time = float(frame.time)
        self.grey: Grey = _luma(frame)

    def rgb(self) -> NDArray[np.uint8]:
        """The picture in colour, (h, w, 3)."""
        return np.asarray(self._frame.to_ndarray(format="rgb24"), np.uint8)


@dataclass(frozen=True, slots=True, eq=False)
class Stretch:
    """A stretch that was watched: the time of each frame in seconds, and the sound from the first frame on (None for a
    silent film); `sound.start` is the first frame's time."""

    times: NDArray[np.float64]
    sound: AudioChunk | None


def watch(path: Path, duration: float, look: Callable[[Picture], None]) -> tuple[Stretch, ...]:
    """Shows every frame of the watched stretches to `look`, in order; returns what the stretches are.

    `duration` is the video's length in seconds. A picture is valid only while `look` runs. Raises VisavisError
    `video.unreadable`.
    """
    found = []
    with reading(path) as container:
        container.streams.video[0].thread_type = "AUTO"
        for begin, end in stretches(duration):
            one = _watched(container, begin, end, look)
            if len(one.times):
                found.append(one)
    return tuple(found)


def stretches(duration: float) -> tuple[tuple[float, float], ...]:
    """Which stretches (from, to, in s) of a video of this length are watched."""
    if duration <= LONGEST:
        return ((0.0, duration + 1.0),)
    begins = np.linspace(0.0, duration - STRETCH, STRETCHES)
    return tuple((float(begin), float(begin) + STRETCH) for begin in begins)


def _watched(container: Any, begin: float, end: float, look: Callable[[Picture], None]) -> Stretch:
    video = container.streams.video[0]
    sounding = container.streams.audio[0] if container.streams.audio else None
    container.seek(int(begin * av.time_base), backward=True)
    resampler = av.AudioResampler(format="flt", layout="mono") if sounding is not None else None
    times: list[float] = []
    pieces: list[tuple[float, Samples]] = []
    rate = sounding.rate if sounding is not None else 0
    ended = {"video": False, "audio": sounding is None}
    for packet in container.demux([one for one in (video, sounding) if one is not None]):
        for frame in packet.decode():
            if packet.stream.type == "video":
                ended["video"] |= frame.time >= end
                if begin <= frame.time < end:
                    look(Picture(frame))
                    times.append(float(frame.time))
            elif resampler is not None:
                ended["audio"] |= frame.time >= end
                pieces.extend((float(piece.time or 0.0), _samples(piece)) for piece in resampler.resample(frame))
        if all(ended.values()):
            break
    return Stretch(np.array(times), _joined(pieces, rate, times) if pieces and times else None)


def _joined(pieces: list[tuple[float, Samples]], rate: int, times: list[float]) -> AudioChunk:
    """Pieces of sound put where their times say, beginning with the first frame, as long as the frames."""
    start = times[0]
    frame = (times[-1] - start) / max(1, len(times) - 1)
    samples = np.zeros(round((times[-1] - start + frame) * rate), np.float32)
    for at, piece in pieces:
        first = round((at - start) * rate)
        low, high = max(0, first), min(len(samples), first + len(piece))
        if high > low:
            samples[low:high] = piece[low - first : high - first]
    return AudioChunk(samples, rate, start)


def _samples(piece: Any) -> Samples:
    return np.asarray(piece.to_ndarray(), np.float32).reshape(-1)


def _luma(frame: Any) -> Grey:
    """The brightness of a frame, as the codec has it where that is a plane of bytes."""
    if frame.format.name not in {"yuv420p", "yuva420p", "yuv444p", "yuvj420p"}:
        return np.asarray(frame.to_ndarray(format="gray"), np.uint8)
    plane = frame.planes[0]
    rows = np.frombuffer(plane, np.uint8).reshape(-1, plane.line_size)
    return rows[: frame.height, : frame.width]
