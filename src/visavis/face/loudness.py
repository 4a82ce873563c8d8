"""How loud the voice is, and how far that opens the jaw."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from visavis.core.media import Samples
from visavis.core.speech import Phoneme, Timeline
from visavis.face.visemes import PAUSES

Array = NDArray[np.float64]

_HOP: Final = 200
"""Level values per second of audio."""

_WINDOW: Final = 10
"""Hops that one level looks back over: 50 ms, a few periods of any voice."""

_QUIET: Final = -90.0
_TYPICAL: Final = -18.0
"""Level in dB full scale of a stressed vowel in a synthetic voice, until the voice itself is heard."""

_LONG: Final = 0.18
_SHORT: Final = 0.12
_LONGEST: Final = 0.32
_TAIL_DROP: Final = 28.0
"""Sounds over `_LONG` s end where the level falls this far (dB) under the voice's, but last `_SHORT` s; where no level
is known they last `_LONGEST` s."""

_AT_REFERENCE: Final = 1.10
_PER_DECIBEL: Final = 0.050
_LOWEST: Final = 0.12
_HIGHEST: Final = 1.18


def foreseen_gain(timeline: Timeline, times: Array) -> Array:
    """The jaw's gain at `times` (utterance seconds) from the loudness that the timeline knows ahead, shape (n,)."""
    levels = np.asarray(timeline.loudness, dtype=np.float64)
    power = 10.0 ** (np.clip(levels, _QUIET, 0.0) / 10.0)
    width = max(1, round(0.05 / timeline.pitch_step))
    smooth = np.convolve(np.pad(power, width // 2, mode="edge"), np.full(width, 1.0 / width), mode="same")
    smooth = smooth[width // 2 : width // 2 + len(power)]
    reference = float(np.percentile(levels, 92))
    at = (np.arange(len(levels)) + 0.5) * timeline.pitch_step
    heard = np.interp(times, at, 10.0 * np.log10(smooth + 1e-9), left=_QUIET, right=_QUIET)
    return _gain(heard, np.full(len(times), reference), _LOWEST)


def without_tails(timeline: Timeline) -> Timeline:
    """The timeline with the silence cut out of long sounds, as pauses of their own.

    A synthesiser's last sound before a pause may include the pause; the lips would hold it.
    """
    levels = np.asarray(timeline.loudness, dtype=np.float64)
    floor = float(np.percentile(levels, 92)) - _TAIL_DROP if len(levels) else 0.0
    phonemes: list[Phoneme] = []
    for phoneme in timeline.phonemes:
        end = phoneme.end
        if phoneme.end - phoneme.start > _LONG and phoneme.symbol not in PAUSES:
            if len(levels):
                first, last = (round(at / timeline.pitch_step) for at in (phoneme.start, phoneme.end))
                loud = np.flatnonzero(levels[first:last] > floor)
                heard = (first + int(loud[-1]) + 1) * timeline.pitch_step if len(loud) else 0.0
                end = min(end, max(phoneme.start + _SHORT, heard))
            else:
                end = min(end, phoneme.start + _LONGEST)
        phonemes.append(replace(phoneme, end=end))
        if phoneme.end - end > 0.02:
            phonemes.append(Phoneme("sil", end, phoneme.end))
    return replace(timeline, phonemes=tuple(phonemes))


class HeardLoudness:
    """The jaw's gain from the audio itself, looking back only, for voices that know no loudness ahead."""

    def __init__(self) -> None:
        self._reference = _TYPICAL
        self.reset()

    def reset(self) -> None:
        """Starts a new utterance; the voice's level stays known."""
        self._power: list[float] = []
        self._references: list[float] = []
        self._pending = np.zeros(0, dtype=np.float32)
        self._seen = 0

    def hear(self, samples: Samples, rate: int) -> None:
        """Takes the next audio of the utterance: `samples` float32 mono at `rate` Hz."""
        pending = np.concatenate([self._pending, samples])
        while True:
            size = (len(self._power) + 1) * rate // _HOP - self._seen
            if size > len(pending):
                break
            block = pending[:size].astype(np.float64)
            self._power.append(float(np.mean(block * block)) if size else 0.0)
            pending = pending[size:]
            self._seen += size
            level = 10.0 * np.log10(np.mean(self._power[-_WINDOW:]) + 1e-9)
            # The reference follows a louder voice within a syllable and forgets it over many seconds.
            rate_of_change = 0.02 if level > self._reference else 0.0004 if level > self._reference - 25 else 0.0
            self._reference += rate_of_change * (level - self._reference)
            self._references.append(self._reference)
        self._pending = pending

    def levels(self, times: Array) -> Array:
        """Level in dB full scale of the 50 ms before each of `times` (utterance seconds), shape (n,)."""
        power = np.concatenate([[0.0], np.cumsum(self._power)])
        last = np.clip(np.floor(times * _HOP + 1e-6).astype(int), 0, len(self._power))
        first = np.maximum(0, last - _WINDOW)
        mean = (power[last] - power[first]) / _WINDOW
        return np.asarray(10.0 * np.log10(np.maximum(mean, 0.0) + 1e-9))

    def gain(self, times: Array) -> Array:
        """The jaw's gain at `times`, which must not run ahead of the audio heard, shape (n,)."""
        last = np.clip(np.floor(times * _HOP + 1e-6).astype(int), 0, len(self._references))
        references = np.concatenate([[_TYPICAL], self._references])[last]
        # Hearing only the past is late by half the window, so it is trusted with less.
        return _gain(self.levels(times), references, 0.6)


def _gain(levels: Array, references: Array, lowest: float) -> Array:
    return np.asarray(np.clip(_AT_REFERENCE + _PER_DECIBEL * (levels - references), lowest, _HIGHEST))
