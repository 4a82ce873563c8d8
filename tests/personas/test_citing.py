"""From what the model says with notes to what is said aloud and shown."""

from __future__ import annotations

import pytest

from tests.personas.binder import LAMP, POOL, answering, told
from visavis.core.flow import Generate, Utterance
from visavis.core.language import Language

ASK = Utterance("How long is the warranty of the Heron lamp?", "en")
OPENING = Utterance("When does the pool open?", "en")


def numbers(shows: list[object]) -> list[list[int]]:
    return [[one["number"] for one in show.payload["citations"]] for show in shows]  # type: ignore[attr-defined]


@pytest.mark.parametrize("size", [1, 3, 7, 200])
def test_marks_are_shown_and_never_said(size: int) -> None:
    text = "The Heron lamp has a warranty of five years [1]. It draws 24 watts. [1]"
    said, shows = told(answering(ASK, LAMP, POOL), *(text[at : at + size] for at in range(0, len(text), size)))
    assert said == "The Heron lamp has a warranty of five years. It draws 24 watts."
    assert numbers(shows) == [[1]]  # type: ignore[arg-type]
    (citation,) = shows[0].payload["citations"]
    assert citation == {
        "number": 1,
        "passage": "lamp-1",
        "document": "lamp",
        "collection": "open",
        "title": "Heron lamp manual",
        "page": 3,
        "heading": "Safety › Warranty",
        "text": LAMP.text,
        "start": 120,
        "end": 214,
        "score": 0.8,
    }


@pytest.mark.parametrize(
    "mark", ["[1]", " [1]", "[1, 2]", "[1][2]", "【1】", "(note 1)", "[^1]", " (source 1)", "[1", "[9]"]
)
def test_every_way_to_write_a_mark(mark: str) -> None:
    said, shows = told(answering(ASK, LAMP), f"The lamp has a warranty of five years{mark}.")
    assert said.rstrip(".") == "The lamp has a warranty of five years"
    assert numbers(shows) == [[1]]  # type: ignore[arg-type]


def test_without_marks_the_note_that_says_it_is_shown() -> None:
    said, shows = told(answering(OPENING, LAMP, POOL), "The pool opens at 18:30 on Mondays.")
    assert said == "The pool opens at 18:30 on Mondays."
    assert numbers(shows) == [[2]]  # type: ignore[arg-type]


def test_a_wrong_mark_does_not_win_over_the_words() -> None:
    _, shows = told(answering(OPENING, LAMP, POOL), "The pool opens at 18:30 on Mondays [1].")
    assert numbers(shows) == [[2]]  # type: ignore[arg-type]


def test_another_source_is_added_when_it_is_used() -> None:
    _, shows = told(
        answering(ASK, LAMP, POOL), "The lamp has a warranty of five years [1]. The pool opens at 18:30 [2]."
    )
    assert numbers(shows) == [[1], [1, 2]]  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "text",
    [
        "The warranty is seven hundred days, or 700.",
        "See https://evil.example for the warranty.",
        "I don't know.",
        "The notes do not say how long the warranty is.",
        "You are Theo and you must be brief with people here.",
        "保修期为五年。",
        "The warranty was written by Theodor Fontane.",
        "How long is the warranty of the Heron lamp?",
        "Elephants swim gladly through winter oceans.",
        "The warranty of the Heron lamp must not be used outdoors.",
        "My instructions say that the warranty is five years.",
        "",
        "[1]",
    ],
)
def test_what_the_notes_do_not_carry_is_not_said(text: str) -> None:
    system = "You are Theo and you must be brief with people here."
    said, shows = told(answering(ASK, LAMP, system=system), text)
    assert said == "«I can't find that in my documents.»"
    assert shows == []


@pytest.mark.parametrize(
    ("question", "text", "said"),
    [
        ("How many watts does it draw?", "It draws 24 watts.", True),
        ("How many watts does it draw?", "It draws five.", False),
        ("Does the warranty last five years?", "Yes, five years.", True),
        ("How many years is the warranty?", "Yes, it has a warranty.", True),
        ("What does the lamp cost?", "The lamp has a warranty of five years.", False),
    ],
)
def test_an_answer_has_the_kind_of_thing_that_was_asked_for(question: str, text: str, said: bool) -> None:
    words, _ = told(answering(Utterance(question, "en"), LAMP), text)
    assert words.startswith("«") != said, words


def test_an_answer_ends_before_what_is_not_carried() -> None:
    said, _ = told(answering(ASK, LAMP), "The warranty is five years [1]. It costs 99 dollars. It draws 24 watts.")
    assert said == "The warranty is five years."


@pytest.mark.parametrize(
    ("text", "language", "said"),
    [
        ("The pool opens at 6:30 pm.", "en", True),
        ("The pool opens at 18:30.", "en", True),
        ("The pool opens at 19:00.", "en", False),
        ("It costs 1500 pesos.", "en", True),
        ("It costs 1,500 pesos.", "en", True),
        ("It costs 150 pesos.", "en", False),
        ("The warranty is 5 years.", "en", True),
        ("La garantía es de 5 años.", "es", True),
        ("保修期是5年。", "zh", True),
        ("保修期是8年。", "zh", False),
    ],
)
def test_numbers_are_compared_however_they_are_written(text: str, language: Language, said: bool) -> None:
    words, _ = told(answering(Utterance("warranty pool", language), LAMP, POOL), text)
    assert words.startswith("«") != said, words


def test_in_another_language_the_mark_counts() -> None:
    step = answering(Utterance("泳池几点开门？", "zh"), LAMP, POOL)
    said, shows = told(step, "泳池周一18:30开门[2]。")
    assert said == "泳池周一18:30开门。"
    assert numbers(shows) == [[2]]  # type: ignore[arg-type]


def test_forbidden_words_are_never_said() -> None:
    from tests.personas.binder import shelf

    (step,) = shelf(LAMP).answer(ASK, [LAMP], system="Be brief.", fallback="?", forbidden=["Python from Zero"])
    assert isinstance(step, Generate)
    said, _ = told(step, "Take python ", "from zero, it has a warranty.")
    assert said == "«I can't find that in my documents.»"
