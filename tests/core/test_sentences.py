"""The sentence cutter's laws."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from visavis.core.language import LANGUAGES, Language
from visavis.core.sentences import SentenceCutter, SentenceLimits, has_words, sentences

_PIECES = ["Dr. ", "3.14", "e.g. ", "你好", "，", "。", "! ", "? ", ".", "...", "…", '"', "”",
           "“", " ", "and ", " y ", "因为", "(",
           ")",            "word ", "¿Qué", "\n", "www.a.com", "; ", ", ", "1. ", "J. "]  # fmt: skip
texts = st.lists(st.one_of(st.sampled_from(_PIECES), st.text(max_size=4)), max_size=40).map("".join)


def stream(deltas: list[str], language: Language) -> list[str]:
    cutter = SentenceCutter(language)
    found = [piece for delta in deltas for piece in cutter.push(delta)]
    return [*found, *cutter.finish()]


@given(texts, st.sampled_from(LANGUAGES))
def test_joined_the_pieces_are_the_text(text: str, language: Language) -> None:
    pieces = sentences(text, language)
    assert "".join(pieces) == text
    assert all(pieces)


@given(texts, st.lists(st.integers(1, 9), min_size=1, max_size=40), st.sampled_from(LANGUAGES))
def test_how_the_text_arrives_makes_no_difference(text: str, sizes: list[int], language: Language) -> None:
    deltas, position = [], 0
    for size in sizes:
        deltas.append(text[position : position + size])
        position += size
    deltas.append(text[position:])
    assert stream(deltas, language) == list(sentences(text, language))


@given(texts, st.sampled_from(LANGUAGES))
def test_only_the_last_piece_may_have_nothing_to_say(text: str, language: Language) -> None:
    limits = SentenceLimits(longest=10_000, longest_han=10_000)
    assert all(has_words(piece) for piece in sentences(text, language, limits)[:-1])


@given(st.text(alphabet="abc ,.", min_size=1, max_size=900))
def test_no_piece_is_longer_than_the_limit(text: str) -> None:
    assert max(map(len, sentences(text, "en"))) <= SentenceLimits().longest + 1


def test_the_first_clause_goes_out_before_the_sentence_is_known() -> None:
    cutter = SentenceCutter("en")
    assert cutter.push("That sounds very good, ") == ("That sounds very good, ",)
    assert cutter.push("and I am glad, you know, that") == ()
    assert cutter.push(" you came. S") == ("and I am glad, you know, that you came. ",)


def test_after_the_end_it_starts_again() -> None:
    cutter = SentenceCutter("es")
    cutter.push("Hola a todos")
    assert cutter.finish() == ("Hola a todos",)
    assert cutter.push("Muy buenas tardes, amigo") == ("Muy buenas tardes, ",)
