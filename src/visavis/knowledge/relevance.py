"""Decides whether what was found helps to answer, or nothing relevant is known."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from visavis.knowledge.candidate import Candidate, Query


@dataclass(frozen=True, slots=True)
class Relevance:
    """A plain threshold: enough of the query's words, or a likeness that stands out of the collection's."""

    matched: float = 0.6
    cosine: float = 0.33

    def keep(self, query: Query, candidates: Sequence[Candidate]) -> tuple[Candidate, ...]:
        """The candidates past either threshold, in the order given."""
        del query
        return tuple(one for one in candidates if one.matched >= self.matched or one.cosine >= self.cosine)
