"""The host's documents and their passages in the database."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

import numpy as np
from sqlalchemy import delete, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from visavis.core.document import Collection, Document, Entry
from visavis.core.errors import VisavisError
from visavis.core.passage import Passage
from visavis.store.database import Database
from visavis.store.tables import KnowledgeCollection, KnowledgeDocument, KnowledgePassage

_COLUMNS: Final = (
    "id", "collection", "name", "media_type", "digest", "size", "added_at", "title", "language", "pages", "passages",
    "status", "error_code", "error_message", "revision", "index",
)  # fmt: skip
_OF_PASSAGE: Final = ("id", "document_id", "text", "begin", "end", "page", "heading", "language", "terms")
_BATCH: Final = 500
"""Ids in one query: databases take a limited number of values."""


class DocumentStore:
    """A `knowledge.archive.Archive`. Every call may raise VisavisError `store.unavailable` and `storage.full`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def collections(self) -> list[Collection]:
        """Those that hold a document, by name."""
        counted = (
            select(KnowledgeDocument.collection, func.count(), func.sum(KnowledgeDocument.passages))
            .group_by(KnowledgeDocument.collection)
            .order_by(KnowledgeDocument.collection)
        )
        async with self._database.reading() as session:
            rows = await session.execute(counted)
            return [Collection(name, documents, int(passages)) for name, documents, passages in rows]

    async def revisions(self) -> dict[str, int]:
        """How far each collection is."""
        async with self._database.reading() as session:
            rows = await session.scalars(select(KnowledgeCollection))
            return {row.name: row.revision for row in rows}

    async def documents(self, collection: str) -> list[Document]:
        """By name."""
        wanted = select(KnowledgeDocument).where(KnowledgeDocument.collection == collection)
        async with self._database.reading() as session:
            rows = await session.scalars(wanted.order_by(KnowledgeDocument.name, KnowledgeDocument.id))
            return [_document(row) for row in rows]

    async def document(self, collection: str, document_id: str) -> Document:
        """Raises VisavisError `knowledge.unknown`."""
        async with self._database.reading() as session:
            return _document(await _row(session, collection, document_id))

    async def named(self, collection: str, name: str) -> Document | None:
        """The document of that name."""
        return await self._one(collection, KnowledgeDocument.name == name)

    async def alike(self, collection: str, digest: str) -> Document | None:
        """A document with these bytes."""
        return await self._one(collection, KnowledgeDocument.digest == digest)

    async def unfinished(self, index: str) -> list[Document]:
        """Those that wait to be indexed, and those that were indexed in another way than `index`, oldest first."""
        wanted = select(KnowledgeDocument).where(
            or_(KnowledgeDocument.status == "indexing", KnowledgeDocument.index != index)
        )
        async with self._database.reading() as session:
            rows = await session.scalars(wanted.order_by(KnowledgeDocument.added_at, KnowledgeDocument.id))
            return [_document(row) for row in rows]

    async def put(self, document: Document) -> None:
        """Keeps what is known of a document, a new one or an old; its passages stay."""
        async with self._database.writing() as session:
            row = await session.get(KnowledgeDocument, document.id)
            if row is None:
                session.add(KnowledgeDocument(**_values(document), text=""))
            else:
                for name, value in _values(document).items():
                    setattr(row, name, value)

    async def finish(self, document: Document, text: str, entries: Sequence[Entry]) -> Document:
        """Keeps what became of the document, with its text and passages. Raises VisavisError `knowledge.unknown` when
        it was removed or replaced meanwhile."""
        async with self._database.writing() as session:
            row = await _row(session, document.collection, document.id)
            if row.digest != document.digest:
                raise _unknown()
            values = _values(document) | {"revision": await _next_revision(session, document.collection), "text": text}
            for name, value in values.items():
                setattr(row, name, value)
            await session.execute(delete(KnowledgePassage).where(KnowledgePassage.document_id == document.id))
            session.add_all(_passage_row(number, entry) for number, entry in enumerate(entries))
            return _document(row)

    async def remove(self, collection: str, document_id: str) -> Document:
        """Forgets a document and its passages; returns it. Raises VisavisError `knowledge.unknown`."""
        async with self._database.writing() as session:
            row = await _row(session, collection, document_id)
            document = _document(row)
            await _next_revision(session, collection)
            await session.execute(delete(KnowledgeDocument).where(KnowledgeDocument.id == document_id))
            return document

    async def used(self, digest: str) -> bool:
        """Whether any document has these bytes."""
        async with self._database.reading() as session:
            found = select(KnowledgeDocument.id).where(KnowledgeDocument.digest == digest).limit(1)
            return await session.scalar(found) is not None

    async def text(self, document_id: str) -> str:
        """The text that the passages' offsets count in. Raises VisavisError `knowledge.unknown`."""
        async with self._database.reading() as session:
            wanted = select(KnowledgeDocument.text).where(KnowledgeDocument.id == document_id)
            text = await session.scalar(wanted)
        if text is None:
            raise _unknown()
        return text

    async def entries(self, documents: Sequence[str], *, vectors: bool = True) -> list[Entry]:
        """The passages of these documents, in order."""
        columns = [getattr(KnowledgePassage, name) for name in (*_OF_PASSAGE, *(["vector"] if vectors else []))]
        wanted = (
            select(*columns, KnowledgeDocument.title, KnowledgeDocument.collection)
            .join(KnowledgeDocument, KnowledgeDocument.id == KnowledgePassage.document_id)
            .order_by(KnowledgePassage.document_id, KnowledgePassage.number)
        )
        found: list[Entry] = []
        async with self._database.reading() as session:
            for start in range(0, len(documents), _BATCH):
                ids = documents[start : start + _BATCH]
                rows = await session.execute(wanted.where(KnowledgePassage.document_id.in_(ids)))
                found.extend(_entry(row) for row in rows.mappings())
        return found

    async def _one(self, collection: str, condition: Any) -> Document | None:
        wanted = select(KnowledgeDocument).where(KnowledgeDocument.collection == collection, condition).limit(1)
        async with self._database.reading() as session:
            row = await session.scalar(wanted)
            return None if row is None else _document(row)


