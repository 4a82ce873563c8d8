"""What of a collection lies ready to be searched: a snapshot that never changes, replaced when the collection does."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from visavis.core.document import Entry
from visavis.core.passage import Passage
from visavis.knowledge.lexical import LexicalIndex
from visavis.knowledge.vectors import FaissIndex


@dataclass(frozen=True, slots=True, eq=False)
class Shelved:
    """A document's passages as they were at one `revision`."""

    revision: int
    entries: tuple[Entry, ...]


@dataclass(frozen=True)
class CollectionIndex:
    """The passages of a collection at one `revision`, by row. `vectors` None: the database searches these itself."""

    name: str
    revision: int
    documents: Mapping[str, Shelved]
    passages: tuple[Passage, ...]
    lexical: LexicalIndex
    vectors: FaissIndex | None = field(default=None)

    @classmethod
    def build(
        cls, name: str, revision: int, documents: Mapping[str, Shelved], dimensions: int, *, in_memory: bool
    ) -> CollectionIndex:
        """Makes it. Blocks: about a second for 10,000 passages."""
        entries = [entry for shelved in documents.values() for entry in shelved.entries]
        vectors = FaissIndex(_stacked(entries, dimensions)) if in_memory else None
        lexical = LexicalIndex([entry.terms for entry in entries])
        return cls(name, revision, documents, tuple(entry.passage for entry in entries), lexical, vectors)

    @cached_property
    def titles(self) -> tuple[str, ...]:
        """What the documents are called, each once."""
        return tuple(dict.fromkeys(passage.title for passage in self.passages if passage.title))

    @cached_property
    def rows(self) -> dict[str, int]:
        """Where each passage is, by id."""
        return {passage.id: row for row, passage in enumerate(self.passages)}


def _stacked(entries: Sequence[Entry], dimensions: int) -> np.ndarray[tuple[int, int], np.dtype[np.float32]]:
    out = np.zeros((len(entries), dimensions), np.float32)
    for row, entry in enumerate(entries):
        out[row] = entry.vector
    return out
