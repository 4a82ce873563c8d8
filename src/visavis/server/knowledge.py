"""The host's documents in the background of a server: what conversations ask of them, and what the routes need."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Final

import structlog
from platformdirs import user_data_path

from visavis.core.errors import VisavisError
from visavis.core.passage import Passage
from visavis.engines.embedder import Embedder
from visavis.engines.pool import Wanted
from visavis.knowledge.desk import Desk, open_desk
from visavis.server.courtesy import CourteousEmbedder
from visavis.server.late_import import late_import
from visavis.settings import Settings

_log = structlog.get_logger(__name__)

DATABASE: Final = "knowledge.db"
"""The documents' own database, in their folder."""


class Knowledge:
    """The documents of one server, and a `core.passage.Retriever` of them. They are opened when somebody wants them, or
    when there are some already; until then nothing is known, and nothing is paid for it."""

    def __init__(self, settings: Settings, quiet: Callable[[], bool]) -> None:
        """Passages are embedded only while `quiet` says that nobody talks."""
        self._settings, self._quiet = settings, quiet
        self._folder = settings.knowledge_folder or user_data_path("visavis") / "knowledge"
        self._wanted = asyncio.Event()
        self._news = asyncio.Condition()
        self._loaded = False
        self._desk: Desk | None = None
        self._trouble: VisavisError | None = None

    @property
    def used(self) -> bool:
        """Whether there may be documents."""
        return self._desk is not None or bool(self._settings.studio.database) or (self._folder / DATABASE).is_file()

    async def run(self, embedder_of: Callable[[], Awaitable[tuple[Embedder, str]]]) -> None:
        """Works until it is cancelled; `embedder_of` returns when the embedder is loaded, with what it is called. What
        prevents it is kept for who asks; the conversations go on without it."""
        try:
            embedder, label = await embedder_of()
            await self._tell(loaded=True)
            if not self.used:
                await self._wanted.wait()
            module = await late_import("visavis.server.holdings")
            options = module.desk_options(self._settings, self._folder, label)
            async with module.holdings(self._settings, self._folder) as (archive, table):
                patient = CourteousEmbedder(embedder, self._quiet)
                async with open_desk(archive, table, embedder, options, patient_embedder=patient) as desk:
                    await asyncio.to_thread(desk.originals.clear)
                    await self._tell(desk=desk)
                    _log.info("knowledge.open", collections=len(await archive.collections()))
                    try:
                        await desk.intake.run()
                    finally:
                        self._desk = None
        except VisavisError as error:
            _log.error("knowledge.failed", code=error.code, message=error.message)
            await self._tell(trouble=error)
        except Exception:
            _log.exception("knowledge.failed")
            message = "The documents could not be opened; the server's log says why."
            await self._tell(trouble=VisavisError("knowledge.unavailable", message))

    async def settled(self) -> None:
        """Returns when the documents that there were at start are open, or cannot be; at once when there are none."""
        if self.used:
            async with self._news:
                await self._news.wait_for(lambda: self._desk is not None or self._trouble is not None)

    async def desk(self) -> Desk:
        """What the routes work with; it is opened when it is first wanted.

        Raises VisavisError `server.loading`, and what prevents it.
        """
        self._wanted.set()
        if not self._loaded and self._trouble is None:
            raise VisavisError("server.loading", "The models are still loading; try again soon.", retryable=True)
        async with self._news:
            await self._news.wait_for(lambda: self._desk is not None or self._trouble is not None)
        if self._desk is None:
            assert self._trouble is not None
            raise self._trouble
        return self._desk

    def knows(self, collections: Sequence[str]) -> bool:
        """Whether any of these collections holds anything."""
        return self._desk is not None and self._desk.retriever.knows(collections)

    def titles(self, collections: Sequence[str]) -> tuple[str, ...]:
        """What the documents of these collections are called."""
        return () if self._desk is None else self._desk.retriever.titles(collections)

    async def retrieve(self, query: str, collections: Sequence[str], limit: int = 4) -> tuple[Passage, ...]:
        """The passages that help to answer `query`, best first; none when nothing relevant is known.

        Raises VisavisError `knowledge.unavailable`.
        """
        return () if self._desk is None else await self._desk.retriever.retrieve(query, collections, limit)

    async def _tell(
        self, *, loaded: bool = False, desk: Desk | None = None, trouble: VisavisError | None = None
    ) -> None:
        async with self._news:
            self._loaded = self._loaded or loaded
            self._desk, self._trouble = desk or self._desk, trouble
            self._news.notify_all()


def embedder_label(wanted: Sequence[Wanted]) -> str:
    """The embedder of a plan and its model: what vectors were made with."""
    one = next(one for one in wanted if one.kind == "embedder")
    model = str(one.options.get("model", ""))
    return f"{one.name}/{model}" if model else one.name
