"""The memory of people across conversations, in the background of a server: off unless the host has turned it on."""

from __future__ import annotations

import asyncio
import hashlib
import re
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Final

import structlog

from visavis.core.errors import VisavisError
from visavis.core.recollection import KeptConversation
from visavis.server.late_import import late_import
from visavis.settings import Settings

if TYPE_CHECKING:
    from visavis.store.memories import MemoryStore

_log = structlog.get_logger(__name__)

DATABASE: Final = "memory.db"
"""The memory's own database, in its folder."""
HEADER: Final = "x-visavis-person"
"""How a person is known: by a random secret that their browser keeps; never part of an address."""
SUBPROTOCOL: Final = "visavis-person."
"""How a browser hands it to a WebSocket, which takes no headers: before it in `Sec-WebSocket-Protocol`."""

_SECRET: Final = re.compile(r"[A-Za-z0-9_-]{43,128}")
_SWEEP: Final = 3600.0
_PATIENCE: Final = 2.0
"""Seconds that somebody who connects waits for what is remembered."""


def person_of(headers: Mapping[str, str], subprotocols: Sequence[str] = ()) -> str | None:
    """The hash of the secret that somebody shows; None when they show none.

    Raises VisavisError `memory.person` for one that no page of ours would make.
    """
    offered = (one.removeprefix(SUBPROTOCOL) for one in subprotocols if one.startswith(SUBPROTOCOL))
    secret = headers.get(HEADER, "") or next(offered, "")
    if not secret:
        return None
    if not _SECRET.fullmatch(secret):
        message = f"`{HEADER}` must be 43 to 128 random letters, digits, - and _, made by whoever is to be remembered."
        raise VisavisError("memory.person", message)
    return hashlib.sha256(f"visavis person {secret}".encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class PersonsDiary:
    """A `live.keeper.Diary` of one person."""

    person: str
    store: MemoryStore

    async def keep(self, conversation: KeptConversation, *, new: bool) -> bool:
        """Writes it down, if the person agrees."""
        return await self.store.keep(self.person, conversation, new=new)


class Remembrance:
    """What one server remembers of the people who agreed. Where the host has not turned it on, no database is opened,
    and nobody is known."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._news = asyncio.Event()
        self._store: MemoryStore | None = None
        self._trouble: VisavisError | None = None

    @property
    def on(self) -> bool:
        """Whether the host has turned it on."""
        return self._settings.memory.on

    @property
    def days(self) -> float:
        """Days after which what is remembered goes."""
        return self._settings.memory.days

    @property
    def since(self) -> datetime:
        """What is older is not remembered any more."""
        return datetime.now(UTC) - timedelta(days=self.days)

    async def run(self) -> None:
        """Opens the database and deletes what is too old, until it is cancelled; returns at once when it is off."""
        if not self.on:
            return
        try:
            databases = await late_import("visavis.store.database")
            memories = await late_import("visavis.store.memories")
            folder = self._settings.memory_folder
            database = databases.Database(self._settings.studio.database or f"sqlite:///{folder / DATABASE}")
            try:
                await database.open()
                self._store = memories.MemoryStore(database)
                self._news.set()
                while True:
                    await self._expire()
                    await asyncio.sleep(_SWEEP)
            finally:
                self._store = None
                await database.close()
        except VisavisError as error:
            _log.error("memory.failed", code=error.code, message=error.message)
            self._trouble = error
        except Exception:
            _log.exception("memory.failed")
            message = "The memory could not be opened; the server's log says why."
            self._trouble = VisavisError("memory.unavailable", message)
        self._news.set()

    async def _expire(self) -> None:
        try:
            if self._store is not None:
                await self._store.expire(self.since)
        except VisavisError as error:
            _log.warning("memory.not_swept", code=error.code)

    async def store(self) -> MemoryStore:
        """What the routes work with. Raises VisavisError `memory.off`, and what prevents it."""
        if not self.on:
            raise VisavisError("memory.off", "Nobody is remembered here: the host has not turned it on.")
        await self._news.wait()
        if self._store is None:
            raise self._trouble or VisavisError(
                "memory.unavailable", "The server is ending; try again.", retryable=True
            )
        return self._store

    async def diary(self, person: str | None) -> PersonsDiary | None:
        """Where this person's conversations are kept; None when they have not agreed, or it cannot be had now."""
        if person is None or not self.on:
            return None
        with suppress(TimeoutError):
            async with asyncio.timeout(_PATIENCE):
                try:
                    store = await self.store()
                    return PersonsDiary(person, store) if await store.greet(person, datetime.now(UTC)) else None
                except VisavisError as error:
                    _log.warning("memory.not_there", code=error.code)
        return None

    async def earlier(self, diary: PersonsDiary, persona: str) -> list[KeptConversation]:
        """The last conversations with that persona, the newest first; none when they cannot be had now."""
        with suppress(TimeoutError):
            async with asyncio.timeout(_PATIENCE):
                try:
                    return await diary.store.conversations(diary.person, persona=persona, since=self.since, most=8)
                except VisavisError as error:
                    _log.warning("memory.not_there", code=error.code)
        return []
