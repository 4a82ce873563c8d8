"""When a turn is over."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from visavis.core.endpointing import Endpointing, Evidence, completeness, is_over, required_silence

OPTIONS = Endpointing(eager=0.25, patient=1.8)
evidence = st.builds(
    Evidence, st.floats(0, 10), st.none() | st.floats(0, 1), st.none() | st.sampled_from(["Yes.", "and", "我想学", ""])
)


@pytest.mark.parametrize(
    ("text", "finished"),
    [
        ("I want to learn Python.", True),
        ("What is that?", True),
        ("我想学编程。", True),
        ("¿Qué cursos hay?", True),
        ("I want to learn Python and", False),
        ("I want to learn Python and...", False),
        ("Well, um", False),
        ("Quiero aprender, pero", False),
        ("我想学编程，但是", False),
        ("I am a", False),
        ("so,", False),
        ("", False),
    ],
)
def test_completeness(text: str, finished: bool) -> None:
    assert (completeness(text) >= 0.7) is finished


def test_complete_turns_end_early_and_open_ones_late() -> None:
    assert required_silence(Evidence(0, 0.95, "I want to learn Python."), OPTIONS) == OPTIONS.eager
    assert required_silence(Evidence(0, 0.05, "I want to learn Python and"), OPTIONS) > 1.5
    assert required_silence(Evidence(0, 0.95, "I want to learn Python and"), OPTIONS) > 1.2


def test_nothing_known_means_patience() -> None:
    assert required_silence(Evidence(0), OPTIONS) == OPTIONS.patient


def test_a_fixed_silence_is_all_that_counts() -> None:
    fixed = Endpointing(fixed=0.5)
    assert not is_over(Evidence(0.49, 1.0, "Yes."), fixed)
    assert is_over(Evidence(0.5, 0.0, "and"), fixed)


@given(evidence)
def test_the_wait_lies_between_eager_and_patient(seen: Evidence) -> None:
    assert OPTIONS.eager <= required_silence(seen, OPTIONS) <= OPTIONS.patient


@given(evidence, st.floats(0, 5))
def test_more_silence_never_reopens_a_turn(seen: Evidence, more: float) -> None:
    if is_over(seen, OPTIONS):
        assert is_over(Evidence(seen.silence + more, seen.probability, seen.transcript), OPTIONS)


@given(st.floats(0, 1), st.floats(0, 1), st.sampled_from([None, "Yes.", "and"]))
def test_a_surer_detector_never_waits_longer(one: float, other: float, text: str | None) -> None:
    low, high = sorted((one, other))
    assert required_silence(Evidence(0, high, text), OPTIONS) <= required_silence(Evidence(0, low, text), OPTIONS)
