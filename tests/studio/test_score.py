from __future__ import annotations

from typing import Any

import pytest

from visavis.studio.score import in_time, overall

BEST: dict[str, Any] = {
    "ssim": 0.99, "closure_hits": 1.0, "correlation": 0.6, "lag": -0.02, "shut_in_silence": 1.0, "flicker": 0.1,
    "sound_excess": 0.01,
}  # fmt: skip
WORST: dict[str, Any] = {
    "ssim": 0.5, "closure_hits": 0.4, "correlation": -0.2, "lag": 0.2, "shut_in_silence": 0.2, "flicker": 9.0,
    "sound_excess": -0.5,
}  # fmt: skip


def test_the_best_and_the_worst() -> None:
    assert overall(**BEST) == pytest.approx(100)
    assert overall(**WORST) == pytest.approx(0)


@pytest.mark.parametrize("name", list(BEST))
def test_every_measure_counts_and_may_be_missing(name: str) -> None:
    worse = overall(**{**BEST, name: WORST[name]})
    assert worse is not None and worse < 95
    assert overall(**{**BEST, name: None}) == pytest.approx(100)


def test_the_documented_weights() -> None:
    assert overall(**{**BEST, "ssim": 0.89}) == pytest.approx(87.5)
    assert overall(**{**BEST, "closure_hits": 0.725}) == pytest.approx(90)


def test_nothing_measured_is_no_score() -> None:
    assert overall(**dict.fromkeys(BEST)) is None


@pytest.mark.parametrize(
    ("lag", "borne"), [(0, 1), (-0.12, 1), (0.04, 1), (-0.155, 0.5), (0.0675, 0.5), (-0.2, 0), (0.1, 0)]
)
def test_a_late_sound_is_borne_better_than_an_early_one(lag: float, borne: float) -> None:
    assert in_time(lag) == pytest.approx(borne)
