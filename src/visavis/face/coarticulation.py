"""How neighbouring visemes blend: dominance, closures that always win, and lips that take time to move."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from visavis.core.speech import Cue, Viseme
from visavis.face.articulation import ARTICULATORS, DOMINANCE, TARGETS, TRACK_INDEX, TRACKS
from visavis.face.visemes import CLOSURE_WEIGHT, VOWELS

Array = NDArray[np.float64]

STEP: Final = 0.005
"""Seconds between two steps of the lips' dynamics: four to a motion frame."""

SHARPNESS: Final = 1.6
"""Exponent of the dominance's fall; 1 is Cohen and Massaro's exponential, more keeps apexes purer."""

RATE: Final = {"vowel": 11.0, "consonant": 17.0}
"""Fall of the dominance per second for a sound of 90 ms; it goes with the root of the duration."""

REST: Final = 0.09
"""Dominance of the mouth at rest, everywhere: where no sound is near, the mouth relaxes."""

ROUND_EARLY: Final = 0.62
"""Rounding and spreading begin early: their dominance before the apex falls at this share of the rate."""

CLOSURE_LEAD: Final = 0.035
JAW_LEAD: Final = 0.050
"""Seconds by which the face runs ahead of the sound."""

_LEAD: Final = (JAW_LEAD + 0.018, 0.030 + 0.040, CLOSURE_LEAD + 0.018, 0.030 + 0.030, 0.020 + 0.022)
"""Look-ahead per articulator, the lag of its own dynamics included."""

_GATE_LEAD: Final = CLOSURE_LEAD + 0.014

CLOSURE_HOLD: Final = 0.045
TUCK_HOLD: Final = 0.050
"""Least time that the aim stays shut (p, b, m) or tucked (f, v), in seconds; with the ramps on both sides the lips
themselves stay shut for 66 ms and more."""

LONGEST_HOLD: Final = 0.16
"""Most time of the same: a synthesiser's last sound may include the silence after it."""

_LIP_RAMPS: Final = (0.032, 0.028)
_JAW_RAMPS: Final = (0.060, 0.045)
"""Seconds in which a closure takes over from the blend and gives back to it: the jaw comes first, the lips seal."""

TUCK_FLOOR: Final = 0.90
"""Share that a labiodental takes of the lips and jaw at its apex; a bilabial takes all."""

SHUT_JAW: Final = 0.85
"""How far the jaw rises for a p, b or m; pressing the lips together does the rest."""

SIBILANT_JAW: Final = 0.22
"""The jaw opens no further during a sibilant: the teeth nearly meet."""

SHORT_OBSTRUENT: Final = 0.100
"""Stops and nasals shorter than this (s) hardly dip the jaw."""

_JAW = ARTICULATORS.index("jaw")
_WIDTH = ARTICULATORS.index("width")
_ARTICULATOR_TRACKS: Final = tuple(
    [i for i, track in enumerate(TRACKS) if track.articulator == articulator] for articulator in ARTICULATORS
)
_REACH: Final = 0.8
"""Seconds from its apex within which the slowest sound has lost all dominance, look-ahead included."""

_NEGLIGIBLE: Final = 0.002
_JAW_TRACK: Final = TRACK_INDEX["jawOpen"]


@dataclass(frozen=True, slots=True, eq=False)
class _Gates:
    """Moments that overrule the blend: `start` and `end` of each hold and its `height`."""

    start: Array
    end: Array
    height: Array

    def at(self, times: Array, before: float, after: float) -> Array:
        """How far each moment of `times` is overruled, in [0, 1], with ramps of `before` and `after` seconds."""
        if not len(self.start):
            return np.zeros(len(times))
        early, late = self.start[None, :] - times[:, None], times[:, None] - self.end[None, :]
        x = np.clip(1.0 - np.maximum(early / before, late / after), 0.0, 1.0)
        smooth: Array = self.height * x * x * (3.0 - 2.0 * x)
        return np.asarray(smooth.max(axis=1))


