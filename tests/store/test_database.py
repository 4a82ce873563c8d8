"""Databases of both kinds: made, migrated, shared, full, gone."""

from __future__ import annotations

import asyncio
import sqlite3
import stat
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection, text

from tests.postgres import running_cluster
from tests.store.test_ledger import record
from visavis.core.errors import VisavisError
from visavis.store.database import Database
from visavis.store.jobs import JobStore
from visavis.store.tables import Table
from visavis.studio.ledger import JobRecord

TABLES = {
    "generation_jobs", "performance_metrics", "quality_reports", "user_sessions", "cost_tracking",
    "knowledge_collections", "knowledge_documents", "knowledge_passages",
    "memory_people", "memory_conversations",
}  # fmt: skip


async def test_migrations_make_the_tables_that_the_code_reads(database: Database) -> None:
    def differences(connection: Connection) -> list[object]:
        return list(compare_metadata(MigrationContext.configure(connection), Table.metadata))

    assert set(Table.metadata.tables) == TABLES
    async with database.reading() as session:
        assert await (await session.connection()).run_sync(differences) == []


async def test_opens_again_with_what_was_in_it(url: str) -> None:
    for attempt in range(2):
        database = Database(url)
        await database.open()
        store = JobStore(database, JobRecord)
        if attempt == 0:
            await store.add(record())
        assert await store.get("one") == record()
        await database.close()


async def test_several_databases_may_be_opened_at_once(tmp_path: Path) -> None:
    databases = [Database(f"sqlite:///{tmp_path / str(number)}.db") for number in range(4)]
    await asyncio.gather(*(database.open() for database in databases))
    for database in databases:
        async with database.reading() as session:
            assert (await session.execute(text("SELECT count(*) FROM generation_jobs"))).scalar() == 0
        await database.close()


async def test_several_may_open_it_at_once(url: str) -> None:
    databases = [Database(url) for _ in range(4)]
    await asyncio.gather(*(database.open() for database in databases))
    stores = [JobStore(database, JobRecord) for database in databases]
    await asyncio.gather(*(store.add(record(f"job-{number}")) for number, store in enumerate(stores)))
    assert len(await stores[0].jobs()) == 4
    await asyncio.gather(*(database.close() for database in databases))


async def test_refuses_the_database_of_a_newer_visavis(url: str, database: Database) -> None:
    async with database.writing() as session:
        await session.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    other = Database(url)
    with pytest.raises(VisavisError) as refused:
        await other.open()
    await other.close()
    assert refused.value.code == "store.newer"


async def test_keeps_nothing_of_a_change_that_fails(database: Database) -> None:
    store = JobStore(database, JobRecord)
    await store.add(record())
    with pytest.raises(RuntimeError):
        async with database.writing() as session:
            await session.execute(text("DELETE FROM generation_jobs"))
            raise RuntimeError("half way")
    assert await store.get("one") == record()


async def test_a_file_is_for_its_owner_alone_and_written_ahead(tmp_path: Path) -> None:
    path = tmp_path / "deep/er/jobs.db"
    database = Database(f"sqlite:///{path}")
    await database.open()
    async with database.reading() as session:
        assert await session.scalar(text("PRAGMA journal_mode")) == "wal"
        assert await session.scalar(text("PRAGMA foreign_keys")) == 1
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        assert stat.S_IMODE(path.with_name("jobs.db-wal").stat().st_mode) == 0o600
    await database.close()


async def test_says_that_the_disk_is_full_and_goes_on_when_it_is_not(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path}/jobs.db")
    await database.open()
    store = JobStore(database, JobRecord)
    await store.add(record())
    # SQLite itself refuses pages beyond this number, with the error of a full disk. One connection, so that it counts.
    async with database.writing() as session:
        pages = await session.scalar(text("PRAGMA page_count"))
        await session.execute(text(f"PRAGMA max_page_count = {pages}"))
    with pytest.raises(VisavisError) as full:
        await store.update("one", error_message="x" * 100_000)
    assert full.value.code == "storage.full"
    assert full.value.retryable
    assert await store.get("one") == record()
    async with database.writing() as session:
        await session.execute(text("PRAGMA max_page_count = 100000"))
    assert (await store.update("one", error_message="x" * 100_000)).error_message == "x" * 100_000
    await database.close()


async def test_says_that_a_server_has_gone_and_finds_it_again() -> None:
    with running_cluster() as cluster:
        database = Database(cluster.new_database())
        await database.open()
        store = JobStore(database, JobRecord)
        await store.add(record())
        cluster.stop()
        for _ in range(2):
            with pytest.raises(VisavisError) as gone:
                await store.get("one")
            assert gone.value.code == "store.unavailable"
            assert gone.value.retryable
        cluster.start()
        assert await store.get("one") == record()
        await database.close()


async def test_says_that_a_file_is_no_database(tmp_path: Path) -> None:
    (tmp_path / "jobs.db").write_bytes(b"A letter to my aunt. " * 500)
    database = Database(f"sqlite:///{tmp_path}/jobs.db")
    with pytest.raises(VisavisError) as refused:
        await database.open()
    await database.close()
    assert refused.value.code == "store.unavailable"


async def test_says_that_a_folder_cannot_be_made(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    database = Database(f"sqlite:///{tmp_path}/file/jobs.db")
    with pytest.raises(VisavisError) as refused:
        await database.open()
    assert refused.value.code == "store.unavailable"


async def test_waits_for_another_process_that_writes(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path}/jobs.db")
    await database.open()
    store = JobStore(database, JobRecord)
    other = sqlite3.connect(tmp_path / "jobs.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    adding = asyncio.create_task(store.add(record()))
    await asyncio.sleep(0.2)
    assert not adding.done()
    assert await store.jobs() == []
    other.execute("COMMIT")
    other.close()
    await adding
    assert await store.get("one") == record()
    await database.close()


@pytest.mark.parametrize("url", ["", "jobs.db", "mysql://root@localhost/x", "sqlite://", "sqlite:///:memory:"])
def test_refuses_a_url_that_names_no_database(url: str) -> None:
    with pytest.raises(VisavisError) as refused:
        Database(url)
    assert refused.value.code == "store.url"
