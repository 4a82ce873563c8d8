"""The latest of every job, for whoever watches it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable
from typing import Final

from visavis.studio.job import JobStatus
from visavis.studio.ledger import JobRecord

FINISHED: Final[tuple[JobStatus, ...]] = ("completed", "failed", "cancelled")


class _Watcher:
    """Holds the latest record alone: who is slow misses what lies between, and nothing piles up."""

    def __init__(self) -> None:
        self.latest: JobRecord | None = None
        self.news = asyncio.Event()


class Bulletin:
    """Hands records to those who watch. For use on one event loop."""

    def __init__(self) -> None:
        self._watchers: dict[str, set[_Watcher]] = {}

    def publish(self, record: JobRecord) -> None:
        """Tells everyone who watches this job."""
        for watcher in self._watchers.get(record.id, ()):
            watcher.latest = record
            watcher.news.set()

    def publish_again(self, job_id: str) -> None:
        """Tells everyone who watches this job what they know already, because its place in the queue has changed."""
        for watcher in self._watchers.get(job_id, ()):
            if watcher.latest is not None:
                watcher.news.set()

    def watched(self) -> tuple[str, ...]:
        """The ids of the jobs that someone watches."""
        return tuple(self._watchers)

    async def watch(self, job_id: str, first: Callable[[], Awaitable[JobRecord]]) -> AsyncGenerator[JobRecord]:
        """What `first` returns, then every change of the job up to its end; what came too fast is left out."""
        watcher = _Watcher()
        self._watchers.setdefault(job_id, set()).add(watcher)
        try:
            record = await first()
            watcher.latest = watcher.latest or record
            yield record
            while record.status not in FINISHED:
                await watcher.news.wait()
                watcher.news.clear()
                record = watcher.latest
                yield record
        finally:
            self._watchers[job_id].discard(watcher)
            if not self._watchers[job_id]:
                del self._watchers[job_id]
