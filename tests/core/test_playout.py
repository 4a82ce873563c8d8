"""What was heard."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from visavis.core.playout import Playout
from visavis.core.speech import Word

WORDS = (Word("Hello", 0.0, 0.4, 0), Word("dear", 0.5, 0.8, 6), Word("friend.", 0.9, 1.4, 11))


def spoken() -> Playout:
    playout = Playout()
    offset = playout.write("Hello dear friend.")
    playout.speak("Hello dear friend.", WORDS, offset, 0.0, 1.5)
    return playout


def test_what_is_sent_is_heard_in_real_time() -> None:
    playout = spoken()
    playout.send(1.0, now=10.0)
    assert playout.heard(10.0) == 0.0
    assert abs(playout.heard(10.4) - 0.4) < 1e-9
    assert playout.heard(99.0) == 1.0


def test_a_gap_in_sending_is_a_gap_in_hearing() -> None:
    playout = spoken()
    playout.send(0.5, now=0.0)
    playout.send(0.5, now=2.0)
    assert abs(playout.heard(2.1) - 0.6) < 1e-9


def test_a_report_replaces_the_estimate() -> None:
    playout = spoken()
    playout.send(1.4, now=0.0)
    playout.report(0.2, True, now=1.0)
    assert abs(playout.heard(1.1) - 0.3) < 1e-9
    playout.report(0.3, False, now=1.2)
    assert playout.heard(50.0) == 0.3


def test_words_count_once_half_of_them_was_heard() -> None:
    playout = spoken()
    assert playout.heard_text(0.1) == ""
    assert playout.heard_text(0.25) == "Hello"
    assert playout.heard_text(0.7) == "Hello dear"
    assert playout.heard_text(1.4) == "Hello dear friend."


def test_without_word_times_characters_are_spread_evenly() -> None:
    playout = Playout()
    playout.speak("你好世界", (), playout.write("你好世界"), 1.0, 4.0)
    assert playout.heard_text(2.9) == "你好"


def test_a_second_utterance_follows_the_first() -> None:
    playout = spoken()
    offset = playout.write(" Bye now.") + 1
    playout.speak("Bye now.", (Word("Bye", 0.0, 0.2, 0), Word("now.", 0.2, 0.5, 4)), offset, 1.5, 0.5)
    assert playout.heard_text(1.65) == "Hello dear friend. Bye"


def test_a_timeline_that_grows_replaces_what_was_known() -> None:
    playout = Playout()
    offset = playout.write("Hello dear friend.")
    playout.speak("Hello dear friend.", WORDS[:1], offset, 0.0, 0.5)
    playout.speak("Hello dear friend.", WORDS, offset, 0.0, 1.5)
    assert playout.heard_text(0.7) == "Hello dear"


@given(
    st.lists(st.tuples(st.floats(0.01, 1), st.floats(0, 1)), min_size=1, max_size=20),
    st.lists(st.floats(0, 30), min_size=2, max_size=6),
)
def test_hearing_never_goes_back_nor_past_what_was_sent(sends: list[tuple[float, float]], asked: list[float]) -> None:
    playout, now = Playout(), 0.0
    for seconds, pause in sends:
        playout.send(seconds, now)
        now += pause
    heard = [playout.heard(now + at) for at in sorted(asked)]
    assert heard == sorted(heard)
    assert all(0 <= position <= playout.sent for position in heard)


@given(st.floats(0, 3), st.floats(0, 3))
def test_heard_text_is_a_prefix_that_grows(one: float, other: float) -> None:
    playout = spoken()
    early, late = sorted((one, other))
    assert playout.text.startswith(playout.heard_text(late))
    assert playout.heard_text(late).startswith(playout.heard_text(early))
