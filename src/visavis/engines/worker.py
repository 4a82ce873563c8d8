"""A thread of an engine's own, on which blocking inference runs one call at a time."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from threading import Event, Lock
from typing import Any, Final, TypeVar

from visavis.core.errors import VisavisError

T = TypeVar("T")

_STRAGGLERS: Final = 1


class DroppedError(Exception):
    """Raised inside a blocking call whose caller has gone."""


@dataclass(slots=True)
class Ticket:
    """What a blocking call gets: `check()` between its stages ends it early when nobody waits for it any more."""

    _gone: Event = field(default_factory=Event)

    def check(self) -> None:
        """Raises `DroppedError` when the caller was cancelled."""
        if self._gone.is_set():
            raise DroppedError

    def drop(self) -> None:
        """Marks the caller as gone."""
        self._gone.set()


@dataclass(slots=True, eq=False)
class _Job:
    call: Callable[[Ticket], Any]
    ticket: Ticket
    future: Future[Any]
    running: bool = False


class Worker:
    """Runs blocking calls in order, one at a time, off the event loop.

    Cancelling the caller gives its place to the next one at once: a call that waits never runs, the result of one that
    runs is dropped, and meanwhile one straggler may finish beside its successor. At most `waiting` calls wait; one more
    raises VisavisError `<part>.busy`.
    """

    def __init__(self, part: str, waiting: int = 32) -> None:
        self._part = part
        self._limit = waiting
        self._pool = ThreadPoolExecutor(1 + _STRAGGLERS, thread_name_prefix=f"visavis-{part}")
        self._lock = Lock()
        self._queue: deque[_Job] = deque()
        self._live = 0
        self._closed = False

    async def run(self, call: Callable[[Ticket], T]) -> T:
        """Waits for `call`'s result. Raises what it raises, and `<part>.busy`, `<part>.unavailable`."""
        job = _Job(call, Ticket(), Future())
        with self._lock:
            if self._closed:
                raise VisavisError(f"{self._part}.unavailable", f"The {self._part} engine has been closed.")
            if len(self._queue) >= self._limit:
                raise VisavisError(
                    f"{self._part}.busy", f"Too many calls wait for the {self._part} engine: try again.", retryable=True
                )
            self._queue.append(job)
        self._next()
        result: asyncio.Future[T] = asyncio.wrap_future(job.future)
        try:
            return await result
        finally:
            self._leave(job)

    async def aclose(self) -> None:
        """Ends it: waiting calls are cancelled, a running one is waited for."""
        with self._lock:
            self._closed = True
            waiting, self._queue = list(self._queue), deque()
        for job in waiting:
            job.future.cancel()
        await asyncio.to_thread(self._pool.shutdown, wait=True, cancel_futures=True)

    def _next(self) -> None:
        with self._lock:
            if self._live or not self._queue:
                return
            job = self._queue.popleft()
            job.running = True
            self._live += 1
            self._pool.submit(self._work, job)

    def _work(self, job: _Job) -> None:
        try:
            job.ticket.check()
            result = job.call(job.ticket)
        except BaseException as error:
            if not job.future.cancelled():
                job.future.set_exception(error)
        else:
            if not job.future.cancelled():
                job.future.set_result(result)
        self._leave(job)

    def _leave(self, job: _Job) -> None:
        """Frees the job's place, once: when it is done or when its caller is gone."""
        job.ticket.drop()
        with self._lock:
            if job in self._queue:
                self._queue.remove(job)
            if job.running:
                job.running = False
                self._live -= 1
        self._next()
