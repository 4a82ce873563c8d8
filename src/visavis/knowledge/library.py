"""The collections of one server, kept ready to be searched and up to date with the archive."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Mapping, Sequence
from typing import Final

from visavis.core.document import Revisions
from visavis.core.errors import VisavisError
from visavis.knowledge.archive import Archive, VectorTable
from visavis.knowledge.index import CollectionIndex, Shelved

_FRESH: Final = 1.0
"""Seconds for which the archive is not asked again whether another process has changed it."""


class Library:
    """Holds a snapshot of every collection in memory.

    Whoever searches gets the snapshots at hand; a change is built beside them and takes their place when it is done.
    Other processes' changes are noticed with the next search, at most once a second.
    """

    def __init__(self, archive: Archive, dimensions: int, index: str, table: VectorTable | None = None) -> None:
        """`index` names the way in which passages were made; others' are left out until they are made anew. `table`
        searches the vectors where the database does that."""
        self.archive, self.table = archive, table
        self.dimensions, self.index = dimensions, index
        self._snapshots: dict[str, CollectionIndex] = {}
        self._revisions: Revisions = {}
        self._asked_at = float("-inf")
        self._building = asyncio.Lock()
        self._refreshing: asyncio.Task[None] | None = None

    async def open(self) -> None:
        """Reads all collections. Raises VisavisError `store.unavailable`, `knowledge.unavailable`."""
        if self.table is not None:
            await self.table.open(self.dimensions)
        await self.refresh()

    async def aclose(self) -> None:
        """Ends a refresh that is under way."""
        if self._refreshing is not None:
            self._refreshing.cancel()
            await asyncio.wait([self._refreshing])

    def knows(self, collections: Sequence[str]) -> bool:
        """Whether any of these holds a passage, as far as is known now."""
        return any(name in self._snapshots and self._snapshots[name].passages for name in collections)

    def titles(self, collections: Sequence[str]) -> tuple[str, ...]:
        """What the documents of these collections are called, as far as is known now."""
        known = [self._snapshots[name].titles for name in collections if name in self._snapshots]
        return tuple(dict.fromkeys(title for titles in known for title in titles))

    def snapshots(self, collections: Sequence[str]) -> list[CollectionIndex]:
        """Those of these collections that hold something. Looks in the background whether they have changed."""
        if time.monotonic() - self._asked_at > _FRESH and (self._refreshing is None or self._refreshing.done()):
            self._refreshing = asyncio.create_task(self._try_refresh())
        found = (self._snapshots.get(name) for name in dict.fromkeys(collections))
        return [one for one in found if one is not None and one.passages]

    async def refresh(self) -> None:
        """Takes in whatever has changed since. Raises VisavisError `store.unavailable`."""
        async with self._building:
            self._asked_at = time.monotonic()
            revisions = await self.archive.revisions()
            changed = [name for name, revision in revisions.items() if self._revisions.get(name) != revision]
            if changed and self.table is not None:
                await self.table.refresh()
            for name in changed:
                self._snapshots[name] = await self._rebuilt(name, revisions[name])
            for name in self._revisions.keys() - revisions.keys():
                self._snapshots.pop(name, None)
            self._revisions = revisions

    async def _try_refresh(self) -> None:
        """As `refresh`; what is at hand has to do when the archive does not answer."""
        try:
            await self.refresh()
        except VisavisError:
            self._asked_at = time.monotonic()

    async def _rebuilt(self, name: str, revision: int) -> CollectionIndex:
        """The collection as it is, of which only what has changed is read."""
        before: Mapping[str, Shelved] = self._snapshots[name].documents if name in self._snapshots else {}
        documents = [one for one in await self.archive.documents(name) if one.passages and one.index == self.index]
        kept = {
            one.id: before[one.id] for one in documents if one.id in before and before[one.id].revision == one.revision
        }
        in_memory = self.table is None
        lacking = [one for one in documents if one.id not in kept]
        shelved = dict(kept)
        entries = await self.archive.entries([one.id for one in lacking], vectors=in_memory)
        for document in lacking:
            own = tuple(entry for entry in entries if entry.passage.document == document.id)
            shelved[document.id] = Shelved(document.revision, own)
        return await asyncio.to_thread(
            CollectionIndex.build, name, revision, shelved, self.dimensions, in_memory=in_memory
        )
