"""Words in time from aligned pieces."""

from __future__ import annotations

from visavis.engines.builtin.whisper_words import words_of


def test_spaces_begin_words_and_punctuation_stays() -> None:
    pieces = [
        (" I", 0.0, 0.2),
        (" learn", 0.2, 0.5),
        ("ed", 0.5, 0.6),
        (",", 0.6, 0.6),
        (" then", 0.9, 1.2),
        (".", 1.2, 1.2),
    ]
    words = words_of(pieces, "I learned, then.", 0, 10.0)
    assert [(word.text, word.offset) for word in words] == [("I", 0), ("learned,", 2), ("then.", 11)]
    assert (words[1].start, words[1].end) == (10.2, 10.6)


def test_chinese_has_a_word_a_piece() -> None:
    words = words_of([("你好", 0, 0.4), (",", 0.4, 0.4), ("世", 0.5, 0.6), ("界", 0.6, 0.8)], "你好,世界", 7, 0.0)
    assert [(word.text, word.offset) for word in words] == [("你好,", 7), ("世", 10), ("界", 11)]


def test_leading_punctuation_waits_for_its_word() -> None:
    words = words_of([(" ¿", 0.0, 0.1), ("Qué", 0.1, 0.3), (" tal", 0.3, 0.5), ("?", 0.5, 0.5)], "¿Qué tal?", 0, 0.0)
    assert [word.text for word in words] == ["¿Qué", "tal?"]


def test_nothing_gives_nothing() -> None:
    assert words_of([], "", 0, 0.0) == []
    assert words_of([(" ", 0.0, 0.1)], "", 0, 0.0) == []
