"""What the studio works with once the engines are there: database, checkpoints, drawing processes, pipeline, worker."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Final

from sqlalchemy import make_url

from visavis.engines.builtin.g2p import G2P
from visavis.engines.pool import EnginePool
from visavis.face.avatars import AvatarStore
from visavis.face.emotion_network import EmotionNetwork
from visavis.face.landmarks import Landmarker
from visavis.server.courtesy import CourteousLLM, CourteousSTT, CourteousTTS, Quiet
from visavis.settings import StudioSettings
from visavis.store.database import Database
from visavis.store.jobs import JobStore
from visavis.studio.artifacts import Artifacts
from visavis.studio.checkpoints import open_checkpoints
from visavis.studio.drawers import Drawers
from visavis.studio.ledger import JobRecord, Ledger
from visavis.studio.metering import Meter
from visavis.studio.pipeline import Pipeline
from visavis.studio.provenance import development_signer, own_signer
from visavis.studio.retention import Retention
from visavis.studio.script import Scripts
from visavis.studio.signer import Signer
from visavis.studio.sitters import Sitters
from visavis.studio.tools import Tools
from visavis.studio.worker import Limits, Worker

_UNUSED: Final = timedelta(days=1)
_LOOK: Final = 0.1
"""Seconds between two looks whether somebody talks."""


@dataclass(frozen=True, slots=True)
class Premises:
    """Where and for whom the studio works: its `settings`, its `database` as a URL, its `folder`, files, avatars, what
    looks at portraits and scripts, and whether nobody talks."""

    settings: StudioSettings
    database: str
    folder: Path
    artifacts: Artifacts
    avatars: AvatarStore
    landmarker: Callable[[], Landmarker]
    emotions: Callable[[], EmotionNetwork]
    scripts: Scripts
    quiet: Quiet


@dataclass(frozen=True, slots=True)
class Production:
    """A studio that works."""

    ledger: Ledger
    pipeline: Pipeline
    worker: Worker
    voices: frozenset[str]
    """Those that a job may name."""


@asynccontextmanager
async def production(premises: Premises, engines: EnginePool) -> AsyncIterator[Production]:
    """Opens everything while the context lasts; the worker is still to be run.

    Raises VisavisError `store.…`, `storage.full`, `provenance.certificate`.
    """
    settings = premises.settings
    url = premises.database
    async with AsyncExitStack() as stack:
        database = Database(url)
        stack.push_async_callback(database.close)
        await database.open()
        ledger = JobStore(database, JobRecord)
        checkpoints = await stack.enter_async_context(open_checkpoints(_checkpoints(url)))
        drawers = await stack.enter_async_context(_drawing(settings.drawers, premises.quiet))
        signer = await asyncio.to_thread(_signer, settings, premises.folder)
        meter = Meter()
        pipeline = Pipeline(_tools(premises, engines, drawers, signer, meter), checkpoints)
        worker = Worker(pipeline, ledger, premises.artifacts, _limits(settings), meter=meter)
        yield Production(ledger, pipeline, worker, frozenset(engines.tts.capabilities.voices))


@asynccontextmanager
async def _drawing(count: int, quiet: Quiet) -> AsyncIterator[Drawers]:
    """The processes that draw; they rest while somebody talks."""
    drawers = Drawers(count)

    async def mind() -> None:
        while True:
            drawers.rest(not quiet())
            await asyncio.sleep(_LOOK)

    manners = asyncio.create_task(mind())
    try:
        yield drawers
    finally:
        manners.cancel()
        await asyncio.wait([manners])
        await drawers.aclose()


def _tools(premises: Premises, engines: EnginePool, drawers: Drawers, signer: Signer, meter: Meter) -> Tools:
    llm = CourteousLLM(engines.llm, premises.quiet) if premises.settings.ask_llm else None
    return Tools(
        artifacts=premises.artifacts,
        work=premises.folder / "work",
        sitters=Sitters(premises.avatars, premises.landmarker, premises.artifacts, premises.emotions),
        drawers=drawers,
        vad=engines.vad,
        stt=meter.stt(CourteousSTT(engines.stt, premises.quiet), "stt"),
        tts=meter.tts(CourteousTTS(engines.tts, premises.quiet), "tts"),
        llm=meter.llm(llm, "llm") if llm else None,
        pronounce=G2P().words,
        signer=signer,
        scripts=premises.scripts,
        segment=premises.settings.segment,
    )


def _signer(settings: StudioSettings, folder: Path) -> Signer:
    if settings.certificate is not None and settings.key is not None:
        return own_signer(settings.certificate, settings.key)
    return development_signer(folder)


def _limits(settings: StudioSettings) -> Limits:
    kept = timedelta(hours=settings.retention)
    return Limits(waiting=settings.queue, retention=Retention(jobs=kept, unused=min(kept, _UNUSED)))


def _checkpoints(url: str) -> str:
    """Where the pipeline keeps its state: the same PostgreSQL, or a file beside the SQLite one."""
    if not url.startswith("sqlite"):
        return url
    path = Path(make_url(url).database or "")
    return f"sqlite:///{path.with_name(f'{path.stem}-pipeline.db')}"
