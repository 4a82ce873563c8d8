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
        self._pending = np.concatenate([self._pending, samples])
        known = len(self._power)
        # A hop ends with the last whole sample before its time is over.
        count = ((self._seen + len(self._pending) + 1) * _HOP - 1) // rate
        if count <= known:
            return
        edges = np.arange(known, count + 1) * rate // _HOP - self._seen
        heard, self._pending = self._pending[: edges[-1]].astype(np.float64), self._pending[edges[-1] :]
        self._seen += len(heard)
        self._power += (np.add.reduceat(heard * heard, edges[:-1]) / np.diff(edges)).tolist()
        # The reference follows a louder voice within a syllable and forgets it over many seconds.
        reference = self._reference
        for level in self._recent(count - known):
            rate_of_change = 0.02 if level > reference else 0.0004 if level > reference - 25 else 0.0
            reference += rate_of_change * (level - reference)
            self._references.append(reference)
        self._reference = reference

    def _recent(self, count: int) -> list[float]:
        """Levels of the last `count` hops, each over as many hops as there are, `_WINDOW` at most."""
        power = self._power[-(count + _WINDOW - 1) :]
        sums = np.concatenate([[0.0], np.cumsum(power)])
        last = np.arange(len(power) - count, len(power)) + 1
        first = np.maximum(0, last - _WINDOW)
        levels: list[float] = (10.0 * np.log10((sums[last] - sums[first]) / (last - first) + 1e-9)).tolist()
        return levels

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
