"""Takes documents in and out of collections, and has the waiting ones indexed, one after the other."""

from __future__ import annotations

import asyncio
import re
import secrets
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path, PurePath
from typing import Final

import structlog

from visavis.core.document import Document
from visavis.core.errors import VisavisError
from visavis.knowledge.library import Library
from visavis.knowledge.making import PassageMaker
from visavis.knowledge.media_type import media_type
from visavis.knowledge.originals import Originals

_log = structlog.get_logger(__name__)

_COLLECTION: Final = re.compile(r"[a-z0-9][a-z0-9_-]{0,63}")
_LONGEST_NAME: Final = 200
_SETTLE: Final = 5.0
"""Seconds for which new documents of a row are not yet searched, so that a long row is not slowed down."""


@dataclass(frozen=True, slots=True)
class IntakeLimits:
    """The most `bytes` of a document, and how many `documents` there may be in all collections together."""

    bytes: int = 50_000_000
    documents: int = 5_000


class Intake:
    """What adds, removes and indexes the documents of a library. Bound to one event loop."""

    def __init__(self, library: Library, originals: Originals, maker: PassageMaker, limits: IntakeLimits) -> None:
        self._library, self._originals, self._maker = library, originals, maker
        self.limits = limits
        self._wanted = asyncio.Event()
        self._taking = asyncio.Lock()
        self.progress: dict[str, float] = {}
        """How much of each document that is being indexed is done, 0 … 1, by id."""

    async def add(self, collection: str, name: str, path: Path) -> Document:
        """Takes in a copy of the file at `path`, which then waits to be indexed. A document of the same name is
        replaced, and keeps its id; the very same one is left as it is, whatever it is called.

        Raises VisavisError `knowledge.collection`, `knowledge.type`, `knowledge.too_large`, `knowledge.empty`,
        `knowledge.full`, `storage.…`, `store.unavailable`.
        """
        check_collection(collection)
        name = _plain_name(name)
        await asyncio.to_thread(self._measure, path)
        kind = await asyncio.to_thread(media_type, path, name)
        async with self._taking:
            digest, size = await asyncio.to_thread(self._originals.keep, path)
            same = await self._library.archive.alike(collection, digest)
            if same is not None and same.status != "failed":
                return same
            before = same or await self._library.archive.named(collection, name)
            if before is None:
                await self._make_room()
            document = Document(
                id=before.id if before else secrets.token_hex(8),
                collection=collection,
                name=name,
                media_type=kind,
                digest=digest,
                size=size,
                added_at=datetime.now(UTC),
                title=before.title if before else PurePath(name).stem,
                passages=before.passages if before else 0,
                revision=before.revision if before else 0,
                index=before.index if before else "",
            )
            await self._library.archive.put(document)
            if before and before.digest != digest:
                await self._drop(before.digest)
        self._wanted.set()
        return document

    async def remove(self, collection: str, document_id: str) -> Document:
        """Takes a document out of its collection. Raises VisavisError `knowledge.unknown`, `store.unavailable`."""
        async with self._taking:
            document = await self._library.archive.remove(collection, document_id)
            await self._drop(document.digest)
        self.progress.pop(document.id, None)
        await self._library.refresh()
        return document

    async def run(self) -> None:
        """Indexes what waits, and what was indexed in another way, until it is cancelled; what it was at is begun
        again by the next run."""
        while True:
            self._wanted.clear()
            try:
                await self._work()
            except VisavisError as error:
                _log.warning("knowledge.paused", code=error.code, message=error.message)
                await asyncio.sleep(_SETTLE)
                continue
            await self._wanted.wait()

    async def index(self, document: Document, on_progress: Callable[[float], None] | None = None) -> Document:
        """Indexes one document; returns it as it is then, ready or failed. It can be searched after the library's next
        refresh. Raises VisavisError `knowledge.unknown` when it was removed meanwhile, `store.unavailable`,
        `embedder.…`."""
        archive = self._library.archive

        def told(share: float) -> None:
            self.progress[document.id] = share
            if on_progress is not None:
                on_progress(share)

        told(0.0)
        begin = time.monotonic()
        index = self._library.index
        try:
            path = self._originals.path(document.digest)
            entries = await archive.entries([document.id]) if document.index == index else []
            made = await self._maker.make(document, path, {entry.passage.id: entry for entry in entries}, told)
        except VisavisError as error:
            if not error.code.startswith("knowledge."):
                raise
            return await self._failed(document, error)
        except Exception:
            _log.exception("knowledge.failed", document=document.id)
            return await self._failed(
                document, VisavisError("knowledge.unreadable", "The document could not be read; the log says why.")
            )
        ready = replace(made.document, status="ready", error_code="", error_message="", index=index)
        ready = await archive.finish(ready, made.text, made.entries)
        seconds = round(time.monotonic() - begin, 2)
        _log.info("knowledge.ready", document=document.id, passages=len(made.entries), seconds=seconds)
        return ready

    async def _failed(self, document: Document, error: VisavisError) -> Document:
        """Keeps why it failed; nothing of it is found any more."""
        _log.info("knowledge.failed", document=document.id, code=error.code)
        failed = replace(
            document,
            status="failed",
            error_code=error.code,
            error_message=error.message,
            passages=0,
            index=self._library.index,
        )
        return await self._library.archive.finish(failed, "", ())

    async def _work(self) -> None:
        settled = time.monotonic()
        while waiting := await self._library.archive.unfinished(self._library.index):
            for document in waiting:
                self.progress.setdefault(document.id, 0.0)
            document = waiting[0]
            try:
                await self.index(document)
            except VisavisError as error:
                if error.code != "knowledge.unknown":
                    raise
            if len(waiting) == 1 or time.monotonic() - settled > _SETTLE:
                await self._settle(document.id for document in waiting[1:])
                settled = time.monotonic()
        self.progress.clear()

    async def _settle(self, waiting: Iterable[str]) -> None:
        """Makes what was indexed so far findable, and only then says that it is done."""
        await self._library.refresh()
        for done in self.progress.keys() - set(waiting):
            del self.progress[done]

    def _measure(self, path: Path) -> None:
        size, largest = path.stat().st_size, self.limits.bytes
        if size > largest:
            raise VisavisError(
                "knowledge.too_large", f"The document is too large; send one of at most {largest / 1e6:.0f} MB."
            )
        if not size:
            raise VisavisError("knowledge.empty", "The document is empty; choose another one.")

    async def _make_room(self) -> None:
        held = sum(collection.documents for collection in await self._library.archive.collections())
        if held >= self.limits.documents:
            raise VisavisError(
                "knowledge.full", f"There are {held} documents, as many as may be; remove some, or raise the limit."
            )

    async def _drop(self, digest: str) -> None:
        if not await self._library.archive.used(digest):
            await asyncio.to_thread(self._originals.drop, digest)


def check_collection(name: str) -> None:
    """Raises VisavisError `knowledge.collection` for what cannot be the name of a collection."""
    if not _COLLECTION.fullmatch(name):
        raise VisavisError(
            "knowledge.collection",
            "The name of a collection is up to 64 lower-case letters, digits, - and _, the first a letter or digit.",
        )


def _plain_name(name: str) -> str:
    """The name of a file without folders and control characters."""
    name = PurePath(name.replace("\\", "/")).name
    return "".join(character for character in name if character.isprintable()).strip()[-_LONGEST_NAME:] or "document"