class Coarticulation:
    """Where the mouth is aimed at any moment of an utterance, from all of its cues.

    A pure function of the cues and the time, so it does not matter in which pieces it is asked.
    """

    def __init__(self, cues: Sequence[Cue]) -> None:
        self._cues = tuple(cues)
        count = len(cues)
        starts = np.array([cue.start for cue in cues], dtype=np.float64)
        ends = np.array([cue.end for cue in cues], dtype=np.float64)
        length = np.maximum(ends - starts, 0.02)
        vowel = np.array([cue.viseme in VOWELS for cue in cues], dtype=bool)
        # A long sound holds its shape between two apexes instead of peaking once.
        hold = np.maximum(0.0, length / 2 - 0.05)
        self._centre = (starts + ends) / 2 - np.where(vowel, 0.04 * length, 0.0)
        self._hold = hold
        rate = np.where(vowel, RATE["vowel"], RATE["consonant"])
        self._rate = rate * np.sqrt(0.09 / np.clip(length - 2 * hold, 0.03, 0.2))
        self._peak = np.array([DOMINANCE[cue.viseme] for cue in cues]).reshape(count, len(ARTICULATORS))
        for i, cue in enumerate(cues):
            if cue.viseme in ("DD", "kk", "nn", "TH", "RR"):
                self._peak[i, _JAW] *= 0.4 + 0.6 * min(1.0, float(length[i]) / SHORT_OBSTRUENT)
        self._target = np.zeros((count, len(TRACKS)))
        for i, cue in enumerate(cues):
            for name, value in TARGETS[cue.viseme].items():
                self._target[i, TRACK_INDEX[name]] = value * cue.weight
        # An approximant (Spanish β) brings the lips near by its weight; a true closure is complete.
        self._shut = _gates([cue for cue in cues if cue.viseme == "PP"], CLOSURE_HOLD, 0.8, 1.0)
        tucks = [cue for cue in cues if cue.viseme == "FF"]
        self._tuck = _gates(tucks, TUCK_HOLD, 0.7, TUCK_FLOOR)
        sibilants = [cue for cue in cues if cue.viseme in ("SS", "CH")]
        self._sibilant = _gates(sibilants, 0.03, 0.5, 1.0)

    def targets(self, times: Array, jaw_gain: Array) -> Array:
        """Aims at `times` (utterance seconds, (n,)), shape (n, tracks); `jaw_gain` (n,) scales the jaw's opening."""
        aims = np.zeros((len(times), len(TRACKS)))
        if not self._cues:
            return aims
        # Only cues within reach matter; farther ones have lost all dominance.
        near = (self._centre + self._hold > times[0] - _REACH) & (self._centre - self._hold < times[-1] + _REACH)
        centre, hold, rate = self._centre[near], self._hold[near], self._rate[near]
        peak, target = self._peak[near], self._target[near]
        for index, lead in enumerate(_LEAD):
            tracks = _ARTICULATOR_TRACKS[index]
            offset = (times + lead)[:, None] - centre[None, :]
            distance = np.maximum(0.0, np.abs(offset) - hold[None, :])
            if index == _WIDTH:
                distance = np.where(offset < 0, distance * ROUND_EARLY, distance)
            fall = np.maximum(0.0, np.exp(-((distance * rate) ** SHARPNESS)) - _NEGLIGIBLE)
            dominance = peak[:, index] * fall
            total = dominance.sum(axis=1, keepdims=True) + REST
            aims[:, tracks] = np.einsum("nc,ct->nt", dominance, target[:, tracks]) / total
        aims[:, _JAW_TRACK] *= jaw_gain
        self._overrule(aims, times)
        return aims

    def shut(self, times: Array) -> Array:
        """How far a p, b or m holds the lips shut at `times`, in [0, 1]."""
        return self._shut.at(times + _GATE_LEAD, *_LIP_RAMPS)

    def _overrule(self, aims: Array, times: Array) -> None:
        jaw = aims[:, _JAW_TRACK]
        jaw -= self._sibilant.at(times + _LEAD[_JAW], 0.05, 0.05) * np.maximum(0.0, jaw - SIBILANT_JAW)
        overrules: tuple[tuple[_Gates, Viseme, float], ...] = (
            (self._tuck, "FF", 1.0),
            (self._shut, "PP", SHUT_JAW),
        )
        for gates, viseme, share in overrules:
            jaw += share * gates.at(times + _GATE_LEAD, *_JAW_RAMPS) * (TARGETS[viseme].get("jawOpen", 0.0) - jaw)
            gate = gates.at(times + _GATE_LEAD, *_LIP_RAMPS)
            for name in ("mouthUpperUp", "mouthLowerDown", "mouthPress", "mouthRollLower", "mouthRollUpper",
                         "mouthShrugLower"):  # fmt: skip
                track = TRACK_INDEX[name]
                aims[:, track] += gate * (TARGETS[viseme].get(name, 0.0) - aims[:, track])


class Dynamics:
    """The inertia of the mouth: critically damped, one pair of time constants a track, its state carried on."""

    def __init__(self) -> None:
        self._middle = np.zeros(len(TRACKS))
        self._value = np.zeros(len(TRACKS))
        # Two equal first-order stages in a row are one critically damped second-order stage.
        self._rise = 1.0 - np.exp(-STEP / (np.array([track.opening for track in TRACKS]) / 2))
        self._fall = 1.0 - np.exp(-STEP / (np.array([track.closing for track in TRACKS]) / 2))

    @property
    def value(self) -> Array:
        """Where the mouth is now, shape (tracks,)."""
        return self._value

    def run(self, aims: Array) -> Array:
        """Follows `aims` (n, tracks), one row per `STEP`; the positions, same shape."""
        out = np.empty_like(aims)
        middle, value, rise, fall = self._middle, self._value, self._rise, self._fall
        for aim, row in zip(aims, out, strict=True):
            rate = np.where(aim > value, rise, fall)
            middle = middle + rate * (aim - middle)
            row[:] = value = value + rate * (middle - value)
        self._middle, self._value = middle, value
        return out


def _gates(cues: Sequence[Cue], least: float, share: float, height: float) -> _Gates:
    start = np.array([cue.start for cue in cues], dtype=np.float64)
    end = np.array([min(cue.end, cue.start + LONGEST_HOLD / share) for cue in cues], dtype=np.float64)
    heights = np.array(
        [height * (1.0 if cue.weight >= CLOSURE_WEIGHT else cue.weight) for cue in cues], dtype=np.float64
    )
    centre, half = (start + end) / 2, np.maximum(least, share * (end - start)) / 2
    return _Gates(centre - half, centre + half, heights)
