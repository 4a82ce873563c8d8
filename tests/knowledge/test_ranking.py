"""Joining the two searches over a snapshot made by hand, where passages of one document stand side by side."""

from __future__ import annotations

import numpy as np

from visavis.core.document import Entry
from visavis.core.passage import Passage
from visavis.knowledge.index import CollectionIndex, Shelved
from visavis.knowledge.ranking import DEPTH, LEADERS, Found, Ranking

DIMENSIONS = 4


def entry(row: int, terms: tuple[str, ...], cosine: float) -> Entry:
    """A passage of the one document, this like the question."""
    vector = np.array([cosine, (1 - cosine**2) ** 0.5, 0, 0], np.float32)
    return Entry(Passage(f"p{row}", "d", "Prices", " ".join(terms), row, row + 1, language="en"), terms, vector)


def ranked(entries: list[Entry], words: tuple[str, ...]) -> Found:
    """A search of these entries, with words that are asked for as they are."""
    snapshot = CollectionIndex.build("c", 1, {"d": Shelved(1, tuple(entries))}, DIMENSIONS, in_memory=True)
    asked = tuple((word,) for word in words)
    ranking = Ranking(" ".join(words), "en", asked, [(snapshot, snapshot.lexical.scores(asked))])
    ranking.search_memory(np.array([1, 0, 0, 0], np.float32))
    return ranking.found()


def test_a_passage_that_only_stands_beside_a_leader_is_no_leader_itself() -> None:
    alike = [entry(row, ("other",), 0.5 + row / 1000) for row in range(DEPTH)]
    # Too long to be among the first by words, too unlike to be among the first by meaning, and strong in both together.
    beside = [entry(DEPTH + row, ("ticket", *["filler"] * 40), 0.45) for row in range(DEPTH)]
    worded = [entry(2 * DEPTH + row, ("ticket",), 0.0) for row in range(DEPTH)]
    found = ranked([*alike, *beside, *worded], ("ticket",))
    assert not {one.passage.id for one in found.candidates} & {one.passage.id for one in beside}
    assert [one.passage.id for one in found.candidates[:LEADERS]] == [f"p{DEPTH - 1 - at}" for at in range(LEADERS)]
    assert len(found.candidates) == 2 * DEPTH


def test_leaders_are_compared_with_what_stands_around_them() -> None:
    entries = [entry(row, ("other",), 0.1) for row in range(100)]
    entries[50] = entry(50, ("ticket", "price"), 0.6)
    best = ranked(entries, ("ticket", "price")).candidates[0]
    assert best.passage.id == "p50"
    assert abs(best.apart - 0.5) < 1e-4 and abs(best.matched_apart - 1.0) < 1e-4
