"""Recordings in every container that people send, made with FFmpeg's encoders."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

import av
import numpy as np

from visavis.core.media import Samples

FORMS: Final = {
    "wav": ("wav", "pcm_s16le"),
    "mp3": ("mp3", "libmp3lame"),
    "ogg": ("ogg", "libopus"),
    "m4a": ("ipod", "aac"),
    "flac": ("flac", "flac"),
    "webm": ("webm", "libopus"),
    "aac": ("adts", "aac"),
    "wave": ("wav", "pcm_f32le"),
    "avi": ("avi", "pcm_s16le"),
}
"""Container and codec by a short name."""


def record(path: Path, samples: Samples, rate: int = 48_000, form: str = "wav", channels: int = 1) -> Path:
    """Writes mono samples at `path`; with two channels, the same on both."""
    container, codec = FORMS[form]
    with av.open(str(path), mode="w", format=container) as output:
        stream: Any = output.add_stream(codec, rate=rate, layout="stereo" if channels == 2 else "mono")
        for first in range(0, len(samples), rate):
            piece = np.repeat(samples[None, first : first + rate], channels, axis=0).astype(np.float32)
            frame = av.AudioFrame.from_ndarray(piece, format="fltp", layout="stereo" if channels == 2 else "mono")
            frame.sample_rate, frame.pts = rate, first
            output.mux(stream.encode(frame))
        output.mux(stream.encode(None))
    return path


def knocks(seconds: float, rate: int = 48_000, every: float = 0.5) -> Samples:
    """A quiet tone with a short loud one at the begin of every `every` seconds but the first."""
    times = np.arange(round(seconds * rate)) / rate
    loud = (times % every < 0.02) & (times >= every)
    return np.asarray(np.where(loud, 0.8, 0.02) * np.sin(2 * np.pi * 1000 * times), np.float32)


def knock_times(samples: Samples, rate: int) -> list[float]:
    """When the loud tones of `knocks` begin, in s."""
    loud = np.flatnonzero(np.abs(samples) > 0.3)
    first = np.concatenate([[True], np.diff(loud) > rate // 10])
    return [float(place / rate) for place in loud[first]]
