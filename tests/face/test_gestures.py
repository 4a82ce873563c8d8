from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tests.face.utterances import timeline
from visavis.face.emotion import mood
from visavis.face.gestures import BROW, FLASH_APART, FROWN, PITCH, ROLL, Gestures, accents, pauses

WORDS = ["ˈa", "m", "ˈa", " ", "t", "ˈo", "n", "i", " "] * 12
SPOKEN = timeline(WORDS, each=0.09)
TIMES = np.arange(0, SPOKEN.duration, 0.02)


def made(seed: int, emotion: str = "neutral", text: str = "Words.") -> NDArray[Any]:
    return Gestures(SPOKEN, text, "en", mood(emotion), (seed, 0)).at(TIMES)


def peaks(course: NDArray[Any], least: float) -> NDArray[Any]:
    inner = course[1:-1]
    return TIMES[1:-1][(inner > course[:-2]) & (inner >= course[2:]) & (inner > least)]


def test_accents_are_stressed_vowels_in_order() -> None:
    found = accents(SPOKEN, "en")
    assert 12 <= len(found) <= 24
    assert all(a.time < b.time for a, b in pairwise(found))
    assert all(a.start <= a.time and 0 < a.strength <= 1 for a in found)


def test_gestures_are_probable_not_certain() -> None:
    nods = [len(peaks(made(seed)[:, PITCH], 1.2)) for seed in range(40)]
    flashes = [len(peaks(made(seed)[:, BROW], 0.1)) for seed in range(40)]
    assert 2 <= np.mean(nods) <= 8
    assert 0.5 <= np.mean(flashes) <= 6
    assert len(set(nods)) > 2
    assert len(set(flashes)) > 2


def test_brow_flashes_keep_their_distance() -> None:
    for seed in range(20):
        moments = peaks(made(seed)[:, BROW], 0.1)
        assert (np.diff(moments) > FLASH_APART * 0.6).all()


def test_an_angry_face_frowns_where_others_raise_their_brows() -> None:
    assert sum(made(seed, "angry")[:, FROWN].max() for seed in range(10)) > 0
    assert all(made(seed, "angry")[:, BROW].max() == 0 for seed in range(10))
    assert all(made(seed)[:, FROWN].max() == 0 for seed in range(10))


def test_a_question_ends_with_raised_brows_and_a_tilt() -> None:
    end = (SPOKEN.duration - 0.6) < TIMES
    for seed in range(5):
        asked = made(seed, text="Words?")[end]
        assert asked[:, BROW].max() > 0.2
        assert np.abs(asked[:, ROLL]).max() > np.abs(made(seed)[end][:, ROLL]).max()


def test_the_head_is_within_its_limits_and_starts_at_rest() -> None:
    for seed in range(10):
        course = made(seed, "surprised")
        assert np.abs(course[:, :3]).max() <= 5
        assert np.abs(course[0]).max() < 0.3


def test_a_longer_timeline_does_not_change_what_was_planned_before() -> None:
    short = timeline(WORDS[: len(WORDS) // 2], each=0.09)
    early = TIMES[(short.duration - 1.3) > TIMES]
    a = Gestures(replace(short, pitch=(), loudness=()), "Words.", "en", mood("neutral"), (1, 0)).at(early)
    b = Gestures(replace(SPOKEN, pitch=(), loudness=()), "Words.", "en", mood("neutral"), (1, 0)).at(early)
    assert np.abs(a - b).max() < 1e-6


def test_pauses_include_the_end() -> None:
    spoken = timeline(["a", ",", ",", ",", ",", "a"], each=0.1)
    assert [(round(a, 3), round(b, 3)) for a, b in pauses(spoken)] == [(0.3, 0.7), (0.8, 1.1)]
    assert pauses(replace(spoken, phonemes=())) == ()
