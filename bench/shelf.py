"""A desk with the benchmark's documents on it, and one with ten thousand passages, as the server would open them."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

import numpy as np

from bench.documents import FOLDER
from visavis.core.document import Document, Entry
from visavis.core.passage import Passage
from visavis.engines.embedder import Embedder
from visavis.knowledge.desk import Desk, DeskOptions, open_desk
from visavis.knowledge.terms import Terms
from visavis.store.database import Database
from visavis.store.documents import DocumentStore

COLLECTION: Final = "bench"
MANY: Final = 10_000
_TOGETHER: Final = 500
"""Passages of one made-up document."""
_SENTENCE: Final = re.compile(r"[^.!?。！？\n]+[.!?。！？]*")
_NOISE: Final = 0.03
"""What is added to each of a vector's 384 numbers: a made-up passage lies about 30 degrees from the one it varies."""


@asynccontextmanager
async def empty_desk(embedder: Embedder) -> AsyncIterator[Desk]:
    """A desk without documents, over a database of its own that goes with it."""
    with TemporaryDirectory() as folder:
        database = Database(f"sqlite:///{folder}/knowledge.sqlite")
        await database.open()
        try:
            async with open_desk(DocumentStore(database), None, embedder, DeskOptions(Path(folder), "e5")) as desk:
                yield desk
        finally:
            await database.close()


async def lay_out(desk: Desk) -> dict[str, str]:
    """Adds and indexes the benchmark's documents; their file names by id. Raises RuntimeError when one fails."""
    names = {}
    for path in sorted(FOLDER.iterdir()):
        document = await desk.intake.add(COLLECTION, path.name, path)
        document = await desk.intake.index(document)
        if document.status != "ready":
            raise RuntimeError(f"{path.name}: {document.error_message}")
        names[document.id] = path.name
    await desk.library.refresh()
    return names


async def entries_of(desk: Desk) -> list[Entry]:
    """All passages on the desk."""
    documents = await desk.archive.documents(COLLECTION)
    return await desk.archive.entries([document.id for document in documents])


async def fill(desk: Desk, models: Sequence[Entry], count: int = MANY) -> None:
    """Puts `count` made-up passages on the desk: sentences of the models in new order, vectors near theirs."""
    chance, terms = np.random.default_rng(4), Terms()
    entries = [_varied(models, number, chance, terms) for number in range(count)]
    for start in range(0, count, _TOGETHER):
        name = f"made-up-{start}"
        document = Document(name, COLLECTION, name, "text/plain", name, 1, datetime.now(UTC), index=desk.library.index)
        await desk.archive.put(document)
        part = [replace(one, passage=replace(one.passage, document=name)) for one in entries[start : start + _TOGETHER]]
        ready = replace(document, status="ready", passages=len(part))
        await desk.archive.finish(ready, "", part)
    await desk.library.refresh()


def _varied(models: Sequence[Entry], number: int, chance: np.random.Generator, terms: Terms) -> Entry:
    model = models[number % len(models)]
    same = [one for one in models if one.passage.language == model.passage.language]
    texts = [same[int(row)].passage.text for row in chance.integers(len(same), size=3)]
    pool = [match.group().strip() for text in texts for match in _SENTENCE.finditer(text)]
    text = " ".join(pool[int(row)] for row in chance.permutation(len(pool))[:5])
    vector = model.vector + chance.normal(0.0, _NOISE, len(model.vector)).astype(np.float32)
    passage = Passage(f"made-up-{number}", "", model.passage.title, text, 0, len(text), language=model.passage.language)
    unit = (vector / np.linalg.norm(vector)).astype(np.float32)
    return Entry(passage, terms.of(text, passage.language), unit)
