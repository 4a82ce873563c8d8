"""What is remembered of people, in databases of both kinds."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from visavis.core.conversation import Message
from visavis.core.recollection import KeptConversation
from visavis.store.database import Database
from visavis.store.memories import MemoryStore

NOON = datetime(2026, 5, 4, 12, tzinfo=UTC)
ADA, BEN = "a" * 64, "b" * 64
SAID = (Message("user", "I collect thimbles.", "item_1"), Message("assistant", "How lovely", "item_2", True))
FIRST = KeptConversation("c1", "genevieve", "es", NOON, NOON, SAID, {"goal": "python"})


def later(hours: float, **changes: object) -> KeptConversation:
    return replace(FIRST, updated_at=NOON + timedelta(hours=hours), **changes)  # type: ignore[arg-type]


def written(folder: Path, text: str) -> bool:
    return any(text.encode() in path.read_bytes() for path in folder.iterdir())


async def test_only_who_agrees_is_remembered(database: Database) -> None:
    store = MemoryStore(database)
    assert await store.agreed(ADA) is None and not await store.greet(ADA, NOON)
    assert not await store.keep(ADA, FIRST, new=True)
    await store.agree(ADA, NOON)
    await store.agree(ADA, NOON + timedelta(hours=1))
    assert await store.agreed(ADA) == NOON and await store.greet(ADA, NOON)
    assert await store.keep(ADA, FIRST, new=True)
    assert await store.conversations(ADA, since=NOON - timedelta(days=1)) == [FIRST]
    assert await store.conversations(BEN, since=NOON - timedelta(days=1)) == []


async def test_a_conversation_is_replaced_and_found_by_persona_the_newest_first(database: Database) -> None:
    store = MemoryStore(database)
    await store.agree(ADA, NOON)
    await store.agree(BEN, NOON)
    longer = later(1, messages=(*SAID, Message("user", "Go on.", "item_3")))
    for kept in (FIRST, longer, later(2, id="c2"), later(3, id="c3", persona="open")):
        assert await store.keep(ADA, kept, new=kept is not longer)
    since = NOON - timedelta(days=1)
    assert [one.id for one in await store.conversations(ADA, since=since)] == ["c3", "c2", "c1"]
    assert await store.conversations(ADA, persona="genevieve", since=since) == [later(2, id="c2"), longer]
    assert await store.conversations(ADA, since=NOON + timedelta(hours=2, minutes=30)) == [
        later(3, id="c3", persona="open")
    ]
    assert not await store.keep(BEN, later(4), new=True)
    assert not await store.forget(BEN, "c1")
    assert (await store.conversations(ADA, since=since))[2] == longer


async def test_what_was_deleted_does_not_come_back(database: Database) -> None:
    store = MemoryStore(database)
    await store.agree(ADA, NOON)
    since = NOON - timedelta(days=1)
    for one in ("c1", "c2", "c3"):
        await store.keep(ADA, later(0, id=one), new=True)
    assert await store.forget(ADA, "c1") and not await store.forget(ADA, "c1")
    assert not await store.keep(ADA, FIRST, new=False)
    assert len(await store.conversations(ADA, since=since)) == 2
    assert await store.forget_all(ADA) and not await store.forget_all(ADA)
    assert await store.agreed(ADA) == NOON
    await store.keep(ADA, FIRST, new=True)
    assert await store.revoke(ADA) and not await store.revoke(ADA)
    assert await store.agreed(ADA) is None and await store.conversations(ADA, since=since) == []
    assert not await store.keep(ADA, FIRST, new=True)


async def test_what_is_too_old_goes(database: Database) -> None:
    store = MemoryStore(database)
    await store.agree(ADA, NOON)
    await store.agree(BEN, NOON)
    await store.greet(BEN, NOON + timedelta(days=40))
    await store.keep(BEN, FIRST, new=True)
    await store.keep(BEN, later(24 * 39, id="c2"), new=True)
    await store.expire(NOON + timedelta(days=10))
    assert await store.agreed(ADA) is None
    assert [one.id for one in await store.conversations(BEN, since=NOON - timedelta(days=1))] == ["c2"]


async def test_what_is_deleted_leaves_sqlites_files_too(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path}/memory.db")
    await database.open()
    store = MemoryStore(database)
    await store.agree(ADA, NOON)
    await store.keep(ADA, FIRST, new=True)
    assert written(tmp_path, "thimbles") and written(tmp_path, ADA)
    await store.revoke(ADA)
    assert not written(tmp_path, "thimbles") and not written(tmp_path, ADA)
    await database.close()
