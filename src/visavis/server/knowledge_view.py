"""Documents and passages as the HTTP doors show them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Literal, Self

from pydantic import BaseModel

from visavis.core.document import Collection, Document
from visavis.core.passage import Passage
from visavis.knowledge.candidate import Candidate


class CollectionView(BaseModel):
    """A collection with how much is in it."""

    name: str
    documents: int
    passages: int

    @classmethod
    def of(cls, collection: Collection) -> Self:
        """As it is shown."""
        return cls(name=collection.name, documents=collection.documents, passages=collection.passages)


class CollectionList(BaseModel):
    """All collections that hold something, by name."""

    collections: list[CollectionView]


class DocumentProblem(BaseModel):
    """Why a document could not be read."""

    code: str
    message: str


class DocumentView(BaseModel):
    """A document. `progress` in 0 … 1 is how much of it is indexed; `pages` is null where it has none; `error` says why
    it `failed`."""

    id: str
    title: str
    name: str
    media_type: str
    language: str
    bytes: int
    pages: int | None
    passages: int
    added_at: datetime
    status: Literal["indexing", "ready", "failed"]
    progress: float
    error: DocumentProblem | None

    @classmethod
    def of(cls, document: Document, progress: Mapping[str, float]) -> Self:
        """As it is shown; `progress` has those that are being indexed now, by id."""
        busy = document.id in progress and document.status != "failed"
        failed = document.status == "failed"
        return cls(
            id=document.id,
            title=document.title,
            name=document.name,
            media_type=document.media_type,
            language=document.language,
            bytes=document.size,
            pages=document.pages,
            passages=document.passages,
            added_at=document.added_at,
            status="indexing" if busy else document.status,
            progress=round(progress[document.id], 3) if busy else float(document.status == "ready"),
            error=DocumentProblem(code=document.error_code, message=document.error_message) if failed else None,
        )


class DocumentList(BaseModel):
    """The documents of a collection, by name."""

    documents: list[DocumentView]


class PassageView(BaseModel):
    """A passage that was found. `relevant` says whether a persona would be told it, `score` (0 … 1) how alike it is."""

    id: str
    document: str
    title: str
    text: str
    start: int
    end: int
    page: int | None
    heading: str
    language: str
    collection: str
    score: float
    relevant: bool

    @classmethod
    def of(cls, candidate: Candidate, *, relevant: bool) -> Self:
        """As it is shown."""
        passage: Passage = candidate.passage
        return cls(
            id=passage.id,
            document=passage.document,
            title=passage.title,
            text=passage.text,
            start=passage.start,
            end=passage.end,
            page=passage.page,
            heading=passage.heading,
            language=passage.language,
            collection=passage.collection,
            score=round(min(max(candidate.cosine, 0.0), 1.0), 4),
            relevant=relevant,
        )


class PassageList(BaseModel):
    """Passages, the best first."""

    passages: list[PassageView]
