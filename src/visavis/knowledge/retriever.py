"""Finds what is known: by meaning and by words at once, joined, then judged."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from visavis.core.errors import VisavisError
from visavis.core.passage import Passage
from visavis.knowledge.candidate import Candidate, Judge, Query
from visavis.knowledge.doubt import Doubt
from visavis.knowledge.index import CollectionIndex
from visavis.knowledge.library import Library
from visavis.knowledge.meaning import Meaning
from visavis.knowledge.ranking import DEPTH, Found, Ranking
from visavis.knowledge.terms import Terms
from visavis.knowledge.vectors import Vector

_LONGEST_QUERY: Final = 1_000
"""Characters; the end of a longer query is what counts."""


class HybridRetriever:
    """A `core.passage.Retriever` over a library. Meaning and words are ranked apart and fused; a judge decides what of
    it is worth telling."""

    def __init__(self, library: Library, meaning: Meaning, terms: Terms, judge: Judge) -> None:
        self._library, self._meaning, self._terms, self._judge = library, meaning, terms, judge
        self._doubt = Doubt(library, meaning, terms)

    def knows(self, collections: Sequence[str]) -> bool:
        """Whether any of these collections holds anything."""
        return self._library.knows(collections)

    def titles(self, collections: Sequence[str]) -> tuple[str, ...]:
        """What the documents of these collections are called."""
        return self._library.titles(collections)

    async def retrieve(self, query: str, collections: Sequence[str], limit: int = 4) -> tuple[Passage, ...]:
        """The passages that help to answer `query`, best first; none when nothing relevant is known.

        Cancellable. Raises VisavisError `knowledge.unavailable`.
        """
        found = await self.search(query, collections)
        kept: Sequence[Candidate] = self.judged(found)[:limit]
        try:
            kept = await self._doubt.settled(found.query, kept, self._library.snapshots(collections))
        except VisavisError as error:
            raise _unavailable(error) from error
        return tuple(replace(one.passage, score=min(max(one.cosine, 0.0), 1.0), sure=one.sure) for one in kept)

    async def search(self, query: str, collections: Sequence[str]) -> Found:
        """All that may help, unjudged. Raises VisavisError `knowledge.unavailable`."""
        text = query.strip()[-_LONGEST_QUERY:]
        snapshots = self._library.snapshots(collections)
        if not text or not snapshots:
            return Found(Query(text))
        try:
            ranking, vector = await asyncio.gather(
                asyncio.to_thread(self._ranked, text, snapshots), self._meaning.query(text)
            )
            if self._library.table is not None:
                await self._ask_table(ranking, vector, sum(len(one.passages) for one in snapshots))
                return ranking.found()
        except VisavisError as error:
            raise _unavailable(error) from error
        return await asyncio.to_thread(_finished, ranking, vector)

    def judged(self, found: Found) -> tuple[Candidate, ...]:
        """Those candidates that help to answer."""
        return self._judge.keep(found.query, found.candidates)

    def _ranked(self, text: str, snapshots: Sequence[CollectionIndex]) -> Ranking:
        asked = self._terms.asked(text)
        language = self._meaning.language(text)
        return Ranking(text, language, asked, [(one, one.lexical.scores(asked)) for one in snapshots])

    async def _ask_table(self, ranking: Ranking, vector: Vector, passages: int) -> None:
        """Has the database tell the cosines."""
        table = self._library.table
        assert table is not None
        ranking.near(await table.nearest(ranking.collections, vector, DEPTH))
        if lacking := ranking.lacking:
            ranking.near((await table.cosines(lacking, vector)).items())
        ranking.look_around()
        if lacking := ranking.lacking:
            ranking.near((await table.cosines(lacking, vector)).items())
        ranking.spread(*await table.spread(ranking.collections, vector), passages)


def _unavailable(error: VisavisError) -> VisavisError:
    return VisavisError(
        "knowledge.unavailable", f"The documents cannot be searched now: {error.message}", retryable=True
    )


def _finished(ranking: Ranking, vector: Vector) -> Found:
    ranking.search_memory(vector)
    return ranking.found()
