"""Log-mel features as the Whisper family takes them.

25 ms Hann windows every 10 ms at 16 kHz, Slaney's mel scale, base-10 logarithm over a range of 80 dB
(Radford et al. 2022, "Robust Speech Recognition via Large-Scale Weak Supervision").
"""

from __future__ import annotations

from functools import lru_cache
from typing import Final

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from visavis.core.media import SPEECH_RATE, Samples

HOP: Final = 160
"""Samples between frames: 100 frames a second."""

_WINDOW: Final = 400
_FLOOR: Final = 1e-10
_RANGE_BELS: Final = 8.0


def log_mel(samples: Samples, mels: int = 80) -> NDArray[np.float32]:
    """Features of 16 kHz audio: float32 of shape (mels, len(samples) // 160). Needs at least 400 samples."""
    half = _WINDOW // 2
    padded = np.pad(samples.astype(np.float32, copy=False), (half, half), mode="reflect")
    frames = sliding_window_view(padded, _WINDOW)[::HOP][: len(samples) // HOP]
    spectrum = np.fft.rfft(frames * _hann(), axis=-1)
    power = spectrum.real**2 + spectrum.imag**2
    bels = np.log10(np.maximum(power @ _filters(mels), _FLOOR))
    clipped = np.maximum(bels, bels.max() - _RANGE_BELS)
    return np.ascontiguousarray((clipped.T + 4.0) / 4.0, dtype=np.float32)


@lru_cache(maxsize=1)
def _hann() -> NDArray[np.float32]:
    return np.hanning(_WINDOW + 1)[:-1].astype(np.float32)


@lru_cache(maxsize=2)
def _filters(mels: int) -> NDArray[np.float32]:
    """Triangles of equal area on Slaney's scale (linear to 1 kHz, then logarithmic), shape (201, mels)."""
    step = 200.0 / 3.0  # Hz a mel below 1 kHz
    corner, growth = 1000.0 / step, np.log(6.4) / 27.0
    top = corner + np.log(SPEECH_RATE / 2 / 1000.0) / growth
    points = np.linspace(0.0, top, mels + 2)
    edges = np.where(points < corner, points * step, 1000.0 * np.exp(growth * (points - corner)))
    bins = np.linspace(0.0, SPEECH_RATE / 2, _WINDOW // 2 + 1)[:, None]
    rising = (bins - edges[:-2]) / (edges[1:-1] - edges[:-2])
    falling = (edges[2:] - bins) / (edges[2:] - edges[1:-1])
    triangles = np.maximum(0.0, np.minimum(rising, falling)) * (2.0 / (edges[2:] - edges[:-2]))
    filters: NDArray[np.float32] = triangles.astype(np.float32)
    return filters
