"""Sounds made by formula: a buzzing voice, hiss, silence."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from visavis.core.media import SPEECH_RATE, Samples
from visavis.studio.sound import Recording


def voice(
    seconds: float,
    pitch: float | Callable[[np.ndarray[tuple[int], np.dtype[np.float64]]], object] = 140.0,
    level: float = 0.2,
    tilt: float = 1.0,
) -> Samples:
    """A vowel: harmonics of `pitch` (Hz, or a function of time), each weaker by its number to the power `tilt`."""
    times = np.arange(round(seconds * SPEECH_RATE)) / SPEECH_RATE
    hertz = np.broadcast_to(np.asarray(pitch(times) if callable(pitch) else pitch, np.float64), times.shape)
    phase = 2 * np.pi * np.cumsum(hertz) / SPEECH_RATE
    top = max(1, int(6000 / hertz.max())) if len(hertz) else 1
    buzz = np.sum([np.sin(n * phase) / n**tilt for n in range(1, top + 1)], axis=0)
    return np.asarray(level * buzz / max(1e-9, np.abs(buzz).max(initial=0)), np.float32)


def hiss(seconds: float, level: float = 0.1) -> Samples:
    """A sibilant: noise that rises with frequency."""
    noise = np.random.default_rng(5).normal(0, 1, round(seconds * SPEECH_RATE) + 2)
    bright = np.diff(noise, 2)
    return np.asarray(level * bright / np.abs(bright).max(), np.float32)


def silence(seconds: float) -> Samples:
    """Next to nothing, as in a quiet room."""
    noise = np.random.default_rng(6).normal(0, 2e-4, round(seconds * SPEECH_RATE))
    return np.asarray(noise, np.float32)


def recording(*parts: Samples) -> Recording:
    """The parts one after another, 16 kHz."""
    return Recording(np.concatenate(parts), SPEECH_RATE)
