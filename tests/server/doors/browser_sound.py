"""Recordings as browsers and people make them, in which the fake ears hear words."""

from __future__ import annotations

import io

import av
import numpy as np
from numpy.typing import NDArray

from visavis.engines.fake import spoken

RATE = 48_000


def recording(text: str, container: str = "webm", codec: str = "libopus") -> bytes:
    """Somebody says `text`, after a breath of silence."""
    pause = np.zeros(RATE // 5, np.float32)
    samples = np.concatenate([pause, spoken.encode(text, RATE), pause])
    stream = io.BytesIO()
    with av.open(stream, "w", format=container) as out:
        track = out.add_stream(codec, rate=RATE, layout="mono")
        assert isinstance(track, av.AudioStream)
        form = "flt" if codec == "libopus" else "s16" if codec.startswith("pcm") else "fltp"
        data = (samples * 32767).astype(np.int16) if form == "s16" else samples
        frame = av.AudioFrame.from_ndarray(data[None], format=form, layout="mono")
        frame.sample_rate, frame.pts = RATE, 0
        for packet in (*track.encode(frame), *track.encode(None)):
            out.mux(packet)
    return stream.getvalue()


def words_in(file: bytes) -> str:
    """What the fake voice says in a sound file, without blanks: clauses are joined differently in text and sound."""
    samples, rate = opened(file)
    return spoken.decode(samples, rate).replace(" ", "")


def opened(file: bytes) -> tuple[NDArray[np.float32], int]:
    """A sound file's samples, mono, and their rate, as any player reads them."""
    with av.open(io.BytesIO(file), "r") as container:
        track = container.streams.audio[0]
        resampler = av.AudioResampler(format="flt", layout="mono")
        pieces = [out.to_ndarray().reshape(-1) for f in container.decode(track) for out in resampler.resample(f)]
        return np.concatenate(pieces), int(track.rate)
