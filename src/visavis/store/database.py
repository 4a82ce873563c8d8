"""The database: SQLite in a file, or PostgreSQL by URL; migrated when it is opened."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from threading import Lock
from typing import Any, Final

from alembic import command
from alembic.config import Config
from alembic.util import CommandError
from pydantic_core import to_json
from sqlalchemy import URL, Connection, event, make_url, text
from sqlalchemy.exc import (
    ArgumentError,
    DataError,
    DBAPIError,
    IntegrityError,
    NoSuchModuleError,
    NotSupportedError,
    ProgrammingError,
)
from sqlalchemy.exc import TimeoutError as NoConnection
from sqlalchemy.ext.asyncio import AsyncSession, create_async_engine

from visavis.core.errors import VisavisError

_MIGRATIONS: Final = Path(__file__).parent / "migrations"
_BUSY: Final = 15.0
"""Seconds for which a writer waits for another process that holds SQLite's lock, or for a connection."""
_MIGRATION_LOCK: Final = 7_316_042_118
"""Any number that nobody else locks in the same PostgreSQL database."""
_ALEMBIC: Final = Lock()
"""Alembic keeps the migration at hand in globals of the process: there can be one at a time, whatever the database."""
_OUR_FAULT: Final = (IntegrityError, ProgrammingError, DataError, NotSupportedError)


class Database:
    """A pool of connections. `sqlite:///FILE` or `postgresql://USER:PASSWORD@HOST/NAME`.

    Raises VisavisError `store.url`, and `store.unavailable` where PostgreSQL's client is not installed.
    """

    def __init__(self, url: str) -> None:
        self.url = _parsed(url)
        self._sqlite = self.url.get_backend_name() == "sqlite"
        arguments: dict[str, Any] = {"timeout": _BUSY} if self._sqlite else {"connect_timeout": 10}
        try:
            self._engine = create_async_engine(
                self.url,
                connect_args=arguments,
                json_serializer=_json,
                pool_pre_ping=not self._sqlite,
                pool_timeout=_BUSY,
            )
        except ModuleNotFoundError as error:
            raise VisavisError(
                "store.unavailable", "PostgreSQL needs its client: pip install 'visavis[postgres]'."
            ) from error
        self._writing = self._engine.execution_options(visavis_begin="BEGIN IMMEDIATE")
        if self._sqlite:
            event.listen(self._engine.sync_engine, "connect", _set_up_sqlite)
            event.listen(self._engine.sync_engine, "begin", _begin_sqlite)

    async def open(self) -> None:
        """Makes the database if there is none, and brings its tables up to date; several processes may do so at once.

        Raises VisavisError `store.unavailable`, `store.newer`, `storage.full`.
        """
        if self._sqlite and self.url.database:
            await asyncio.to_thread(_make_private, Path(self.url.database))
        with _explained():
            async with self._writing.begin() as connection:
                if not self._sqlite:
                    await connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _MIGRATION_LOCK})
                async with _alone():
                    await connection.run_sync(_migrate)

    async def close(self) -> None:
        """Gives all connections back."""
        await self._engine.dispose()

    async def purge(self) -> None:
        """Takes what was deleted out of SQLite's files and its journal. Raises VisavisError `store.unavailable`."""
        if not self._sqlite:
            return
        with _explained():
            async with self._engine.connect() as connection:
                own = (await connection.get_raw_connection()).driver_connection
                assert own is not None
                await own.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[AsyncSession]:
        """A session that changes nothing. Raises VisavisError `store.unavailable`."""
        with _explained():
            async with AsyncSession(self._engine) as session:
                yield session

    @asynccontextmanager
    async def writing(self) -> AsyncIterator[AsyncSession]:
        """A session whose changes are kept together when the block ends, or not at all if it raises.

        Raises VisavisError `store.unavailable`, `storage.full`.
        """
        with _explained():
            async with AsyncSession(self._writing, expire_on_commit=False) as session, session.begin():
                yield session


def _parsed(url: str) -> URL:
    try:
        parsed = make_url(url)
        drivers = {"sqlite": "sqlite+aiosqlite", "postgresql": "postgresql+psycopg", "postgres": "postgresql+psycopg"}
        driver = drivers[parsed.drivername.partition("+")[0]]
    except (ArgumentError, NoSuchModuleError, KeyError, ValueError) as error:
        raise VisavisError(
            "store.url", "The database's URL must look like sqlite:///FILE or postgresql://USER:PASSWORD@HOST/NAME."
        ) from error
    if driver.startswith("sqlite") and parsed.database in (None, "", ":memory:"):
        raise VisavisError("store.url", "The database's URL names no file; write sqlite:///FILE.")
    return parsed.set(drivername=driver)


def _json(value: object) -> str:
    """JSON as every database takes it: numbers that are none become null."""
    return to_json(value, inf_nan_mode="null").decode()


def _make_private(path: Path) -> None:
    """Makes the file, readable by its owner alone: it holds scripts and addresses."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)
    except OSError as error:
        raise VisavisError(
            "store.unavailable", f"The database's file cannot be made ({error.strerror}); check its folder."
        ) from error


def _set_up_sqlite(connection: Any, _record: object) -> None:
    # Transactions are begun by `_begin_sqlite`, so that migrations are part of one too.
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in ("journal_mode=WAL", "synchronous=NORMAL", "foreign_keys=ON", "secure_delete=ON"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    # Who will write takes the lock at once: a reader that turns writer cannot wait for another writer.
    connection.exec_driver_sql(connection.get_execution_options().get("visavis_begin", "BEGIN"))


@asynccontextmanager
async def _alone() -> AsyncIterator[None]:
    while not _ALEMBIC.acquire(blocking=False):  # noqa: ASYNC110 - another thread's loop may hold it
        await asyncio.sleep(0.02)
    try:
        yield
    finally:
        _ALEMBIC.release()


def _migrate(connection: Connection) -> None:
    config = Config(attributes={"connection": connection})
    config.set_main_option("script_location", str(_MIGRATIONS).replace("%", "%%"))
    try:
        command.upgrade(config, "head")
    except CommandError as error:
        raise VisavisError(
            "store.newer", "The database was made by a newer visavis; update visavis, or name another database."
        ) from error


@contextmanager
def _explained() -> Iterator[None]:
    """Turns trouble with the database into errors that say what to do; mistakes of ours stay as they are."""
    try:
        yield
    except _OUR_FAULT:
        raise
    except (DBAPIError, NoConnection, OSError) as error:
        reason = str(error.orig) if isinstance(error, DBAPIError) else str(error)
        if "disk is full" in reason or getattr(getattr(error, "orig", None), "sqlstate", "") == "53100":
            raise VisavisError(
                "storage.full", "The disk of the database is full; free some space, then try again.", retryable=True
            ) from error
        raise VisavisError(
            "store.unavailable",
            "The database cannot be reached; check that it runs and that its URL is right.",
            retryable=True,
        ) from error
