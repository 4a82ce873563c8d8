"""The best course, against trying every course."""

from __future__ import annotations

from itertools import pairwise, product

import numpy as np
import pytest

from visavis.studio.viterbi import best_course


def _value(course: tuple[int, ...], scores: object, stay: object, skippable: object, enter: object) -> float:
    grid, going, skip, cost = (np.asarray(array) for array in (scores, stay, skippable, enter))
    states = grid.shape[1]
    if course[0] != 0 and not (course[0] == 1 and skip[0]):
        return -np.inf
    if course[-1] != states - 1 and not (course[-1] == states - 2 and skip[-1]):
        return -np.inf
    total = float(cost[course[0]] + grid[0, course[0]])
    for frame, (before, now) in enumerate(pairwise(course), start=1):
        if now == before:
            total += float(going[now])
        elif now == before + 1 or (now == before + 2 and skip[before + 1]):
            total += float(np.log1p(-np.exp(going[before])) + cost[now])
        else:
            return -np.inf
        total += float(grid[frame, now])
    return total


@pytest.mark.parametrize("seed", range(12))
def test_it_is_the_best_of_all_courses(seed: int) -> None:
    random = np.random.default_rng(seed)
    frames, states = 6, 4
    scores = random.normal(0, 2, (frames, states)).astype(np.float32)
    stay = np.log(random.uniform(0.2, 0.9, states)).astype(np.float32)
    enter = random.normal(0, 1, states).astype(np.float32)
    skippable = random.random(states) < 0.5
    best = max(product(range(states), repeat=frames), key=lambda course: _value(course, scores, stay, skippable, enter))
    assert tuple(best_course(scores, stay, skippable, enter)) == best


def test_more_states_than_frames_is_refused() -> None:
    flat = np.zeros(5, np.float32)
    with pytest.raises(ValueError, match="more states"):
        best_course(np.zeros((4, 5), np.float32), flat - 1, np.zeros(5, bool), flat)
