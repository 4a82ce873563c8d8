"""Joins what the two searches bring up of several collections into one list of candidates. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from visavis.core.passage import Passage
from visavis.knowledge.candidate import Candidate, Query
from visavis.knowledge.fusion import fused
from visavis.knowledge.index import CollectionIndex
from visavis.knowledge.lexical import Scores

DEPTH: Final = 40
"""How many passages each of the two searches brings up."""
LEADERS: Final = 5
"""So many of the best candidates are compared with the passages around them."""
_AROUND: Final = 6
"""Passages before and after one that count as being around it."""


@dataclass(frozen=True, slots=True)
class Found:
    """What a search brought up, best first, before it is judged."""

    query: Query
    candidates: tuple[Candidate, ...] = ()


@dataclass(slots=True)
class _Hit:
    passage: Passage
    bm25: float
    matched: float
    cosine: float | None = None
    around: bool = False
    """Whether it is known only for standing around another."""


class Ranking:
    """One search: begun with what the words say, then told the cosines."""

    def __init__(
        self,
        text: str,
        language: str,
        asked: tuple[tuple[str, ...], ...],
        scored: Sequence[tuple[CollectionIndex, Scores]],
    ) -> None:
        """`asked` are the words of the query; `scored` what they say of each collection."""
        self._text, self._language, self._asked = text, language, asked
        self._scored = scored
        self._hits: dict[str, _Hit] = {}
        self._spreads: list[tuple[float, float, int]] = []
        for snapshot, scores in scored:
            for row in _best(scores.bm25, DEPTH):
                self._hit(snapshot, scores, row)

    @property
    def collections(self) -> list[str]:
        """Those that are searched."""
        return [snapshot.name for snapshot, _ in self._scored]

    @property
    def lacking(self) -> list[str]:
        """Passages whose cosine is not known yet."""
        return [key for key, hit in self._hits.items() if hit.cosine is None]

    def near(self, cosines: Iterable[tuple[str, float]]) -> None:
        """Takes cosines of passages, such as the nearest; those that the snapshots do not hold are left out."""
        for key, cosine in cosines:
            for snapshot, scores in self._scored:
                row = snapshot.rows.get(key)
                if row is not None:
                    self._hit(snapshot, scores, row).cosine = cosine

    def spread(self, mean: float, deviation: float, passages: int) -> None:
        """Takes the mean and deviation of the cosines of so many passages; several groups are pooled."""
        self._spreads.append((mean, deviation, passages))

    def search_memory(self, vector: NDArray[np.float32]) -> None:
        """Has the snapshots' own vectors tell the cosines."""
        for snapshot, scores in self._scored:
            if snapshot.vectors is None:
                continue
            for row, cosine in snapshot.vectors.nearest(vector, DEPTH):
                self._hit(snapshot, scores, row).cosine = cosine
            self.spread(*snapshot.vectors.spread(vector), len(snapshot.passages))
        self._fill(vector)
        self.look_around()
        self._fill(vector)

    def look_around(self) -> None:
        """Takes in what stands around the best candidates, to compare them with; its cosines are lacking then."""
        for key in self._leaders():
            for snapshot, scores in self._scored:
                for row in _around(snapshot, key):
                    known = snapshot.passages[row].id in self._hits
                    self._hit(snapshot, scores, row).around |= not known

    def found(self) -> Found:
        """The candidates, fused."""
        cosines = {key: hit.cosine for key, hit in self._hits.items() if hit.cosine is not None and not hit.around}
        near = sorted(cosines, key=lambda key: -cosines[key])[:DEPTH]
        worded = sorted((key for key in cosines if self._hits[key].bm25 > 0), key=lambda key: -self._hits[key].bm25)
        worded = worded[:DEPTH]
        by_meaning = {key: place for place, key in enumerate(near)}
        by_words = {key: place for place, key in enumerate(worded)}
        leaders = self._leaders()
        apart = {key: self._apart(key) for key in leaders}
        candidates = tuple(
            Candidate(
                passage=self._hits[key].passage,
                cosine=cosines[key],
                bm25=self._hits[key].bm25,
                matched=self._hits[key].matched,
                vector_rank=by_meaning.get(key),
                lexical_rank=by_words.get(key),
                fused=fused(cosines[key], self._hits[key].matched),
                apart=apart[key][0] if key in apart else 0.0,
                matched_apart=apart[key][1] if key in apart else 0.0,
            )
            for key in dict.fromkeys((*near, *worded))
        )
        return Found(self._query(), tuple(sorted(candidates, key=lambda one: -one.fused)))

    def _leaders(self) -> list[str]:
        """The best candidates so far."""
        known = [
            (fused(hit.cosine, hit.matched), key)
            for key, hit in self._hits.items()
            if hit.cosine is not None and not hit.around
        ]
        return [key for _, key in sorted(known, key=lambda pair: -pair[0])[:LEADERS]]

    def _apart(self, key: str) -> tuple[float, float]:
        """How far cosine and matched words are above what is around."""
        others = [
            self._hits[snapshot.passages[row].id] for snapshot, _ in self._scored for row in _around(snapshot, key)
        ]
        known = [(hit.cosine, hit.matched) for hit in others if hit.cosine is not None]
        hit = self._hits[key]
        if not known or hit.cosine is None:
            return 0.0, 0.0
        cosine, matched = (sum(values) / len(known) for values in zip(*known, strict=True))
        return hit.cosine - cosine, hit.matched - matched

    def _fill(self, vector: NDArray[np.float32]) -> None:
        """Has the snapshots' own vectors tell the cosines that are lacking."""
        for snapshot, scores in self._scored:
            if snapshot.vectors is None:
                continue
            rows = [snapshot.rows[key] for key in self.lacking if key in snapshot.rows]
            for row, cosine in zip(rows, snapshot.vectors.cosines(rows, vector), strict=True):
                self._hit(snapshot, scores, row).cosine = cosine

    def _query(self) -> Query:
        weights = tuple(max(column) for column in zip(*(scores.weights for _, scores in self._scored), strict=True))
        count = sum(len(snapshot.passages) for snapshot, _ in self._scored)
        return Query(self._text, self._asked, weights, *self._pooled(), count, self._language)

    def _pooled(self) -> tuple[float, float]:
        """Mean and deviation of all groups together."""
        count = sum(size for _, _, size in self._spreads)
        if not count:
            return 0.0, 0.0
        mean = sum(mean * size for mean, _, size in self._spreads) / count
        square = sum((own**2 + deviation**2) * size for own, deviation, size in self._spreads) / count
        return mean, max(square - mean**2, 0.0) ** 0.5

    def _hit(self, snapshot: CollectionIndex, scores: Scores, row: int) -> _Hit:
        passage = snapshot.passages[row]
        if passage.id not in self._hits:
            self._hits[passage.id] = _Hit(passage, float(scores.bm25[row]), float(scores.matched[row]))
        return self._hits[passage.id]


def _around(snapshot: CollectionIndex, key: str) -> list[int]:
    """The rows around a passage in its document, without its own."""
    row = snapshot.rows.get(key)
    if row is None:
        return []
    document = snapshot.passages[row].document
    rows = range(max(0, row - _AROUND), min(len(snapshot.passages), row + _AROUND + 1))
    return [one for one in rows if one != row and snapshot.passages[one].document == document]


def _best(scores: NDArray[np.float32], count: int) -> list[int]:
    """The rows of the highest scores above 0, best first."""
    rows = np.argpartition(-scores, count)[:count] if len(scores) > count else np.arange(len(scores))
    ordered = rows[np.argsort(-scores[rows], kind="stable")]
    return [int(row) for row in ordered if scores[row] > 0]
