"""Opens the database of the host's documents; imported when they are first wanted, as databases take a second."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from visavis.knowledge.archive import Archive, VectorTable
from visavis.knowledge.desk import DeskOptions
from visavis.knowledge.intake import IntakeLimits
from visavis.knowledge.reader import ReadingLimits
from visavis.server.knowledge import DATABASE
from visavis.settings import Settings
from visavis.store.database import Database
from visavis.store.documents import DocumentStore
from visavis.store.vector_table import PgVectorTable


@asynccontextmanager
async def holdings(settings: Settings, folder: Path) -> AsyncIterator[tuple[Archive, VectorTable | None]]:
    """The archive, and the table that searches vectors where the database does.

    Raises VisavisError `store.url`, `store.unavailable`, `store.newer`, `storage.full`.
    """
    database = Database(settings.studio.database or f"sqlite:///{folder / DATABASE}")
    try:
        await database.open()
        postgres = database.url.get_backend_name().startswith("postgres")
        index = settings.knowledge.index
        in_database = index == "pgvector" or (index == "auto" and postgres)
        yield DocumentStore(database), PgVectorTable(database) if in_database else None
    finally:
        await database.close()


def desk_options(settings: Settings, folder: Path, embedder: str) -> DeskOptions:
    """What documents may cost, as the host has set it; `embedder` names the engine and its model."""
    mine = settings.knowledge
    return DeskOptions(
        folder,
        embedder,
        IntakeLimits(mine.max_bytes, mine.documents),
        ReadingLimits(mine.pages, mine.characters, mine.seconds),
    )
