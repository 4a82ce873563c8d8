"""A VAD that listens to loudness: deterministic, instant, no weights."""

from __future__ import annotations

import math
from typing import Final

import numpy as np

from visavis.core.media import SPEECH_RATE, Samples
from visavis.engines.registry import EngineContext, EngineInfo
from visavis.engines.vad import VADCapabilities

_WINDOW: Final = 512
_HALF_DB: Final = -40.0
"""Loudness in dB of full scale that counts as speech with probability 0.5."""

_SLOPE_DB: Final = 3.0
_TOO_QUIET: Final = 0.02
"""A probability below which it makes no difference what the sound is like."""

_HANN: Final = np.hanning(_WINDOW)


class FakeVAD:
    """Speech is what is louder than -40 dB and not noise-like: white noise crosses zero far oftener than a voice."""

    @property
    def capabilities(self) -> VADCapabilities:
        """16 kHz, 512 samples, as the real one."""
        return VADCapabilities(rate=SPEECH_RATE, window=_WINDOW)

    def stream(self) -> FakeVADStream:
        """A stream; it has no state."""
        return FakeVADStream()

    async def warm(self) -> None:
        """Nothing to load."""

    async def aclose(self) -> None:
        """Nothing to free."""


class FakeVADStream:
    """Judges each window by itself."""

    def probability(self, window: Samples) -> float:
        """Speech probability in [0, 1] of 512 samples. Raises ValueError on another length."""
        if window.shape != (_WINDOW,):
            raise ValueError(f"a window has {_WINDOW} samples, not {window.shape}")
        power = float(np.dot(window, window)) / _WINDOW
        if power <= 0.0:
            return 0.0
        above = (10 * math.log10(power) - _HALF_DB) / _SLOPE_DB
        loud = 1.0 / (1.0 + math.exp(-min(60.0, max(-60.0, above))))
        return loud if loud < _TOO_QUIET else loud * (1.0 - _noisiness(window))

    def reset(self) -> None:
        """Nothing to forget."""


def _noisiness(window: Samples) -> float:
    """0 for tones and voices, up to 1 for a spectrum that is flat (geometric over arithmetic mean)."""
    spectrum = np.abs(np.fft.rfft(window * _HANN)) ** 2 + 1e-12
    flatness = float(np.exp(np.mean(np.log(spectrum))) / np.mean(spectrum))
    return min(1.0, max(0.0, (flatness - 0.2) / 0.2))


def _create(context: EngineContext) -> FakeVAD:
    del context
    return FakeVAD()


ENGINE: Final = EngineInfo(
    kind="vad", name="fake", summary="Speech is what is loud: deterministic, for tests.", create=_create
)
