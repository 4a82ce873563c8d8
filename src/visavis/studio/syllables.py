"""Syllables by loudness alone: where a voice swells, whatever it says."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from visavis.core.speech import Phoneme
from visavis.studio.features import STEP, AudioFeatures, Floats

_RISE: Final = 3.0
"""dB by which a syllable's loudest moment stands over the dips beside it."""
_SMOOTH: Final = 9
_CORE: Final = 10.0
"""dB under its loudest moment at which a syllable's vowel begins and ends."""
_SHORTEST: Final = 0.05


def syllables(level: Floats, loud: NDArray[np.bool_]) -> list[tuple[int, int]]:
    """First and one past the last frame of each syllable, from dip to dip, in `level` (n,) in dB; only what begins in
    `loud` frames counts."""
    if len(level) < _SMOOTH:
        return []
    window = np.hanning(_SMOOTH + 2)[1:-1]
    smooth = np.convolve(np.pad(level, _SMOOTH // 2, mode="edge"), window / window.sum(), "valid")
    found: list[tuple[int, int]] = []
    dip, peak, rising = 0, 0, True
    start = 0
    for index, value in enumerate(smooth):
        if rising:
            peak = index if value > smooth[peak] else peak
            if value < smooth[peak] - _RISE:
                if loud[peak]:
                    found.append((start, index))
                rising, dip = False, index
        else:
            dip = index if value < smooth[dip] else dip
            if value > smooth[dip] + _RISE:
                if found and found[-1][0] >= start:
                    found[-1] = (found[-1][0], dip)
                rising, peak, start = True, index, dip
    if rising and loud[peak]:
        found.append((start, len(smooth)))
    return found


def murmur(heard: AudioFeatures) -> list[Phoneme]:
    """A vowel for every syllable of speech whose words nobody understood, so that the mouth moves as it is heard."""
    vowels: list[Phoneme] = []
    level = heard.level
    for first, last in syllables(level, heard.speech):
        core = np.flatnonzero(level[first:last] > level[first:last].max() - _CORE) + first
        start, end = float(core[0] * STEP), float((core[-1] + 1) * STEP)
        if end - start >= _SHORTEST:
            vowels.append(Phoneme("ə" if end - start < 0.15 else "a", start, end))
    return vowels
