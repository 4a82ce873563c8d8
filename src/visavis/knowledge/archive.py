"""Where documents and their passages are kept; `visavis.store.documents` is one archive."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from visavis.core.document import Collection, Document, Entry, Revisions


class Archive(Protocol):
    """Keeps documents. All calls are safe from several tasks and processes; none blocks the event loop.

    Every call may raise VisavisError `store.unavailable` and `storage.full`.
    """

    async def collections(self) -> list[Collection]:
        """Those that hold a document, by name."""
        ...

    async def revisions(self) -> Revisions:
        """How far each collection is; one that never held a document is missing."""
        ...

    async def documents(self, collection: str) -> list[Document]:
        """By name."""
        ...

    async def document(self, collection: str, document_id: str) -> Document:
        """Raises VisavisError `knowledge.unknown`."""
        ...

    async def named(self, collection: str, name: str) -> Document | None:
        """The document of that name."""
        ...

    async def alike(self, collection: str, digest: str) -> Document | None:
        """A document with these bytes."""
        ...

    async def unfinished(self, index: str) -> list[Document]:
        """Those that wait to be indexed, and those that were indexed in another way than `index`, oldest first."""
        ...

    async def put(self, document: Document) -> None:
        """Keeps what is known of a document, a new one or an old; its passages stay."""
        ...

    async def finish(self, document: Document, text: str, entries: Sequence[Entry]) -> Document:
        """Keeps what became of the document, with its text and these passages instead of those it had; returns it
        with its new revision. Raises VisavisError `knowledge.unknown` when it was removed or replaced meanwhile."""
        ...

    async def remove(self, collection: str, document_id: str) -> Document:
        """Forgets a document and its passages; returns it. Raises VisavisError `knowledge.unknown`."""
        ...

    async def used(self, digest: str) -> bool:
        """Whether any document has these bytes."""
        ...

    async def text(self, document_id: str) -> str:
        """The text that the passages' offsets count in. Raises VisavisError `knowledge.unknown`."""
        ...

    async def entries(self, documents: Sequence[str], *, vectors: bool = True) -> list[Entry]:
        """The passages of these documents, in order."""
        ...


class VectorTable(Protocol):
    """Vectors that the database itself searches (pgvector)."""

    async def open(self, dimensions: int) -> None:
        """Makes the table if there is none. Raises VisavisError `knowledge.unavailable` where the database cannot."""
        ...

    async def refresh(self) -> None:
        """Takes in the vectors of all passages that it lacks."""
        ...

    async def nearest(
        self, collections: Sequence[str], vector: NDArray[np.float32], limit: int
    ) -> list[tuple[str, float]]:
        """Ids of the passages most alike and their cosines, best first."""
        ...

    async def cosines(self, ids: Sequence[str], vector: NDArray[np.float32]) -> Mapping[str, float]:
        """The cosines of these passages."""
        ...

    async def spread(self, collections: Sequence[str], vector: NDArray[np.float32]) -> tuple[float, float]:
        """Mean and standard deviation of the cosine with all passages of these collections; zeros for none."""
        ...
