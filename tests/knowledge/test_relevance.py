"""When something is known, and when nothing is: the judge by itself, without any index."""

from __future__ import annotations

from dataclasses import replace

import pytest

from visavis.core.passage import Passage
from visavis.knowledge.candidate import Candidate, Query
from visavis.knowledge.ranking import LEADERS
from visavis.knowledge.relevance import FITTED, Relevance, features

QUERY = Query("how much is a ticket", language="en")


def candidate(
    language: str = "en", cosine: float = 0.1, apart: float = 0.0, matched: float = 0.0, matched_apart: float = 0.0
) -> Candidate:
    passage = Passage("p", "d", "Museum", "A ticket costs 8 euros.", 0, 23, language=language)
    return Candidate(passage, cosine, apart=apart, matched=matched, matched_apart=matched_apart)


STRONG = candidate(cosine=0.5, apart=0.25, matched=0.8, matched_apart=0.5)
SAME_SUBJECT = candidate(cosine=0.42, apart=0.02, matched=0.4, matched_apart=0.05)
OTHER_SUBJECT = candidate(cosine=0.12, apart=0.05, matched=0.1, matched_apart=0.1)


def judged(one: Candidate, *, sure: bool = True) -> Candidate:
    """The candidate as the judge marks it."""
    return replace(one, odds=Relevance().weigh(QUERY, one), sure=sure)


def test_what_stands_out_is_kept() -> None:
    assert Relevance().keep(QUERY, [STRONG, OTHER_SUBJECT]) == (judged(STRONG),)


@pytest.mark.parametrize("near", [SAME_SUBJECT, OTHER_SUBJECT])
def test_nothing_is_known_when_nothing_stands_out(near: Candidate) -> None:
    assert Relevance().keep(QUERY, [near, OTHER_SUBJECT]) == ()
    assert Relevance().keep(QUERY, []) == ()


def test_what_comes_near_goes_along_in_the_order_given() -> None:
    close = candidate(cosine=0.4, apart=0.1, matched=0.35, matched_apart=0.15)
    assert Relevance().keep(QUERY, [close, STRONG]) == (judged(close, sure=False), judged(STRONG))


def test_what_is_worth_reading_need_not_be_sure() -> None:
    between = candidate(cosine=0.4, apart=0.1, matched=0.35, matched_apart=0.15)
    assert FITTED.least < Relevance().weigh(QUERY, between) < FITTED.sure
    (kept,) = Relevance().keep(QUERY, [between])
    assert not kept.sure


def test_another_language_needs_no_common_words() -> None:
    across = candidate("zh", cosine=0.4, apart=0.2)
    assert [one.passage for one in Relevance().keep(QUERY, [across])] == [across.passage]
    assert features(QUERY, candidate("zh", cosine=0.4, apart=0.2, matched=1.0))[2:] == (0.0, 0.0, 0.0)


@pytest.mark.parametrize(
    ("less", "more"),
    [
        (candidate(cosine=0.2), candidate(cosine=0.6)),
        (candidate(apart=0.1), candidate(apart=0.3)),
        (candidate(matched=0.2), candidate(matched=0.6)),
        (candidate(matched_apart=0.1), candidate(matched_apart=0.3)),
    ],
)
def test_more_evidence_counts_for_a_passage(less: Candidate, more: Candidate) -> None:
    judge = Relevance()
    assert judge.weigh(QUERY, more) > judge.weigh(QUERY, less)


def test_only_the_first_candidates_are_looked_at() -> None:
    assert Relevance().keep(QUERY, [OTHER_SUBJECT] * LEADERS + [STRONG]) == ()


def test_a_passage_without_what_is_asked_for_does_not_help() -> None:
    judge = Relevance()
    assert judge.keep(Query("What does a ticket cost?", language="en"), [STRONG]) == (judged(STRONG),)
    assert judge.keep(Query("What time does the museum open?", language="en"), [STRONG]) == ()
    assert judge.keep(Query("博物馆几点开门？", language="zh"), [STRONG]) == ()
