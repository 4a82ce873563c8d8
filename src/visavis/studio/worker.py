"""Makes the videos that were asked for, one after the other."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping
from contextlib import aclosing
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import partial
from typing import Any, Final, Protocol, TypeVar

import structlog

from visavis.core.errors import VisavisError
from visavis.studio.artifacts import Artifacts
from visavis.studio.bulletin import FINISHED, Bulletin
from visavis.studio.job import JobRequest, Progress, Stage
from visavis.studio.ledger import JobRecord, Ledger
from visavis.studio.metering import Meter
from visavis.studio.outcome import performance_of, result_of
from visavis.studio.ram import resident_mib
from visavis.studio.retention import Remembers, Retention
from visavis.studio.state import AvatarState

T = TypeVar("T")

_SAVE_EVERY: Final = 1.0
"""Seconds between two writings of a job's progress; who watches is told at once."""
_STOPS_WITHIN: Final = 5.0
_PATIENCE: Final = (0.5, 10.0)
"""Seconds between two tries to reach the ledger: at first, and at most."""
_PASSING: Final = frozenset({"store.unavailable", "storage.full"})


class Makes(Remembers, Protocol):
    """What makes a video of a request; `studio.pipeline.Pipeline` does."""

    async def ainvoke(
        self, request: JobRequest, job_id: str, on_progress: Callable[[Progress], None] | None = None
    ) -> AvatarState:
        """Makes it, or goes on where it was broken off; stops when cancelled. Raises VisavisError."""
        ...


@dataclass(frozen=True, slots=True)
class Limits:
    """`waiting` is how many jobs may wait, `attempts` how often a job is begun before it is given up, `sweep_every` in
    seconds how often old things are removed."""

    waiting: int = 20
    attempts: int = 10
    sweep_every: float = 3600.0
    retention: Retention = field(default_factory=Retention)


@dataclass(slots=True)
class _Current:
    """The job at hand."""

    record: JobRecord
    task: asyncio.Task[AvatarState] | None = None
    unwanted: bool = False
    resumed: bool = False
    begun: dict[Stage, float] = field(default_factory=dict)
    seconds: dict[Stage, float] = field(default_factory=dict)
    over: asyncio.Event = field(default_factory=asyncio.Event)
    ram: float = 0.0


