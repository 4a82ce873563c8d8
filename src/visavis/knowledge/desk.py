"""All that one process needs to work with the host's documents, put together."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from visavis.core.errors import VisavisError
from visavis.engines.embedder import Embedder
from visavis.engines.text_language import TextLanguage
from visavis.knowledge.archive import Archive, VectorTable
from visavis.knowledge.intake import Intake, IntakeLimits
from visavis.knowledge.library import Library
from visavis.knowledge.making import VERSION, PassageMaker
from visavis.knowledge.meaning import Meaning
from visavis.knowledge.originals import Originals
from visavis.knowledge.reader import Reader, ReadingLimits
from visavis.knowledge.relevance import Relevance
from visavis.knowledge.retriever import HybridRetriever
from visavis.knowledge.terms import Terms


@dataclass(frozen=True, slots=True)
class DeskOptions:
    """Where documents lie and what they may cost. `embedder` names the engine and its model: passages that others have
    embedded are made anew."""

    folder: Path
    embedder: str
    intake: IntakeLimits = field(default_factory=IntakeLimits)
    reading: ReadingLimits = field(default_factory=ReadingLimits)


@dataclass(frozen=True, slots=True)
class Desk:
    """The documents: `intake` takes them in, `retriever` finds what they say, `reader` draws their pages."""

    archive: Archive
    library: Library
    intake: Intake
    retriever: HybridRetriever
    reader: Reader
    originals: Originals


@asynccontextmanager
async def open_desk(
    archive: Archive,
    table: VectorTable | None,
    embedder: Embedder,
    options: DeskOptions,
    *,
    patient_embedder: Embedder | None = None,
) -> AsyncIterator[Desk]:
    """Opens the library over `archive`. `table` searches vectors where the database does; `patient_embedder` is what
    passages are embedded with, where that has to give way to conversations.

    Raises VisavisError `store.unavailable`, `knowledge.unavailable`.
    """
    terms, languages, originals = Terms(), TextLanguage(), Originals(options.folder)
    meaning = Meaning(embedder, languages, patient_embedder)
    dimensions = embedder.capabilities.dimensions
    library = Library(archive, dimensions, f"{options.embedder}:{dimensions}:{VERSION}", table)
    reader = Reader(options.reading)
    maker = PassageMaker(reader, meaning, terms, languages)
    desk = Desk(
        archive,
        library,
        Intake(library, originals, maker, options.intake),
        HybridRetriever(library, meaning, terms, Relevance()),
        reader,
        originals,
    )
    await library.open()
    await asyncio.to_thread(terms.load, chinese=False)
    loading = asyncio.create_task(_load(meaning))
    try:
        yield desk
    finally:
        loading.cancel()
        await asyncio.wait([loading])
        await library.aclose()


async def _load(meaning: Meaning) -> None:
    """Has the first question wait less; whoever asks is told what goes wrong."""
    with suppress(VisavisError):
        await meaning.load()
