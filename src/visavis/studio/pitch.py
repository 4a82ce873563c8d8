"""The pitch of a voice, by the YIN method (de Cheveigné & Kawahara 2002, "YIN, a fundamental frequency estimator")."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from visavis.core.media import SPEECH_RATE, Samples

LOWEST: Final = 60.0
HIGHEST: Final = 500.0
"""The range of speaking voices, in Hz."""

_WINDOW: Final = 512  # 32 ms: two periods of the lowest voices
_LOW_PASS: Final = np.hanning(21)[1:-1] / np.hanning(21).sum()  # 6 dB down at 800 Hz
_LAGS: Final = int(SPEECH_RATE / LOWEST) + 2
_SHORTEST: Final = int(SPEECH_RATE / HIGHEST)
_FFT: Final = 1024
_BLOCK: Final = 2000
_DIP: Final = 0.15
"""Normalised difference below which the first dip is the period."""
_VOICED: Final = 0.35
"""Above it there is no period."""
_QUIET: Final = 30.0
"""dB under the voice's own level below which nothing is voiced."""
_RUN: Final = 3
"""Frames that a voiced stretch lasts at least."""
_OCTAVE: Final = 0.42
"""Octaves from the voice's course beyond which a value is taken for a harmonic."""


def pitch_track(samples: Samples, hop: int) -> NDArray[np.float32]:
    """F0 in Hz of 16 kHz audio, 0 where unvoiced: shape (len(samples) // hop,), frame i centred on sample i × hop."""
    count = len(samples) // hop
    if not count:
        return np.zeros(0, np.float32)
    half = (_WINDOW + _LAGS) // 2
    # Breath and friction over the voice's first harmonics would hide its period.
    low = np.convolve(samples, _LOW_PASS, "same").astype(np.float32)
    padded = np.pad(low, (half, half + _LAGS))
    frames = sliding_window_view(padded, _WINDOW + _LAGS)[::hop][:count]
    blocks = [_periods(frames[start : start + _BLOCK]) for start in range(0, count, _BLOCK)]
    period, depth, level = (np.concatenate(parts) for parts in zip(*blocks, strict=True))
    loud = level > np.percentile(level, 95) - _QUIET
    voiced = _without_short_runs((depth < _VOICED) & loud)
    return _course(np.where(voiced, SPEECH_RATE / period, 0.0)).astype(np.float32)


def _periods(frames: NDArray[np.float32]) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """Period in samples, depth of its dip and level in dB of each frame (m, window + lags)."""
    x = frames.astype(np.float64)
    spectrum = np.fft.rfft(x, _FFT)
    head = np.fft.rfft(x[:, :_WINDOW], _FFT)
    correlation = np.fft.irfft(spectrum * head.conj(), _FFT)[:, :_LAGS]
    power = np.cumsum(np.pad(x * x, ((0, 0), (1, 0))), axis=1)
    energy = power[:, _WINDOW : _WINDOW + _LAGS] - power[:, :_LAGS]
    difference = np.maximum(energy[:, :1] + energy - 2 * correlation, 0.0)
    lags = np.arange(1, _LAGS)
    normal = np.ones_like(difference)
    normal[:, 1:] = difference[:, 1:] * lags / np.maximum(np.cumsum(difference[:, 1:], axis=1), 1e-12)
    part = normal[:, _SHORTEST:-1]
    dips = (part < _DIP) & (part <= normal[:, _SHORTEST - 1 : -2]) & (part <= normal[:, _SHORTEST + 1 :])
    lag = np.where(dips.any(axis=1), dips.argmax(axis=1), part.argmin(axis=1)) + _SHORTEST
    rows = np.arange(len(x))
    before, here, after = (normal[rows, lag + step] for step in (-1, 0, 1))
    curve = before - 2 * here + after
    shift = np.where(np.abs(curve) > 1e-9, 0.5 * (before - after) / np.where(curve == 0, 1.0, curve), 0.0)
    return lag + np.clip(shift, -0.5, 0.5), here, 10 * np.log10(energy[:, 0] / _WINDOW + 1e-10)


def _without_short_runs(voiced: NDArray[np.bool_]) -> NDArray[np.bool_]:
    edges = np.flatnonzero(np.diff(np.concatenate([[False], voiced, [False]]).astype(np.int8)))
    kept = voiced.copy()
    for start, end in edges.reshape(-1, 2):
        if end - start < _RUN:
            kept[start:end] = False
    return kept


def _course(pitch: NDArray[np.float64]) -> NDArray[np.float64]:
    """Moves values that jumped an octave back to the voice's course, and drops what fits nowhere."""
    voiced = pitch > 0
    if voiced.sum() < _RUN:
        return np.zeros_like(pitch)
    octaves = np.log2(pitch[voiced])
    width = min(51, len(octaves) // 2 * 2 - 1)
    around = sliding_window_view(np.pad(octaves, width // 2, mode="edge"), width)
    usual = 0.5 * np.median(around, axis=1) + 0.5 * np.median(octaves)
    for jump in (1.0, -1.0):
        moved = np.abs(octaves + jump - usual) + 0.2 < np.abs(octaves - usual)
        octaves = np.where(moved, octaves + jump, octaves)
    fixed = np.where(np.abs(octaves - usual) < 2 * _OCTAVE, 2.0**octaves, 0.0)
    result = pitch.copy()
    result[voiced] = fixed
    return result
