"""Numbers that follow others softly, many frames at once."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


class Lag:
    """A few numbers on their way to others through first-order stages in a row: they start and arrive softly, and do
    not overshoot. A frame costs next to nothing: all of a call are one product with weights known beforehand."""

    __slots__ = ("_rate", "_stages")

    def __init__(self, rate: float, stages: int, start: Array) -> None:
        """`rate` is how far a stage goes each frame to the one before it; all `stages` are at `start`, shape (n,)."""
        self._rate = rate
        self._stages = np.tile(start, (stages, 1))

    def room(self, frames: int) -> tuple[Array, Array]:
        """An array for `follow`, and the part of it that the goals of the next frames go into, shape (frames, n)."""
        stages = self._stages
        room = np.empty((len(stages) + frames, stages.shape[1]))
        room[: len(stages)] = stages
        return room, room[len(stages) :]

    def follow(self, room: Array) -> Array:
        """Where they are in the next frames, whose goals were put into `room`; shape (frames, n)."""
        stages = len(self._stages)
        frames = len(room) - stages
        made: Array = _weights(self._rate, stages, frames).dot(room)
        self._stages = made[frames:]
        return made[:frames]

    def approach(self, goal: Array, frames: int) -> Array:
        """The same with one goal, shape (n,), for all of them."""
        stages = self._stages
        made: Array = _weights(self._rate, len(stages), frames)[:, : len(stages)].dot(stages - goal)
        made += goal
        self._stages = made[frames:]
        return made[:frames]


@lru_cache(maxsize=256)
def _weights(rate: float, stages: int, frames: int) -> Array:
    """What the stages before and each frame's goal weigh in the last stage of every frame, then in the stages after.

    Shape (frames + stages, stages + frames); every row adds up to 1.
    """
    values = np.eye(stages, stages + frames)
    rows = []
    for goal in np.eye(stages + frames)[stages:]:
        before = goal
        for stage in range(stages):
            values[stage] += rate * (before - values[stage])
            before = values[stage]
        rows.append(before.copy())
    return np.concatenate((np.array(rows).reshape(frames, stages + frames), values))
