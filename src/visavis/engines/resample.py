"""Audio at the rate an engine works at."""

from __future__ import annotations

import soxr

from visavis.core.media import AudioChunk, Samples


def at_rate(audio: AudioChunk, rate: int) -> Samples:
    """The samples of `audio` at `rate` Hz, float32; resampled with a linear phase, so nothing moves in time."""
    samples = audio.samples.astype("float32", copy=False)
    if audio.rate == rate or not len(samples):
        return samples
    resampled: Samples = soxr.resample(samples, audio.rate, rate)
    return resampled
