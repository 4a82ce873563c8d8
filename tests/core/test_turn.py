"""The states of a turn."""

from __future__ import annotations

from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from visavis.core.errors import VisavisError
from visavis.core.turn import Turn, TurnState

states = st.lists(st.sampled_from(get_args(TurnState)), max_size=12)


def test_a_whole_turn() -> None:
    turn = Turn("t").to("thinking").to("speaking").to("done")
    assert turn.over


def test_it_cannot_speak_before_it_thinks() -> None:
    with pytest.raises(VisavisError, match="listening cannot become speaking"):
        Turn("t").to("speaking")


@given(states)
def test_an_end_is_final_and_a_turn_never_goes_back(wanted: list[TurnState]) -> None:
    order = ["listening", "thinking", "speaking"]
    turn = Turn("t")
    for state in wanted:
        before = turn
        try:
            turn = turn.to(state)
        except VisavisError as error:
            assert error.code == "turn.state"
            continue
        assert not before.over
        if state in order:
            assert order.index(state) == order.index(before.state) + 1
