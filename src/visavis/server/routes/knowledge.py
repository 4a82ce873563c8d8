"""The host's documents: added, looked at, searched and removed."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Query, Request, Response
from fastapi import Path as InPath
from fastapi.responses import FileResponse, PlainTextResponse

from visavis.core.errors import VisavisError
from visavis.knowledge.desk import Desk
from visavis.knowledge.intake import check_collection
from visavis.knowledge.media_type import PDF
from visavis.server.form_file import receive_file
from visavis.server.house import House
from visavis.server.knowledge_view import (
    CollectionList,
    CollectionView,
    DocumentList,
    DocumentView,
    PassageList,
    PassageView,
)

router = APIRouter(prefix="/api/v1/knowledge", tags=["knowledge"])

_ALWAYS: Final = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "Cache-Control": "private, no-cache",
}
_FORM: Final[dict[str, Any]] = {
    "requestBody": {
        "required": True,
        "content": {
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "required": ["file"],
                    "properties": {"file": {"type": "string", "format": "binary"}},
                }
            }
        },
    }
}
_PICTURE: Final[dict[int | str, dict[str, Any]]] = {200: {"content": {"image/png": {}}}}
_FILE: Final[dict[int | str, dict[str, Any]]] = {200: {"content": {"application/octet-stream": {}}}}


async def _collection(collection: str) -> str:
    check_collection(collection)
    return collection


Collection = Annotated[str, Depends(_collection)]


@router.get("")
async def collections(request: Request) -> CollectionList:
    """The collections that hold documents; a persona knows those that it names, by default the one of its own id."""
    house: House = request.app.state.house
    if not house.knowledge.used:
        return CollectionList(collections=[])
    desk = await house.knowledge.desk()
    return CollectionList(collections=[CollectionView.of(one) for one in await desk.archive.collections()])


@router.get("/{collection}")
async def documents(collection: Collection, request: Request) -> DocumentList:
    """The documents of a collection; one that nobody has added to yet is empty."""
    house: House = request.app.state.house
    if not house.knowledge.used:
        return DocumentList(documents=[])
    desk = await house.knowledge.desk()
    found = await desk.archive.documents(collection)
    return DocumentList(documents=[DocumentView.of(one, desk.intake.progress) for one in found])


@router.post("/{collection}", status_code=202, openapi_extra=_FORM)
async def add(collection: Collection, request: Request) -> DocumentView:
    """Adds a document (PDF, DOCX, HTML, Markdown or plain text), or replaces the one of its name. It is indexed while
    nobody talks: ask for it again until its status is `ready`."""
    desk = await _desk(request)
    path = await asyncio.to_thread(desk.originals.incoming)
    try:
        name = await receive_file(request, path, desk.intake.limits.bytes)
        document = await desk.intake.add(collection, name, path)
    except VisavisError as error:
        alike = {"upload.too_large": "knowledge.too_large", "upload.empty": "knowledge.empty"}
        raise VisavisError(alike.get(error.code, error.code), error.message, retryable=error.retryable) from error
    finally:
        with suppress(OSError):
            await asyncio.to_thread(path.unlink, missing_ok=True)
    return DocumentView.of(document, desk.intake.progress)


@router.get("/{collection}/search")
async def search(
    collection: Collection,
    request: Request,
    q: Annotated[str, Query(min_length=1, max_length=1000)],
    limit: Annotated[int, Query(ge=1, le=20)] = 5,
) -> PassageList:
    """What a collection says to a question, the best first, and whether a persona would be told it."""
    desk = await _desk(request)
    found = await desk.retriever.search(q, [collection])
    kept = [one.passage.id for one in desk.retriever.judged(found)]
    shown = sorted(found.candidates, key=lambda one: one.passage.id not in kept)[:limit]
    return PassageList(passages=[PassageView.of(one, relevant=one.passage.id in kept) for one in shown])


@router.get("/{collection}/{document_id}")
async def document(collection: Collection, document_id: str, request: Request) -> DocumentView:
    """One document, and how far it is indexed."""
    desk = await _desk(request)
    return DocumentView.of(await desk.archive.document(collection, document_id), desk.intake.progress)


@router.delete("/{collection}/{document_id}")
async def remove(collection: Collection, document_id: str, request: Request) -> DocumentView:
    """Removes a document with all that was made of it."""
    desk = await _desk(request)
    return DocumentView.of(await desk.intake.remove(collection, document_id), {})


@router.get("/{collection}/{document_id}/file", response_class=FileResponse, responses=_FILE)
async def original(collection: Collection, document_id: str, request: Request) -> FileResponse:
    """The document as it was sent, to be saved."""
    desk = await _desk(request)
    found = await desk.archive.document(collection, document_id)
    path = await asyncio.to_thread(desk.originals.path, found.digest)
    return FileResponse(path, media_type=found.media_type, filename=found.name, headers=_ALWAYS)


@router.get("/{collection}/{document_id}/text", response_class=PlainTextResponse)
async def text(collection: Collection, document_id: str, request: Request) -> PlainTextResponse:
    """What was read of a document; the passages' `start` and `end` count its characters (Unicode code points)."""
    desk = await _desk(request)
    await desk.archive.document(collection, document_id)
    return PlainTextResponse(await desk.archive.text(document_id), headers=_ALWAYS)


@router.get("/{collection}/{document_id}/pages/{page}.png", response_class=Response, responses=_PICTURE)
async def page_picture(
    collection: Collection,
    document_id: str,
    page: Annotated[int, InPath(ge=1, le=100_000)],
    request: Request,
    passage: Annotated[str, Query(max_length=64)] = "",
) -> Response:
    """A page of a PDF as a picture; what of `passage`, the id of one, stands on it is marked."""
    desk = await _desk(request)
    found = await desk.archive.document(collection, document_id)
    if found.media_type != PDF:
        raise VisavisError("knowledge.unknown", "Only PDF documents have pages; ask for its text.")
    entries = await desk.archive.entries([document_id], vectors=False) if passage else []
    words = next((entry.passage.text for entry in entries if entry.passage.id == passage), "")
    path = await asyncio.to_thread(desk.originals.path, found.digest)
    return Response(await desk.reader.draw(path, page, words), media_type="image/png", headers=_ALWAYS)


async def _desk(request: Request) -> Desk:
    house: House = request.app.state.house
    return await house.knowledge.desk()
