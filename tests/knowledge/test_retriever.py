"""What a search brings up, over a real database and the embedder that knows spelling alone."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import AsyncIterator, Sequence
from pathlib import Path

import pytest

from tests.knowledge.desks import LIBRARY, PARKING, POOL, desk_at, shelve, written
from visavis.engines.fake.embedder import FakeEmbedder
from visavis.engines.text_language import TextLanguage
from visavis.knowledge.candidate import Candidate, Query
from visavis.knowledge.desk import Desk
from visavis.knowledge.meaning import Meaning
from visavis.knowledge.retriever import HybridRetriever
from visavis.knowledge.terms import Terms


@pytest.fixture(scope="module")
def shelved(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with three documents, indexed once."""
    folder = tmp_path_factory.mktemp("shelved")

    async def fill() -> None:
        async with desk_at(folder) as desk:
            files = written(folder / "in", pool_md=POOL, library_txt=LIBRARY, parking_md=PARKING)
            await shelve(desk, "city", *files)

    asyncio.run(fill())
    return folder


@pytest.fixture
async def desk(shelved: Path, tmp_path: Path) -> AsyncIterator[Desk]:
    shutil.copytree(shelved, tmp_path / "kept")
    async with desk_at(tmp_path / "kept") as desk:
        yield desk


@pytest.mark.parametrize(
    ("question", "title", "words"),
    [
        ("When does the pool open on Mondays?", "City pool", "opens at 12"),
        ("How much do children pay?", "City pool", "3 euro"),
        ("¿Cuántos libros se pueden llevar?", "Biblioteca municipal", "diez libros"),
        ("停車場每小時收費多少？", "停车说明", "四元"),
    ],
)
async def test_finds_the_passage_that_answers(desk: Desk, question: str, title: str, words: str) -> None:
    found = await desk.retriever.search(question, ["city"])
    best = found.candidates[0]
    assert (best.passage.title, best.passage.collection) == (title, "city")
    assert words in best.passage.text
    assert best.lexical_rank == 0 and 0 < best.matched <= 1
    assert found.query.passages == 4 and found.query.deviation > 0
    assert len(found.query.weights) == len(found.query.terms)


async def test_a_passage_says_where_it_stands(desk: Desk) -> None:
    passage = (await desk.retriever.search("how much do children pay", ["city"])).candidates[0].passage
    text = await desk.archive.text(passage.document)
    assert text[passage.start : passage.end] == passage.text
    assert passage.heading == "Prices" and passage.language == "en"


async def test_several_collections_at_once_and_none(desk: Desk, tmp_path: Path) -> None:
    await shelve(
        desk, "zoo", *written(tmp_path / "in", zoo_txt="The zoo\n\nThe zoo opens at ten. Penguins are fed at noon.")
    )
    found = await desk.retriever.search("when does it open: the pool, the penguins", ["city", "zoo", "nothing"])
    assert {one.passage.collection for one in found.candidates} == {"city", "zoo"}
    assert found.query.passages == 5
    assert (await desk.retriever.search("pool", ["nothing"])).candidates == ()
    assert (await desk.retriever.search("  ", ["city"])).candidates == ()
    assert await desk.retriever.retrieve("pool", []) == ()
    assert desk.retriever.knows(["zoo", "x"]) and not desk.retriever.knows(["x"])


class Nothing:
    """A judge whom nothing convinces."""

    def keep(self, query: Query, candidates: Sequence[Candidate]) -> tuple[Candidate, ...]:
        return ()


async def test_the_judge_decides(desk: Desk) -> None:
    meaning = Meaning(FakeEmbedder(), TextLanguage())
    strict = HybridRetriever(desk.library, meaning, Terms(), Nothing())
    assert (await strict.search("When does the pool open?", ["city"])).candidates
    assert await strict.retrieve("When does the pool open?", ["city"]) == ()


async def test_words_that_are_nowhere_count_as_missing(desk: Desk) -> None:
    found = await desk.retriever.search("does the pool have a sauna and a solarium", ["city"])
    assert max(one.matched for one in found.candidates) < 0.5
    assert 0.0 in found.query.weights
