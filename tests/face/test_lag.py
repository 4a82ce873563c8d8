"""What is computed for many frames at once is what a frame at a time makes."""

from __future__ import annotations

import numpy as np
import pytest

from visavis.face.lag import Array, Lag


def _slowly(rate: float, stages: int, start: Array, goals: Array) -> Array:
    values, made = np.tile(start, (stages, 1)), []
    for goal in goals:
        before = goal
        for stage in range(stages):
            values[stage] += rate * (before - values[stage])
            before = values[stage]
        made.append(before.copy())
    return np.array(made)


@pytest.mark.parametrize("stages", [1, 2, 3])
def test_many_frames_at_once_are_as_many_in_turn(stages: int) -> None:
    dice, start = np.random.default_rng(stages), np.array([0.3, -2.0])
    goals = np.concatenate((dice.normal(0.0, 1.0, (20, 2)), np.tile([1.0, -1.0], (9, 1))))
    lag, parts = Lag(0.17, stages, start), []
    for first, last in ((0, 1), (1, 13), (13, 20)):
        room, into = lag.room(last - first)
        into[:] = goals[first:last]
        parts.append(lag.follow(room))
    parts += [lag.approach(goals[-1], 4), lag.approach(goals[-1], 5)]
    assert np.allclose(np.concatenate(parts), _slowly(0.17, stages, start, goals), rtol=0.0, atol=1e-12)