async def _row(session: AsyncSession, collection: str, document_id: str) -> KnowledgeDocument:
    row = await session.get(KnowledgeDocument, document_id)
    if row is None or row.collection != collection:
        raise _unknown()
    return row


async def _next_revision(session: AsyncSession, collection: str) -> int:
    row = await session.get(KnowledgeCollection, collection, with_for_update=True)
    if row is None:
        row = KnowledgeCollection(name=collection, revision=0)
        session.add(row)
    row.revision += 1
    return row.revision


def _unknown() -> VisavisError:
    return VisavisError("knowledge.unknown", "There is no such document; it may have been removed.")


def _values(document: Document) -> dict[str, Any]:
    return {name: getattr(document, name) for name in _COLUMNS}


def _document(row: KnowledgeDocument) -> Document:
    return Document(**{name: getattr(row, name) for name in _COLUMNS})


def _passage_row(number: int, entry: Entry) -> KnowledgePassage:
    passage = entry.passage
    return KnowledgePassage(
        id=passage.id,
        document_id=passage.document,
        number=number,
        text=passage.text,
        begin=passage.start,
        end=passage.end,
        page=passage.page,
        heading=passage.heading,
        language=passage.language,
        terms=" ".join(entry.terms),
        vector=np.asarray(entry.vector, "<f4").tobytes(),
    )


def _entry(row: Mapping[Any, Any]) -> Entry:
    passage = Passage(
        id=row["id"],
        document=row["document_id"],
        title=row["title"],
        text=row["text"],
        start=row["begin"],
        end=row["end"],
        page=row["page"],
        heading=row["heading"],
        language=row["language"],
        collection=row["collection"],
    )
    vector = np.frombuffer(row.get("vector", b""), "<f4").astype(np.float32)
    return Entry(passage, tuple(row["terms"].split()), vector)
