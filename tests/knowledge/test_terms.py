"""Words of three languages as they are searched."""

from __future__ import annotations

import pytest

from visavis.knowledge.lexical import LexicalIndex
from visavis.knowledge.terms import Terms


@pytest.fixture(scope="module")
def terms() -> Terms:
    return Terms()


def test_stems_without_stop_words_and_accents(terms: Terms) -> None:
    assert terms.of("How do I clean the filters?", "en") == ("clean", "filter")
    assert terms.of("¿Cómo se limpian los filtros de la cafetera?", "es") == terms.of("limpian filtros cafetera", "es")
    assert terms.of("el sábado", "es") == terms.of("el sabado", "es")


def test_chinese_words_in_both_scripts(terms: Terms) -> None:
    assert terms.of("图书馆几点开门？", "zh") == terms.of("圖書館幾點開門？", "zh")
    assert "图书馆" in terms.of("請問圖書館在哪裡", "zh")


def test_numbers_codes_and_mixed_texts(terms: Terms) -> None:
    assert terms.of("Error E42 at 2.5 bar, 1,000 litres", "en") == ("error", "e42", "2.5", "bar", "1,000", "litr")
    assert "python" in terms.of("学习Python编程", "zh")


def test_a_query_is_looked_up_in_every_language(terms: Terms) -> None:
    [group] = terms.asked("running")
    assert {"running", "run"} <= set(group)
    assert terms.asked("what is it?") == ()


def test_scores_and_the_share_of_words(terms: Terms) -> None:
    passages = [
        "the toaster has a lever",
        "the kettle boils water",
        "bread for the toaster and the kettle",
        "other things",
    ]
    index = LexicalIndex([terms.of(text, "en") for text in passages])
    scores = index.scores(terms.asked("toaster levers"))
    assert int(scores.bm25.argmax()) == 0 and scores.bm25[1] == 0
    assert scores.matched[0] == pytest.approx(1.0)
    assert 0 < scores.matched[2] < 0.5
    assert scores.weights[1] > scores.weights[0] > 0
    unknown = index.scores(terms.asked("toaster zebra"))
    assert unknown.weights[1] == 0 and unknown.matched[0] < 0.5


def test_an_index_of_nothing(terms: Terms) -> None:
    assert LexicalIndex([]).scores(terms.asked("toaster")).bm25.shape == (0,)
    assert LexicalIndex([()]).scores(terms.asked("toaster")).bm25.tolist() == [0.0]
