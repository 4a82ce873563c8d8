"""What is sure until one word of the question is looked at; the embedder knows spelling alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from tests.knowledge.desks import POOL, desk_at, shelve, written
from visavis.engines.fake.embedder import FakeEmbedder
from visavis.engines.text_language import TextLanguage
from visavis.knowledge.candidate import Candidate, Query
from visavis.knowledge.doubt import CERTAIN
from visavis.knowledge.meaning import Meaning
from visavis.knowledge.retriever import HybridRetriever
from visavis.knowledge.terms import Terms


class Sure:
    """A judge who is sure of the best, with these odds."""

    def __init__(self, odds: float = 2.0) -> None:
        self._odds = odds

    def keep(self, query: Query, candidates: Sequence[Candidate]) -> tuple[Candidate, ...]:
        return tuple(replace(one, odds=self._odds, sure=True) for one in candidates[:1])


async def test_a_word_that_the_passage_lacks_and_that_leads_away_from_it_is_doubted(tmp_path: Path) -> None:
    async with desk_at(tmp_path) as desk:
        await shelve(desk, "city", *written(tmp_path / "in", pool_md=POOL))
        retriever = HybridRetriever(desk.library, Meaning(FakeEmbedder(), TextLanguage()), Terms(), Sure())
        for question, sure in (
            ("How much do children under 14 pay in euro?", True),
            ("How much do grandmothers under 14 pay in euro?", False),
        ):
            (found,) = await retriever.retrieve(question, ["city"])
            assert (found.heading, found.sure) == ("Prices", sure)
        certain = HybridRetriever(desk.library, Meaning(FakeEmbedder(), TextLanguage()), Terms(), Sure(CERTAIN))
        (found,) = await certain.retrieve("How much do grandmothers under 14 pay in euro?", ["city"])
        assert found.sure


async def test_across_languages_no_word_is_doubted(tmp_path: Path) -> None:
    async with desk_at(tmp_path) as desk:
        await shelve(desk, "city", *written(tmp_path / "in", pool_md=POOL))
        retriever = HybridRetriever(desk.library, Meaning(FakeEmbedder(), TextLanguage()), Terms(), Sure())
        (found,) = await retriever.retrieve("¿Cuánto pagan las abuelas y los niños en la piscina?", ["city"])
        assert found.language == "en" and found.sure


def test_each_word_that_means_something_is_left_out_once() -> None:
    terms = Terms()
    assert terms.without_each("Is there a pool for dogs?") == (
        ("pool", "Is there a for dogs?"),
        ("dogs", "Is there a pool for ?"),
    )
    assert dict(terms.without_each("有没有儿童书法班？"))["儿童"] == "有没有书法班？"
    assert terms.without_each("What is it?") == ()
