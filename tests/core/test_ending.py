"""Where a generated answer ends."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from visavis.core.ending import Ending


def through(ending: Ending, pieces: list[str]) -> str:
    return "".join(ending.feed(piece) for piece in pieces) + ending.finish()


@pytest.mark.parametrize(
    ("text", "sentences", "kept"),
    [
        ("Hello there. How are you? Fine.", 1, "Hello there."),
        ("Hello there. How are you? Fine.", 2, "Hello there. How are you?"),
        ("Version 3.5 of Node.js is out. Next.", 1, "Version 3.5 of Node.js is out."),
        ("Ask Dr. Smith about it. Next.", 1, "Ask Dr. Smith about it."),
        ("你好。你想学什么？", 1, "你好。"),
        ("No end at all", 3, "No end at all"),
        ("Really?! Yes.", 1, "Really?!"),
    ],
)
def test_sentences(text: str, sentences: int, kept: str) -> None:
    for size in (1, 3, len(text)):
        pieces = [text[begin : begin + size] for begin in range(0, len(text), size)]
        assert through(Ending(sentences=sentences), pieces) == kept


def test_a_stop_string_is_cut_off_even_when_it_comes_in_pieces() -> None:
    ending = Ending(("\n\nUser:",))
    assert through(ending, ["Yes.\n", "\nUs", "er: no"]) == "Yes."
    assert ending.done


def test_a_stop_string_that_ends_a_sentence_is_kept() -> None:
    ending = Ending((".", "?", "\n"))
    assert ending.stop == ("\n",)
    assert through(ending, ["What is it? ", "I see."]) == "What is it?"


def test_leading_space_is_no_answer() -> None:
    assert through(Ending(("\n",)), ["\n\n", " Hello"]) == "Hello"


@given(st.text(alphabet="ab.\n ", max_size=40), st.integers(1, 7))
def test_pieces_make_no_difference(text: str, size: int) -> None:
    pieces = [text[begin : begin + size] for begin in range(0, len(text), size)]
    assert through(Ending(("\n\n",)), pieces) == through(Ending(("\n\n",)), [text])
