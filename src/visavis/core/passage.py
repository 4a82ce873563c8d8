"""What was found in the host's documents, and who finds it: the contract between knowledge, personas and live."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Passage:
    """A retrieved piece of knowledge with its citation.

    `id` and `document` stay the same while the document does; `page` counts from 1 where the document has pages;
    `heading` is the path of headings above it, joined by " › "; `start` and `end` are character offsets in the
    document's extracted text; `language` is an ISO 639-1 code, "" when unknown; `score` in [0, 1] grows with likeness;
    `collection` is where it was found; `sure` says that it holds the answer to what was looked up, as far as that can
    be told without reading it.
    """

    id: str
    document: str
    title: str
    text: str
    start: int
    end: int
    page: int | None = None
    heading: str = ""
    language: str = ""
    score: float = 0.0
    collection: str = ""
    sure: bool = False


class Retriever(Protocol):
    """Finds passages in collections of documents."""

    def knows(self, collections: Sequence[str]) -> bool:
        """Whether any of these collections holds anything. Answers at once, without looking anything up."""
        ...

    def titles(self, collections: Sequence[str]) -> tuple[str, ...]:
        """What the documents of these collections are called, each once. Answers at once."""
        ...

    async def retrieve(self, query: str, collections: Sequence[str], limit: int = 4) -> tuple[Passage, ...]:
        """The passages that help to answer `query`, best first; none when nothing relevant is known.

        Cancellable. Raises VisavisError `knowledge.unavailable`.
        """
        ...
