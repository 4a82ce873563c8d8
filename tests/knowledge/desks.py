"""A desk over a real database, with the embedder that knows spelling alone."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from visavis.engines.embedder import Embedder
from visavis.engines.fake.embedder import FakeEmbedder
from visavis.knowledge.archive import VectorTable
from visavis.knowledge.desk import Desk, DeskOptions, open_desk
from visavis.knowledge.intake import IntakeLimits
from visavis.store.database import Database
from visavis.store.documents import DocumentStore

POOL = """# City pool

## Opening hours

The pool is open every day from 7 in the morning until 9 in the evening. On Mondays it opens at 12.

## Prices

Adults pay 6 euro, children under 14 pay 3 euro.
"""
LIBRARY = """Biblioteca municipal

La biblioteca abre de lunes a sábado de 9 a 20 horas. El carné es gratuito.
Se pueden llevar diez libros durante treinta días.
"""
PARKING = """# 停车说明

市中心停车场每小时收费四元，晚上八点以后免费。

月票二百元，请到服务台办理。
"""


class CountingEmbedder(FakeEmbedder):
    """Remembers which passages it was asked for."""

    def __init__(self) -> None:
        self.passages: list[str] = []

    async def embed(self, texts: Sequence[str], kind: Literal["query", "passage"]) -> NDArray[np.float32]:
        if kind == "passage":
            self.passages.extend(texts)
        return await super().embed(texts, kind)


@asynccontextmanager
async def desk_at(
    folder: Path,
    embedder: Embedder | None = None,
    *,
    label: str = "fake",
    limits: IntakeLimits | None = None,
    database: Database | None = None,
    table: VectorTable | None = None,
) -> AsyncIterator[Desk]:
    """Opens the documents in `folder`, in its database or another."""
    mine = database or Database(f"sqlite:///{folder}/knowledge.db")
    options = DeskOptions(folder, label, limits or IntakeLimits())
    try:
        await mine.open()
        async with open_desk(DocumentStore(mine), table, embedder or FakeEmbedder(), options) as desk:
            yield desk
    finally:
        await mine.close()


def written(folder: Path, **texts: str) -> list[Path]:
    """Files of these names (`_` for the dot) and texts."""
    folder.mkdir(exist_ok=True)
    paths = []
    for name, text in texts.items():
        path = folder / name.replace("_", ".")
        path.write_text(text, "utf-8")
        paths.append(path)
    return paths


async def shelve(desk: Desk, collection: str, *paths: Path) -> list[str]:
    """Adds and indexes documents; returns their ids."""
    ids = []
    for path in paths:
        document = await desk.intake.add(collection, path.name, path)
        ids.append((await desk.intake.index(document)).id)
    await desk.library.refresh()
    return ids
