"""Where the passage that answers a question stands: as the product ranks it, and by plain ways for comparison."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final, Self

import numpy as np
from numpy.typing import NDArray

from bench.questions import Question, holds
from bench.shelf import COLLECTION
from visavis.core.document import Entry
from visavis.engines.embedder import Embedder
from visavis.knowledge.desk import Desk
from visavis.knowledge.lexical import LexicalIndex
from visavis.knowledge.terms import Terms

_SMOOTHING: Final = 60
"""Of reciprocal rank fusion (Cormack, Clarke and Büttcher, SIGIR 2009)."""
_DEPTH: Final = 40


class Rankings:
    """The product's ranking, and three others of the same passages: vectors as the embedder gives them, BM25, and the
    reciprocal rank fusion of these two."""

    def __init__(
        self,
        desk: Desk,
        embedder: Embedder,
        entries: Sequence[Entry],
        names: Mapping[str, str],
        vectors: NDArray[np.float32],
    ) -> None:
        self._desk, self._embedder, self._entries, self._names = desk, embedder, entries, names
        self._vectors = vectors
        self._lexical = LexicalIndex([entry.terms for entry in entries])
        self._terms = Terms()

    @classmethod
    async def of(cls, desk: Desk, embedder: Embedder, entries: Sequence[Entry], names: Mapping[str, str]) -> Self:
        """Embeds the passages once more, as they are."""
        texts = [f"{one.passage.title} › {one.passage.heading}\n{one.passage.text}" for one in entries]
        return cls(desk, embedder, entries, names, await embedder.embed(texts, "passage"))

    async def places(self, question: Question) -> dict[str, int | None]:
        """By way, the place of the first passage with the evidence, from 0; None beyond the first forty."""
        found = await self._desk.retriever.search(question.text, [COLLECTION])
        ids = {entry.passage.id: row for row, entry in enumerate(self._entries)}
        vector = (await self._embedder.embed([question.text], "query"))[0]
        near = [int(row) for row in np.argsort(-(self._vectors @ vector))[:_DEPTH]]
        scores = self._lexical.scores(self._terms.asked(question.text)).bm25
        worded = [int(row) for row in np.argsort(-scores, kind="stable")[:_DEPTH] if scores[row] > 0]
        return {
            "visavis": self._place([ids[one.passage.id] for one in found.candidates], question),
            "plain vectors": self._place(near, question),
            "plain BM25": self._place(worded, question),
            "their rank fusion": self._place(_fused(near, worded), question),
        }

    def _place(self, rows: Sequence[int], question: Question) -> int | None:
        for place, row in enumerate(rows[:_DEPTH]):
            passage = self._entries[row].passage
            if self._names[passage.document] == question.document and holds(passage.text, question):
                return place
        return None


def _fused(*rankings: Sequence[int]) -> list[int]:
    gained: dict[int, float] = {}
    for ranking in rankings:
        for place, row in enumerate(ranking):
            gained[row] = gained.get(row, 0.0) + 1 / (_SMOOTHING + 1 + place)
    return sorted(gained, key=lambda row: -gained[row])
