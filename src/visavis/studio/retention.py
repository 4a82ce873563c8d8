"""Removes old jobs, and files that no job needs."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Protocol

from visavis.studio.artifacts import Artifacts
from visavis.studio.ledger import JobRecord, Ledger

_PAGE: Final = 200


class Remembers(Protocol):
    """What has made files for jobs and knows which; `studio.pipeline.Pipeline` does."""

    async def files(self, job_id: str) -> set[str]:
        """The ids of all artifacts that a job is made of or has made so far; empty for an unknown job."""
        ...

    async def forget(self, job_id: str) -> None:
        """Removes all that is remembered of a job."""
        ...


@dataclass(frozen=True, slots=True)
class Retention:
    """How long things are kept: finished jobs with their videos, and files that no job names (uploads nobody used,
    steps on the way to a finished video)."""

    jobs: timedelta = timedelta(days=7)
    unused: timedelta = timedelta(days=1)

    async def sweep(self, ledger: Ledger, pipeline: Remembers, artifacts: Artifacts, now: datetime) -> tuple[int, int]:
        """Removes what has had its time; returns how many jobs and files. Raises VisavisError as the ledger does."""
        forgotten = await ledger.forget(now - self.jobs)
        for record in forgotten:
            await pipeline.forget(record.id)
        needed: set[str] = set()
        async for record in _all(ledger):
            needed |= {record.request.portrait, record.request.audio, *record.files.values()}
            if record.status != "completed":  # it may be taken up again
                needed |= await pipeline.files(record.id)
        # Younger files are left alone, whoever they belong to: a job that came in just now, or another process.
        since = (now - self.unused).timestamp()
        return len(forgotten), await asyncio.to_thread(artifacts.keep_only, needed, since)


async def _all(ledger: Ledger) -> AsyncIterator[JobRecord]:
    """Every job, page by page. One that comes in meanwhile only shifts the pages, so that some are seen twice."""
    offset = 0
    while page := await ledger.jobs(limit=_PAGE, offset=offset):
        for record in page:
            yield record
        offset += len(page)
