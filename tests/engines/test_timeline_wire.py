"""Timelines over the wire."""

from __future__ import annotations

import json
from typing import Any

import pytest

from visavis.core.speech import Timeline
from visavis.engines.fake.tts import letters
from visavis.engines.timeline_wire import timeline_from_wire, timeline_to_wire

LINE = letters("Bob, hello: ¿qué tal? 你好", 2.5)


def test_what_is_sent_arrives() -> None:
    arrived = timeline_from_wire(json.loads(json.dumps(timeline_to_wire(LINE))))
    assert arrived.exact and arrived.pitch == LINE.pitch and arrived.pitch_step == LINE.pitch_step
    assert arrived.duration == pytest.approx(LINE.duration, abs=1e-5)
    for mine, yours in zip(LINE.phonemes, arrived.phonemes, strict=True):
        assert (mine.symbol, mine.stress) == (yours.symbol, yours.stress)
        assert (yours.start, yours.end) == pytest.approx((mine.start, mine.end), abs=1e-5)
    for word, heard in zip(LINE.words, arrived.words, strict=True):
        assert (word.text, word.offset) == (heard.text, heard.offset)
        assert (heard.start, heard.end) == pytest.approx((word.start, word.end), abs=1e-5)


def test_an_empty_one_arrives_too() -> None:
    assert timeline_from_wire(timeline_to_wire(Timeline(exact=False))) == Timeline(exact=False)


@pytest.mark.parametrize(
    "change",
    [
        {"phonemes": None},
        {"phonemes": [["a", 0, 1]]},
        {"phonemes": [["a", "soon", 1, 0]]},
        {"words": [{"text": "a"}]},
        {"duration": "long"},
        {"pitch": 3},
        {"pitch_step": None},
    ],
)
def test_what_is_no_timeline_is_refused(change: dict[str, Any]) -> None:
    with pytest.raises(ValueError):
        timeline_from_wire({**timeline_to_wire(LINE), **change})
    with pytest.raises(ValueError):
        timeline_from_wire({})
