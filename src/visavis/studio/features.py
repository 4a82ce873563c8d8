"""What a recording sounds like in numbers: level, zero crossings, mel, MFCC and pitch, a hundred times a second."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from visavis.core.media import SPEECH_RATE, AudioChunk, Samples
from visavis.engines.log_mel import HOP, log_mel
from visavis.engines.resample import at_rate
from visavis.studio.pitch import pitch_track
from visavis.studio.sound import Recording

STEP: Final = HOP / SPEECH_RATE
"""Seconds between two frames: 10 ms."""
COEFFICIENTS: Final = 13
"""MFCCs a frame."""

_WINDOW: Final = 400  # 25 ms, as the mel spectrum's
_FAINT: Final = -45.0
_FULL: Final = -14.0
"""Mean level of speech in dB full scale that counts as no energy and as all of it."""

Floats = NDArray[np.float32]
Span = tuple[float, float]
"""Start and end in seconds."""


@dataclass(frozen=True, slots=True, eq=False)
class AudioFeatures:
    """Features of a recording of `duration` seconds; n frames, one every `STEP` s, frame i centred on i × `STEP`.

    `rms` (n,) is linear, full scale 1.0; `zcr` (n,) the share of neighbouring samples of unlike sign; `mel` (80, n) in
    dB, over a range of 80; `mfcc` (13, n) the cosine transform of `mel`; `pitch` (n,) F0 in Hz, 0 where unvoiced;
    `speech` (n,) whether somebody speaks.
    """

    duration: float
    rms: Floats
    zcr: Floats
    mel: Floats
    mfcc: Floats
    pitch: Floats
    speech: NDArray[np.bool_]

    @property
    def level(self) -> Floats:
        """Level of each frame in dB full scale, not under -100."""
        return np.asarray(20 * np.log10(np.maximum(self.rms, 1e-5)), np.float32)

    @property
    def energy(self) -> float:
        """How loud the speech is on the whole, in [0, 1]; 0 without speech."""
        if not self.speech.any():
            return 0.0
        power = float(np.mean(np.square(self.rms[self.speech], dtype=np.float64)))
        return float(np.clip((10 * np.log10(power + 1e-10) - _FAINT) / (_FULL - _FAINT), 0.0, 1.0))

    def summary(self) -> dict[str, float]:
        """The few numbers that a person reads: seconds, shares in [0, 1], dB, Hz."""
        heard, voiced = self.speech, self.pitch[self.pitch > 0]
        low, middle, high = np.percentile(voiced, (10, 50, 90)) if len(voiced) else (0.0, 0.0, 0.0)
        some = bool(heard.any())
        values = {
            "duration": self.duration,
            "speech_share": float(heard.mean()) if len(heard) else 0.0,
            "energy": self.energy,
            "rms": float(self.rms[heard].mean()) if some else 0.0,
            "level_db": float(self.level[heard].mean()) if some else -100.0,
            "zcr": float(self.zcr[heard].mean()) if some else 0.0,
            "pitch_hz": float(middle),
            "pitch_low_hz": float(low),
            "pitch_high_hz": float(high),
        }
        return {name: round(value, 4) for name, value in values.items()}

    def save(self, path: Path) -> None:
        """Writes everything as NPZ (half precision for the spectra); equal features give equal bytes."""
        with path.open("wb") as file:
            np.savez_compressed(
                file, duration=self.duration, rms=self.rms, zcr=self.zcr, mel=self.mel.astype(np.float16),
                mfcc=self.mfcc.astype(np.float16), pitch=self.pitch, speech=self.speech,
            )  # fmt: skip

    @classmethod
    def load(cls, path: Path) -> AudioFeatures:
        """Reads what `save` wrote. Raises ValueError, OSError or KeyError on anything else."""
        with np.load(path, allow_pickle=False) as file:
            arrays: dict[str, Any] = {name: np.asarray(file[name]) for name in file.files}
        duration = float(arrays.pop("duration"))
        speech = np.asarray(arrays.pop("speech"), np.bool_)
        return cls(duration, **{name: np.asarray(value, np.float32) for name, value in arrays.items()}, speech=speech)


def features(recording: Recording, speech_spans: Sequence[Span]) -> AudioFeatures:
    """The features of `recording`, in which somebody speaks during `speech_spans`. Blocking: some 10 ms a second."""
    samples = at_rate(AudioChunk(recording.samples, recording.rate), SPEECH_RATE)
    if len(samples) < _WINDOW:
        samples = np.pad(samples, (0, _WINDOW - len(samples)))
    mel = np.asarray(10 * (4 * log_mel(samples) - 4), np.float32)
    count = mel.shape[1]
    times = np.arange(count) * STEP
    speech = np.zeros(count, np.bool_)
    for start, end in speech_spans:
        speech |= (times >= start) & (times < end)
    return AudioFeatures(
        duration=len(recording.samples) / recording.rate,
        rms=np.sqrt(_windowed(np.square(samples, dtype=np.float64), count)).astype(np.float32),
        zcr=_windowed(_crossings(samples), count).astype(np.float32),
        mel=mel,
        mfcc=np.asarray(_cosines(len(mel)) @ mel, np.float32),
        pitch=pitch_track(samples, HOP)[:count],
        speech=speech,
    )


def _crossings(samples: Samples) -> NDArray[np.float64]:
    above = samples >= 0
    return np.concatenate([[0.0], (above[1:] != above[:-1]).astype(np.float64)])


def _windowed(values: NDArray[np.float64], count: int) -> NDArray[np.float64]:
    """Mean of `values` over 25 ms around every hop, less at the ends."""
    total = np.concatenate([[0.0], np.cumsum(values)])
    centres = np.arange(count) * HOP
    first = np.clip(centres - _WINDOW // 2, 0, len(values))
    last = np.clip(centres + _WINDOW // 2, 0, len(values))
    return np.asarray(np.maximum(total[last] - total[first], 0.0) / np.maximum(last - first, 1))


@lru_cache(maxsize=2)
def _cosines(bands: int) -> Floats:
    """The first rows of the orthonormal cosine transform (type II), shape (13, bands)."""
    rows = np.arange(COEFFICIENTS)[:, None]
    matrix = np.sqrt(2 / bands) * np.cos(np.pi / bands * (np.arange(bands) + 0.5) * rows)
    matrix[0] /= np.sqrt(2)
    return np.asarray(matrix, np.float32)
