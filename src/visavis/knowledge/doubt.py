"""Doubts what seems sure: a question may be near to a passage for all but the one word that matters.

A passage about a pottery course is near to the question whether there is one for children, though it says nothing of
children. What gives it away: without that word the question is nearer to the passage. A word that the passage only says
in other words takes the question away from it when it goes.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from visavis.core.wording import content
from visavis.knowledge.candidate import Candidate, Query
from visavis.knowledge.index import CollectionIndex
from visavis.knowledge.library import Library
from visavis.knowledge.meaning import Meaning
from visavis.knowledge.terms import Terms
from visavis.knowledge.vectors import Vector

NEARER: Final = 0.05
"""Cosine that a question may gain by losing a word before the passage is no longer sure to be about it. Found on the
calibration half of the benchmark's questions."""
CERTAIN: Final = 4.0
"""Log-odds from which nothing is doubted: a word may have been misheard; what has no answer does not come that near."""
_MOST: Final = 4
"""Words of a question that are tried: each costs an embedding."""


class Doubt:
    """Looks a second time at the passages that the judge is sure of, as far as they are in the question's language:
    across languages every word is another."""

    def __init__(self, library: Library, meaning: Meaning, terms: Terms) -> None:
        self._library, self._meaning, self._terms = library, meaning, terms

    async def settled(
        self, query: Query, kept: Sequence[Candidate], snapshots: Sequence[CollectionIndex]
    ) -> tuple[Candidate, ...]:
        """The same candidates, fewer of them sure. Raises VisavisError as the embedder and the database do."""
        doubtful = {
            one.passage.id: content(f"{one.passage.title} {one.passage.heading} {one.passage.text}")
            for one in kept
            if one.sure and one.odds < CERTAIN and one.passage.language == query.language
        }
        if not doubtful:
            return tuple(kept)
        pairs = await asyncio.to_thread(self._terms.without_each, query.text)
        about = [(content(word), shorter) for word, shorter in pairs]
        known = frozenset.intersection(*doubtful.values())
        about = [(words, shorter) for words, shorter in about if words and not words & known][:_MOST]
        vectors = await self._meaning.queries([shorter for _, shorter in about], query.language)
        lost: set[str] = set()
        cosines = {one.passage.id: one.cosine for one in kept}
        for (words, _), vector in zip(about, vectors, strict=True):
            lacking = [key for key, said in doubtful.items() if not words & said]
            for key, cosine in (await self._cosines(lacking, vector, snapshots)).items():
                if cosine - cosines[key] > NEARER:
                    lost.add(key)
        return tuple(replace(one, sure=one.sure and one.passage.id not in lost) for one in kept)

    async def _cosines(
        self, keys: Sequence[str], vector: Vector, snapshots: Sequence[CollectionIndex]
    ) -> dict[str, float]:
        if self._library.table is not None:
            return dict(await self._library.table.cosines(keys, vector))
        found: dict[str, float] = {}
        for snapshot in snapshots:
            own = [key for key in keys if key in snapshot.rows]
            if own and snapshot.vectors is not None:
                found |= zip(own, snapshot.vectors.cosines([snapshot.rows[key] for key in own], vector), strict=True)
        return found
