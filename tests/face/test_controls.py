from __future__ import annotations

import json
from itertools import pairwise

import numpy as np
import pytest

from visavis.core.motion import CHANNELS
from visavis.face.controls import Controls, Driver, standard_controls
from visavis.face.vectors import motion_frame


def value(controls: Controls, name: str, **channels: float) -> float:
    return controls.drive(motion_frame(channels))[controls.index[name]]


def test_a_driver_does_what_its_words_say() -> None:
    controls = Controls(
        [
            Driver("one", {"jawOpen": 2.0}, bias=0.1, linear=0.5, square=1.0, high=3.0),
            Driver("two", {"one": 1.0}, times=("one",), damp={"jawOpen": 0.5}),
        ]
    )
    x = 0.1 + 2 * 0.4
    one = 0.5 * x + x * x
    assert value(controls, "one", jawOpen=0.4) == pytest.approx(one)
    assert value(controls, "two", jawOpen=0.4) == pytest.approx(one * one * 0.8)
    assert value(controls, "one", jawOpen=4.0) == 3.0


def test_unknown_and_repeated_names_are_refused() -> None:
    with pytest.raises(ValueError, match="unknown"):
        Controls([Driver("one", {"jawOpne": 1.0})])
    with pytest.raises(ValueError, match="repeated"):
        Controls([Driver("jawOpen", {})])
    with pytest.raises(ValueError, match="unknown"):
        Controls([Driver("one", {"two": 1.0}), Driver("two", {})])


def test_the_table_survives_json() -> None:
    controls = standard_controls(0.5, 0.8, 0.0)
    again = Controls([Driver.from_json(json.loads(json.dumps(d.to_json()))) for d in controls.drivers])
    frames = np.random.default_rng(2).random((20, len(CHANNELS)), np.float32)
    assert np.array_equal(controls.evaluate(frames), again.evaluate(frames))


def test_rest_moves_nothing_but_the_seal() -> None:
    controls = standard_controls()
    rest = controls.drive(np.zeros(len(CHANNELS), np.float32))
    assert {name for name, i in controls.index.items() if rest[i] != 0.0} == {"seal"}


def test_every_channel_that_a_flat_portrait_can_show_does_something() -> None:
    controls = standard_controls()
    rest = controls.drive(np.zeros(len(CHANNELS), np.float32))
    silent = set()
    for name in CHANNELS:
        frame = np.zeros(len(CHANNELS), np.float32)
        frame[CHANNELS.index(name)] = 1.0
        if controls.drive(frame) == rest:
            silent.add(name)
    # One side of a press alone, and rolls, stay below the closure's threshold but thin the lips.
    assert silent == set()


def test_closed_lips_win_over_an_open_jaw() -> None:
    controls = standard_controls()
    assert value(controls, "fall", jawOpen=0.6) > 0.5
    shut = {"mouthPress": 0.5, "mouthRollUpper": 0.22, "mouthRollLower": 0.22}
    for name in ("rise", "fall", "upperRound", "lowerRound"):
        assert abs(value(controls, name, jawOpen=0.6, mouthPucker=0.3, **shut)) < 1e-6
    assert value(controls, "jaw", jawOpen=0.6, **shut) > 0.1


def test_openings_follow_the_measured_mouth() -> None:
    controls = standard_controls()

    def gap(**channels: float) -> float:
        return value(controls, "rise", **channels) + value(controls, "fall", **channels)

    assert gap(jawOpen=0.6) == pytest.approx(0.86, abs=0.06)
    assert gap(jawOpen=0.24) == pytest.approx(0.30, abs=0.06)
    assert gap(mouthPucker=0.85, mouthFunnel=0.5, jawOpen=0.12) == pytest.approx(0.28, abs=0.06)
    opened = [gap(jawOpen=j) for j in np.linspace(0, 1, 21)]
    assert all(b > a for a, b in pairwise(opened))