class Worker:
    """A bounded queue of jobs in front of the pipeline. The ledger outlives it: a job that was waiting or at work when
    the process ended is taken up by the next one's `run`. For use on one event loop; one worker to a ledger.

    A ledger that cannot be reached, or a full disk, holds the queue up until it can be written again; nothing is lost.
    """

    def __init__(
        self,
        pipeline: Makes,
        ledger: Ledger,
        artifacts: Artifacts,
        limits: Limits | None = None,
        *,
        meter: Meter | None = None,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._pipeline, self._ledger, self._artifacts = pipeline, ledger, artifacts
        self._limits, self._meter, self._now = limits or Limits(), meter or Meter(), now
        self._bulletin = Bulletin()
        self._waiting: dict[str, None] = {}
        self._arrived = asyncio.Event()
        self._intake = asyncio.Lock()
        self._current: _Current | None = None
        self._log = structlog.get_logger("studio.worker")

    async def run(self) -> None:
        """Takes up what was left unfinished, then works until cancelled; the job at hand stays unfinished then."""
        async with asyncio.TaskGroup() as group:
            group.create_task(self._sweep_now_and_then())
            await self._insist(self._take_up)
            while True:
                while not self._waiting:
                    self._arrived.clear()
                    await self._arrived.wait()
                await self._work_on(next(iter(self._waiting)))

    async def submit(self, request: JobRequest, owner: str = "") -> JobRecord:
        """Puts a job into the queue. Raises VisavisError `queue.full`, and as the ledger does."""
        async with self._intake:
            self._check_room()
            for name in (request.portrait, request.audio):
                await asyncio.to_thread(self._artifacts.renew, name)
            record = JobRecord(uuid.uuid4().hex, "pending", request, self._now(), owner)
            await self._ledger.add(record)
            self._enqueue(record)
        return record

    async def retry(self, job_id: str) -> JobRecord:
        """Puts a failed or cancelled job into the queue again; what it had made is used.

        Raises VisavisError `job.unknown`, `job.unfinished`, `job.completed`, `queue.full`, and as the ledger does.
        """
        async with self._intake:
            record = await self._ledger.get(job_id)
            if record.status == "completed":
                raise VisavisError("job.completed", "This video is finished; ask for a new one instead.")
            if record.status not in FINISHED:
                raise VisavisError("job.unfinished", "This job is still in the queue; cancel it first.")
            self._check_room()
            record = await self._ledger.update(
                job_id, status="pending", error_code="", error_message="", completed_at=None, progress=None, attempts=0
            )
            self._enqueue(record)
        return record

    async def cancel(self, job_id: str) -> JobRecord:
        """Takes a job out of the queue, or stops it; returns its record, that of a finished job as it is.

        Raises VisavisError `job.unknown`, and as the ledger does.
        """
        async with self._intake:
            current = self._current
            if current is None or current.record.id != job_id:
                record = await self._ledger.get(job_id)
                if job_id in self._waiting:
                    record = await self._ledger.update(job_id, status="cancelled", completed_at=self._now())
                    del self._waiting[job_id]
                    self._bulletin.publish(record)
                    self._queue_moved()
                return record
            current.unwanted = True
            if current.task is not None:
                current.task.cancel()
        try:
            async with asyncio.timeout(_STOPS_WITHIN):
                await current.over.wait()
        except TimeoutError:
            self._log.warning("studio.slow_to_stop", job=job_id)
        return current.record

    async def get(self, job_id: str) -> JobRecord:
        """The job as it is this moment. Raises VisavisError `job.unknown`, and as the ledger does."""
        if self._current is not None and self._current.record.id == job_id:
            return self._current.record
        return await self._ledger.get(job_id)

    def position(self, job_id: str) -> int | None:
        """How many jobs come before this one; None for a job that is not in the queue."""
        if self._current is not None and self._current.record.id == job_id:
            return 0
        if job_id not in self._waiting:
            return None
        return list(self._waiting).index(job_id) + (self._current is not None)

    async def events(self, job_id: str) -> AsyncGenerator[JobRecord]:
        """The job as it is, then again whenever it or its place in the queue has changed, up to its end. Who is slow
        gets the latest. Raises VisavisError `job.unknown`, and as the ledger does."""
        async with aclosing(self._bulletin.watch(job_id, lambda: self.get(job_id))) as records:
            async for record in records:
                yield record

    def stage_seconds(self, job_id: str) -> dict[Stage, float]:
        """How long the stages of the job at hand have taken so far, in s; {} for any other job."""
        current = self._current
        return dict(current.seconds) if current is not None and current.record.id == job_id else {}

    def _check_room(self) -> None:
        if len(self._waiting) >= self._limits.waiting:
            raise VisavisError("queue.full", "Too many videos are waiting; try again in a few minutes.", retryable=True)

    def _enqueue(self, record: JobRecord) -> None:
        self._waiting[record.id] = None
        self._bulletin.publish(record)
        self._arrived.set()

    def _queue_moved(self) -> None:
        """Tells those who watch a waiting job."""
        for job_id in self._bulletin.watched():
            if job_id in self._waiting:
                self._bulletin.publish_again(job_id)

    async def _take_up(self) -> None:
        """Puts what the ledger has unfinished before what came in since."""
        async with self._intake:
            left = await self._ledger.unfinished()
            self._waiting = dict.fromkeys([*(record.id for record in left), *self._waiting])

    async def _work_on(self, job_id: str) -> None:
        """Makes one video, and writes down how that went. Only the end of this worker comes out."""
        try:
            record = await self._insist(lambda: self._ledger.get(job_id))
            async with self._intake:
                if job_id not in self._waiting:  # cancelled meanwhile
                    return
                del self._waiting[job_id]
                current = self._current = _Current(record)
            self._queue_moved()
            await self._make(current)
        except VisavisError as error:  # the ledger knows no such job
            self._log.warning("studio.job_lost", job=job_id, code=error.code)
        except Exception:
            self._log.exception("studio.job_lost", job=job_id)
        finally:
            self._waiting.pop(job_id, None)
            if self._current is not None:
                self._current.over.set()
                self._current = None

    async def _make(self, current: _Current) -> None:
        record = current.record
        if record.attempts >= self._limits.attempts:
            gone = VisavisError(
                "job.given_up", "Work on this video was broken off again and again; retry it, or ask for a smaller one."
            )
            await self._end(current, _failure(gone))
            return
        current.resumed = record.started_at is not None
        started_at = record.started_at or self._now()
        await self._note(current, status="processing", started_at=started_at, attempts=record.attempts + 1)
        outcome = {"status": "cancelled"} if current.unwanted else await self._outcome(current)
        for used in self._meter.read():
            await self._insist(partial(self._ledger.spent, record.id, used.service, used.units, used.unit, used.cost))
        await self._end(current, outcome)

    async def _outcome(self, current: _Current) -> dict[str, Any]:
        """Runs the pipeline; returns what changes in the record by how it ended."""
        job_id, begun = current.record.id, asyncio.get_running_loop().time()
        self._meter.read()  # what an ended job left
        making = self._pipeline.ainvoke(current.record.request, job_id, partial(self._told, current))
        task = current.task = asyncio.create_task(making)
        try:
            await self._watch_over(task, current)
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
        self._meter.count("studio", asyncio.get_running_loop().time() - begun, "seconds")
        error = None if task.cancelled() else task.exception()
        if current.unwanted and (task.cancelled() or error is not None):
            return {"status": "cancelled"}
        if task.cancelled() or error is not None:
            if not isinstance(error, VisavisError):
                self._log.error("studio.job_failed", job=job_id, exc_info=error)
            return _failure(error)
        state = task.result()
        performance = performance_of(state, ram=current.ram, whole=not current.resumed)
        await self._insist(lambda: self._ledger.measured(job_id, performance))
        if quality := state.get("quality"):
            await self._insist(lambda: self._ledger.judged(job_id, quality))
        return result_of(state, current.record)

    async def _watch_over(self, task: asyncio.Task[AvatarState], current: _Current) -> None:
        """Until the task is over: writes its progress down, and looks at its memory."""
        saved: Progress | None = None
        while not task.done():
            await asyncio.wait({task}, timeout=_SAVE_EVERY)
            ram = await asyncio.to_thread(resident_mib)
            current.ram = max(current.ram, ram or 0.0)
            progress = current.record.progress
            if progress is not saved and not task.done():
                try:
                    await self._ledger.update(current.record.id, progress=progress)
                    saved = progress
                except VisavisError as error:
                    self._log.warning("studio.progress_not_kept", job=current.record.id, code=error.code)

    def _told(self, current: _Current, progress: Progress) -> None:
        now = asyncio.get_running_loop().time()
        current.seconds[progress.stage] = now - current.begun.setdefault(progress.stage, now)
        current.record = replace(current.record, progress=progress)
        self._bulletin.publish(current.record)

    async def _end(self, current: _Current, outcome: Mapping[str, Any]) -> None:
        await self._note(current, completed_at=self._now(), progress=current.record.progress, **outcome)

    async def _note(self, current: _Current, **changes: Any) -> None:
        current.record = await self._insist(lambda: self._ledger.update(current.record.id, **changes))
        self._bulletin.publish(current.record)

    async def _insist(self, call: Callable[[], Awaitable[T]]) -> T:
        """Calls the ledger until it can be reached and written."""
        wait, longest = _PATIENCE
        while True:
            try:
                return await call()
            except VisavisError as error:
                if error.code not in _PASSING:
                    raise
                self._log.warning("studio.ledger_unavailable", code=error.code, again_in=wait)
            await asyncio.sleep(wait)
            wait = min(2 * wait, longest)

    async def _sweep_now_and_then(self) -> None:
        while True:
            try:
                swept = self._limits.retention.sweep(self._ledger, self._pipeline, self._artifacts, self._now())
                jobs, files = await swept
                if jobs or files:
                    self._log.info("studio.swept", jobs=jobs, files=files)
            except (VisavisError, OSError) as error:
                self._log.warning("studio.not_swept", reason=str(error))
            await asyncio.sleep(self._limits.sweep_every)


def _failure(error: BaseException | None) -> dict[str, Any]:
    if not isinstance(error, VisavisError):
        error = VisavisError("job.failed", "The video could not be made; retry it, or look into the server's log.")
    return {"status": "failed", "error_code": error.code, "error_message": error.message}
