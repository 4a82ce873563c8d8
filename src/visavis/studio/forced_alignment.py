"""Where known sounds lie in a piece of audio: a row of states for them, and the best course through it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from visavis.core.speech import Phoneme
from visavis.studio.acoustics import STAGES, Acoustics, Floats
from visavis.studio.features import STEP
from visavis.studio.pronounced import Unit
from visavis.studio.sound_classes import CLASSES, PAUSE, class_of
from visavis.studio.viterbi import best_course

_INDEX: Final = {name: number for number, name in enumerate(CLASSES)}
_TRUST: Final = 0.35
"""Weight of a frame's likelihood: neighbouring frames show much the same, so each counts for a part."""
_FREE: Final = 0.10
_PULL: Final = 15.0
_FARTHEST: Final = 12.0
"""A word may lie `_FREE` s outside the time it was transcribed at; beyond, a frame costs `_PULL` a second, at most
`_FARTHEST`."""
_PAUSE_COST: Final = -3.0
_PAUSE_SECONDS: Final = 0.25
_QUIET_COST: Final = 2.0
"""What a sound costs a frame where nobody is thought to speak."""
_MIDDLE: Final = 1


@dataclass(frozen=True, slots=True, eq=False)
class States:
    """A row of states: for each the number of its unit and of its sound in it (-1 in a pause), class and stage."""

    unit: NDArray[np.int32]
    sound: NDArray[np.int32]
    kind: NDArray[np.int32]
    stage: NDArray[np.int32]

    @property
    def column(self) -> NDArray[np.int32]:
        """Its place among the model's states."""
        return self.kind * STAGES + self.stage

    @property
    def skippable(self) -> NDArray[np.bool_]:
        """Pauses, and the middle of a sound."""
        return np.asarray((self.sound < 0) | (self.stage == _MIDDLE))


Placed = tuple[Phoneme, int]
"""A phoneme and the number of its unit."""


def align(
    units: Sequence[Unit], observed: Floats, quiet: NDArray[np.bool_], start: float, model: Acoustics
) -> list[Placed] | None:
    """The sounds of `units` in the frames `observed` (n, WIDTH), the first of which is at `start` s, without pauses;
    None when there are more sounds than fit. In the frames of `quiet` (n,) nobody is thought to speak."""
    states = states_of(units)
    course = course_of(units, states, observed, quiet, start=start, model=model)
    return None if course is None else list(_phonemes(units, states, course, start))


def states_of(units: Sequence[Unit]) -> States:
    """Three states a sound, and one for a pause that may be left out, before, between and after the units."""
    rows: list[tuple[int, int, int, int]] = []
    for number, unit in enumerate(units):
        rows.append((number, -1, _INDEX[PAUSE], _MIDDLE))
        for index, sound in enumerate(unit.sounds):
            kind = _INDEX[class_of(sound.symbol)]
            rows += [(number, index, kind, stage) for stage in range(STAGES)]
    rows.append((len(units) - 1, -1, _INDEX[PAUSE], _MIDDLE))
    return States(*np.array(rows, np.int32).T)


def course_of(
    units: Sequence[Unit],
    states: States,
    observed: Floats,
    quiet: NDArray[np.bool_],
    *,
    start: float,
    model: Acoustics,
) -> NDArray[np.int32] | None:
    """The state of each frame, None when there are more states than frames."""
    if len(observed) < int((~states.skippable).sum()):
        return None
    pause = states.sound < 0
    seconds = np.where(pause, _PAUSE_SECONDS, model.lengths[states.kind] / STAGES)
    stay = np.log1p(-1.0 / np.maximum(seconds / STEP, 1.2)).astype(np.float32)
    enter = np.where(pause, _PAUSE_COST, 0.0).astype(np.float32)
    scores = _TRUST * model.scores(observed)[:, states.column] - _strays(units, states, len(observed), start)
    scores -= _QUIET_COST * np.outer(quiet, ~pause)
    return best_course(scores.astype(np.float32), stay, states.skippable, enter)


def _strays(units: Sequence[Unit], states: States, frames: int, start: float) -> Floats:
    """What each frame costs in each state for lying outside its word's transcribed time, shape (frames, states)."""
    times = start + np.arange(frames, dtype=np.float32)[:, None] * STEP
    begins = np.array([unit.start for unit in units], np.float32)[states.unit]
    ends = np.array([unit.end for unit in units], np.float32)[states.unit]
    outside = np.maximum(begins - times, times - ends) - _FREE
    cost = np.clip(outside * _PULL, 0.0, _FARTHEST)
    cost[:, states.sound < 0] = 0.0
    return np.asarray(cost, np.float32)


def _phonemes(units: Sequence[Unit], states: States, course: NDArray[np.int32], start: float) -> Iterator[Placed]:
    place = np.stack([states.unit[course], states.sound[course]], 1)
    edges = np.flatnonzero((place[1:] != place[:-1]).any(1)) + 1
    for first, last in zip([0, *edges], [*edges, len(course)], strict=True):
        unit, index = (int(value) for value in place[first])
        if index >= 0:
            sound = units[unit].sounds[index]
            begin, end = (start + (edge - 0.5) * STEP for edge in (first, last))
            yield Phoneme(sound.symbol, max(start, float(begin)), float(end), sound.stress), unit
