"""The best course through a row of states in time (Viterbi 1967; left to right as Bakis 1976)."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]


def best_course(scores: Floats, stay: Floats, skippable: NDArray[np.bool_], enter: Floats) -> NDArray[np.int32]:
    """The state of each frame, shape (n,), from one of the first states to one of the last, in order.

    `scores` (n, states) are log-likelihoods; `stay` (states,) the log-probability of going on in a state, the rest is
    left for moving on; a state of `skippable` may be passed over; `enter` (states,) is added on entering a state.
    Raises ValueError when there are fewer frames than states that must be passed.
    """
    frames, states = scores.shape
    if frames < int((~skippable).sum()):
        raise ValueError("there are more states than frames")
    leave = np.log1p(-np.exp(stay))
    never = np.float32(-1e9)
    may_skip = np.full(states, never, np.float32)
    may_skip[2:] = np.where(skippable[1:-1], 0.0, never)
    best = np.full(states, never, np.float32)
    best[0] = enter[0] + scores[0, 0]
    if skippable[0] and states > 1:
        best[1] = enter[1] + scores[0, 1]
    back = np.zeros((frames, states), np.int8)
    step, leap = np.full(states, never, np.float32), np.full(states, never, np.float32)
    for frame in range(1, frames):
        going = best + leave
        step[1:] = going[:-1] + enter[1:]
        leap[2:] = going[:-2] + enter[2:]
        leap_now = leap + may_skip
        moved = step >= leap_now
        arriving = np.where(moved, step, leap_now)
        held = best + stay
        stays = held >= arriving
        best = np.where(stays, held, arriving) + scores[frame]
        back[frame] = np.where(stays, 0, np.where(moved, 1, 2))
    last = states - 1
    if skippable[last] and states > 1 and best[last - 1] > best[last]:
        last -= 1
    course = np.empty(frames, np.int32)
    for frame in range(frames - 1, -1, -1):
        course[frame] = last
        last -= int(back[frame, last])
    return course
