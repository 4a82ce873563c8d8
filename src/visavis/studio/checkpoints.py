"""Where the pipeline keeps the state of its jobs: SQLite by default, PostgreSQL by URL."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any

from langgraph.checkpoint.base import BaseCheckpointSaver
from langgraph.checkpoint.memory import InMemorySaver

from visavis.core.errors import VisavisError


@asynccontextmanager
async def open_checkpoints(url: str) -> AsyncIterator[BaseCheckpointSaver[Any]]:
    """A checkpointer for `sqlite:///PATH`, `postgresql://…` (a `+driver` is ignored) or `memory:`.

    Raises VisavisError `store.unavailable` when the database cannot be reached or its driver is not installed.
    """
    scheme, _, rest = url.partition(":")
    match scheme.partition("+")[0]:
        case "memory":
            yield InMemorySaver()
        case "sqlite":
            from langgraph.checkpoint.sqlite.aio import AsyncSqliteSaver

            path = Path(rest.removeprefix("///"))
            path.parent.mkdir(parents=True, exist_ok=True)
            async with AsyncSqliteSaver.from_conn_string(str(path)) as saver:
                await saver.setup()
                yield saver
        case "postgresql" | "postgres":
            async with _postgres(f"postgresql:{rest}") as saver:
                yield saver
        case _:
            raise VisavisError("store.unavailable", f"'{scheme}' is no database; use sqlite:/// or postgresql://.")


@asynccontextmanager
async def _postgres(url: str) -> AsyncIterator[BaseCheckpointSaver[Any]]:
    try:
        from langgraph.checkpoint.postgres.aio import AsyncPostgresSaver
        from psycopg import AsyncConnection, OperationalError
        from psycopg.rows import dict_row
    except ImportError as error:
        raise VisavisError(
            "store.unavailable", "PostgreSQL needs a driver: pip install 'visavis[postgres]'."
        ) from error
    try:
        connection = await AsyncConnection.connect(url, autocommit=True, prepare_threshold=0, row_factory=dict_row)
    except OperationalError as error:
        raise VisavisError(
            "store.unavailable", "The PostgreSQL database does not answer; check its address and that it runs."
        ) from error
    async with connection:
        saver = AsyncPostgresSaver(connection)
        await saver.setup()
        yield saver


@contextmanager
def storing() -> Iterator[None]:
    """Turns what a database says of itself into VisavisError `storage.full`, `store.unavailable`."""
    try:
        yield
    except Exception as error:
        if type(error).__module__.partition(".")[0] not in {"sqlite3", "psycopg"}:
            raise
        if "full" in str(error):
            raise VisavisError(
                "storage.full", "The disk is full; free some space, then retry the job: it goes on where it was."
            ) from error
        raise VisavisError(
            "store.unavailable",
            "The database of the jobs does not answer; the job goes on when it does.",
            retryable=True,
        ) from error
