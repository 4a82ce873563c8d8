from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from visavis.core.speech import Cue, Viseme
from visavis.face.articulation import DOMINANCE, TARGETS, TRACK_INDEX, TRACKS
from visavis.face.coarticulation import SIBILANT_JAW, STEP, Coarticulation, Dynamics

JAW = TRACK_INDEX["jawOpen"]


def run(*visemes: Viseme, each: float = 0.08) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Times and mouth positions for a row of visemes that begins at 0.5 s."""
    row = [Cue(viseme, 0.5 + i * each, 0.5 + (i + 1) * each) for i, viseme in enumerate(visemes)]
    times = np.arange(0, 1.2 + len(row) * each, STEP)
    aims = Coarticulation(row).targets(times, np.ones(len(times)))
    return times, Dynamics().run(aims)


def at(times: NDArray[np.float64], values: NDArray[np.float64], moment: float, name: str) -> float:
    return float(values[np.argmin(np.abs(times - moment)), TRACK_INDEX[name]])


def test_the_tables_are_whole() -> None:
    assert set(TARGETS) == set(DOMINANCE)
    assert {name for target in TARGETS.values() for name in target} <= set(TRACK_INDEX)


@pytest.mark.parametrize("vowel", ["aa", "E", "O"])
def test_a_closure_wins_over_any_vowel_and_holds(vowel: Viseme) -> None:
    times, mouth = run(vowel, "PP", vowel)
    pressed = times[mouth[:, TRACK_INDEX["mouthPress"]] > 0.9 * 0.5]
    assert len(pressed) * STEP >= 0.04
    middle = float(pressed.mean())
    assert -0.06 < middle - 0.62 < -0.01
    assert at(times, mouth, middle, "jawOpen") < 0.25 * mouth[:, JAW].max()


def test_a_short_closure_holds_too() -> None:
    times, mouth = run("aa", "aa", "aa")
    row = [Cue("aa", 0.5, 0.6), Cue("PP", 0.6, 0.625), Cue("aa", 0.625, 0.7)]
    closed = Dynamics().run(Coarticulation(row).targets(times, np.ones(len(times))))
    assert (closed[:, TRACK_INDEX["mouthPress"]] > 0.45).sum() * STEP >= 0.03
    assert mouth[:, TRACK_INDEX["mouthPress"]].max() == 0.0


def test_the_lower_lip_tucks_under_the_teeth() -> None:
    times, mouth = run("aa", "FF", "aa")
    assert at(times, mouth, 0.585, "mouthRollLower") > 0.8 * 0.30
    assert at(times, mouth, 0.585, "mouthShrugLower") > 0.8 * 0.52
    assert at(times, mouth, 0.585, "teethUpper") > 0.8


def test_sibilants_keep_the_teeth_together() -> None:
    times, mouth = run("aa", "SS", "aa")
    assert at(times, mouth, 0.58, "jawOpen") < SIBILANT_JAW + 0.06


def test_short_stops_of_the_tongue_hardly_dip_the_jaw() -> None:
    times, mouth = run("aa", "DD", "aa", each=0.06)
    assert at(times, mouth, 0.54, "jawOpen") > 0.55 * mouth[:, JAW].max()


def test_rounding_begins_before_the_vowel_and_passes_through_a_consonant() -> None:
    times, mouth = run("DD", "kk", "U")
    assert at(times, mouth, 0.56, "mouthPucker") > 0.2
    assert at(times, mouth, 0.68, "mouthPucker") > 0.55


def test_the_jaw_leads_the_sound() -> None:
    times, mouth = run("aa")
    assert 0.40 < times[mouth[:, JAW].argmax()] < 0.54


def test_loudness_scales_only_the_jaw() -> None:
    cue = [Cue("O", 0.5, 0.7)]
    times = np.arange(0, 1, STEP)
    loud = Coarticulation(cue).targets(times, np.ones(len(times)))
    soft = Coarticulation(cue).targets(times, np.full(len(times), 0.5))
    assert soft[:, JAW] == pytest.approx(loud[:, JAW] / 2)
    rest = [i for i in range(len(TRACKS)) if i != JAW]
    assert soft[:, rest] == pytest.approx(loud[:, rest])


def test_the_mouth_rests_far_from_any_sound_and_without_cues() -> None:
    times, mouth = run("aa")
    assert np.abs(mouth[times < 0.1]).max() < 0.01
    assert np.abs(mouth[times > 1.1]).max() < 0.02
    assert not Coarticulation([]).targets(times, np.ones(len(times))).any()


def test_the_dynamics_never_overshoot() -> None:
    aims = np.zeros((200, len(TRACKS)))
    aims[50:120] = 1.0
    out = Dynamics().run(aims)
    assert out.max() <= 1.0
    assert out.min() >= 0.0
    assert (np.diff(out[50:120], axis=0) >= 0).all()
