from __future__ import annotations

import pytest

from visavis.core.language import LANGUAGES
from visavis.personas.extraction import CAREER_OF
from visavis.personas.lexicon import LEVELS, Lexicon
from visavis.personas.script import Script

LEXICON = Lexicon.load()


def found(text: str) -> list[tuple[str, str]]:
    tokens = LEXICON.corrected(LEXICON.tokens(text))
    return [(mention.kind, mention.id) for mention in LEXICON.mentions(tokens) if mention.kind != "cue"]


def test_case_accents_width_and_traditional_characters_are_folded() -> None:
    assert LEXICON.tokens("Ｐｙｔｈｏｎ") == ("python",)
    assert LEXICON.tokens("DISEÑO, C++") == ("diseno", ",", "c++")
    assert LEXICON.tokens("機器學習") == tuple("机器学习")
    assert LEXICON.tokens("don’t") == ("dont",)


def test_the_longest_phrase_wins() -> None:
    assert found("data scientist") == [("career", "data-scientist")]
    assert found("data science") == [("topic", "data-science")]
    assert found("JavaScript") == [("topic", "javascript")]
    assert found("数据科学家") == [("career", "data-scientist")]


@pytest.mark.parametrize(
    ("typo", "meant"),
    [
        ("phyton", ("topic", "python")),
        ("javasript", ("topic", "javascript")),
        ("beginer", ("level", "beginner")),
        ("intermediat", ("level", "intermediate")),
        ("advnced", ("level", "advanced")),
        ("desing", ("topic", "design")),
        ("principante", ("level", "beginner")),
        ("programador", ("career", "software-engineer")),
        ("kuberntes", ("topic", "devops")),
    ],
)
def test_typos_are_mended(typo: str, meant: tuple[str, str]) -> None:
    assert found(typo) == [meant]


@pytest.mark.parametrize("word", ["could", "person", "reach", "resign", "cookie", "expect", "three", "puede"])
def test_ordinary_words_are_left_alone(word: str) -> None:
    assert LEXICON.corrected((word,)) == (word,)
    assert found(word) == []


def test_everything_that_can_be_found_has_a_name_in_every_language() -> None:
    for language in LANGUAGES:
        script = Script.load(language)
        assert set(script.label.topic) == set(CAREER_OF)
        assert set(script.label.level) == set(LEVELS) == set(script.ack.level)
        assert set(CAREER_OF.values()) | {"exploring", "hobby"} <= set(script.label.career)
        assert script.label.career.keys() == Script.load("en").label.career.keys()
