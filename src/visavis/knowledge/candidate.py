"""What a search brings up before it is judged, and who judges it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from visavis.core.passage import Passage


@dataclass(frozen=True, slots=True)
class Query:
    """What is searched for, and how it stands to everything that is known.

    `terms` are its words that mean something, each as the alternatives it is looked up by; `weights` are their inverse
    document frequencies (0 for none). `mean` and `deviation` are those of the cosine of the query with all passages of
    the collections: an unrelated query is as near to all of them.
    """

    text: str
    terms: tuple[tuple[str, ...], ...] = ()
    weights: tuple[float, ...] = ()
    mean: float = 0.0
    deviation: float = 0.0
    passages: int = 0
    """How many were searched."""
    language: str = ""
    """ISO 639-1."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A passage that may help, with everything that speaks for it.

    `cosine` is its likeness in meaning in [-1, 1]; `bm25` its score by words, 0 without a common one; `matched` the
    share in [0, 1] of the query's words that are in it, weighted by how rare they are. Ranks count from 0 and are None
    beyond the depth of the search; `fused` is what both say together. `apart` and `matched_apart` tell how far the
    cosine and the share of words are above those of the passages around it in its document (0 where there are none),
    for the first `ranking.LEADERS` candidates only. `odds` and `sure` are the judge's: the log-odds that it
    helps, and whether it holds the answer, as far as can be told.
    """

    passage: Passage
    cosine: float
    bm25: float = 0.0
    matched: float = 0.0
    vector_rank: int | None = None
    lexical_rank: int | None = None
    fused: float = 0.0
    apart: float = 0.0
    matched_apart: float = 0.0
    odds: float = 0.0
    sure: bool = False


class Judge(Protocol):
    """Decides which candidates help to answer a query."""

    def keep(self, query: Query, candidates: Sequence[Candidate]) -> tuple[Candidate, ...]:
        """Those that do, in the order given (best first), with those marked that are `sure` to; none when nothing
        relevant is known. Pure and quick."""
        ...
