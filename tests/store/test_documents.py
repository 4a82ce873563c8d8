"""Documents and passages in databases of both kinds."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import numpy as np
import pytest

from visavis.core.document import Document, Entry
from visavis.core.errors import VisavisError
from visavis.core.passage import Passage
from visavis.store.database import Database
from visavis.store.documents import DocumentStore

POOL = Document(
    id="pool", collection="city", name="pool.md", media_type="text/markdown", digest="a" * 64, size=10,
    added_at=datetime(2026, 5, 4, 12, tzinfo=UTC),
)  # fmt: skip


def entry(number: int, document: str = "pool", dimensions: int = 4) -> Entry:
    vector = np.zeros(dimensions, np.float32)
    vector[number % dimensions] = 1
    passage = Passage(f"{document}-{number}", document, "Pool", f"text {number}", number, number + 6, 2, "A › B", "en")
    return Entry(replace(passage, collection="city"), ("text", str(number)), vector)


def ready(document: Document, passages: int) -> Document:
    return replace(document, status="ready", title="Pool", passages=passages, pages=2, language="en", index="fake")


async def test_a_document_from_waiting_to_removed(database: Database) -> None:
    store = DocumentStore(database)
    await store.put(POOL)
    assert await store.document("city", "pool") == POOL
    assert await store.unfinished("fake") == [POOL]
    assert await store.revisions() == {}
    done = await store.finish(ready(POOL, 2), "text 0 text 1", [entry(0), entry(1)])
    assert done == replace(ready(POOL, 2), revision=1)
    assert await store.unfinished("fake") == [] and await store.unfinished("other") == [done]
    assert await store.text("pool") == "text 0 text 1"
    [collection] = await store.collections()
    assert (collection.name, collection.documents, collection.passages) == ("city", 1, 2)
    assert await store.named("city", "pool.md") == await store.alike("city", "a" * 64) == done
    assert await store.named("zoo", "pool.md") is None and not await store.used("b" * 64)
    assert await store.remove("city", "pool") == done
    assert await store.revisions() == {"city": 2}
    assert await store.collections() == [] and await store.entries(["pool"]) == []


async def test_entries_come_back_as_they_were(database: Database) -> None:
    store = DocumentStore(database)
    await store.put(POOL)
    await store.finish(ready(POOL, 3), "x", [entry(n) for n in (2, 0, 1)])
    found = await store.entries(["pool", "nothing"])
    assert [one.passage for one in found] == [entry(n).passage for n in (2, 0, 1)]
    assert [one.terms for one in found] == [("text", "2"), ("text", "0"), ("text", "1")]
    assert all((one.vector == entry(n).vector).all() for one, n in zip(found, (2, 0, 1), strict=True))
    assert [len(one.vector) for one in await store.entries(["pool"], vectors=False)] == [0, 0, 0]
    again = await store.finish(ready(POOL, 1), "y", [entry(1)])
    assert again.revision == 2
    assert [one.passage.id for one in await store.entries(["pool"])] == ["pool-1"]


async def test_nothing_is_kept_of_what_was_removed_or_replaced_meanwhile(database: Database) -> None:
    store = DocumentStore(database)
    for late in (ready(POOL, 1), replace(ready(POOL, 1), digest="b" * 64)):
        if late.digest == "b" * 64:
            await store.put(POOL)
        with pytest.raises(VisavisError) as unknown:
            await store.finish(late, "x", [entry(0)])
        assert unknown.value.code == "knowledge.unknown"
    assert await store.entries(["pool"]) == []
    for call in (store.document("zoo", "pool"), store.remove("zoo", "pool"), store.text("nothing")):
        with pytest.raises(VisavisError) as unknown:
            await call
        assert unknown.value.code == "knowledge.unknown"
