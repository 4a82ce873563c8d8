"""The processes that draw: as many as wanted, started when needed, each at one order at a time."""

from __future__ import annotations

import asyncio
import json
import os
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager, suppress
from typing import Any, Final

import structlog

from visavis.core.errors import VisavisError
from visavis.studio.drawing import REST, WAKE, command, source_folder

_log = structlog.get_logger(__name__)

_LONGEST_LINE: Final = 4 << 20
_PATIENCE: Final = 5.0
"""Seconds that a process gets to drop an order, or to end, before it is killed."""


class Drawers:
    """Hands orders to idle processes; callers wait while all are busy. Bound to one event loop while in use.

    Cancelling a caller drops its order between two pictures; the process is then free for the next.
    """

    def __init__(self, count: int) -> None:
        """`count` processes at most. Raises ValueError for less than one."""
        if count < 1:
            raise ValueError("at least one process has to draw")
        self.count = count
        self._places = asyncio.Semaphore(count)
        self.idle: list[asyncio.subprocess.Process] = []
        """Processes that have nothing to do."""
        self._all: list[asyncio.subprocess.Process] = []
        self._resting = False

    def rest(self, resting: bool) -> None:
        """Has all processes pause between two pictures, or go on."""
        if resting != self._resting:
            self._resting = resting
            for process in self._all:
                self._tell(process)

    async def warm(self) -> None:
        """Starts the processes, so that the first order need not wait for it."""
        while len(self.idle) < self.count and not self._places.locked():
            self.idle.append(await self._started())

    async def draw(
        self, order: Mapping[str, Any], on_drawn: Callable[[int], None], keep: Callable[[Mapping[str, Any]], None]
    ) -> None:
        """Has one order of `segments` fulfilled; `keep` takes its answer, also when the order was done just as the
        caller was cancelled. Raises VisavisError as the order does, and `studio.drawing` when the process breaks."""
        async with self._places, self._process() as process:
            assert process.stdin is not None and process.stdout is not None
            try:
                process.stdin.write(json.dumps(order).encode() + b"\n")
                await process.stdin.drain()
                while True:
                    line = await process.stdout.readline()
                    if not line:
                        raise _broken()
                    answer = json.loads(line)
                    if answer["code"]:
                        raise VisavisError(answer["code"], answer["message"])
                    if answer["result"] is not None:
                        keep(answer["result"])
                        return
                    on_drawn(answer["drawn"])
            except asyncio.CancelledError:
                await asyncio.shield(_drop(process, keep))
                raise
            except (BrokenPipeError, ConnectionResetError) as error:
                raise _broken() from error

    async def aclose(self) -> None:
        """Ends all idle processes; those at work end with their order."""
        idle, self.idle = self.idle, []
        self._places = asyncio.Semaphore(self.count)
        for process in idle:
            await _end(process)

    async def _started(self) -> asyncio.subprocess.Process:
        process = await _start()
        self._all = [one for one in self._all if one.returncode is None] + [process]
        if self._resting:
            self._tell(process)
        return process

    def _tell(self, process: asyncio.subprocess.Process) -> None:
        assert process.stdin is not None
        if process.returncode is None and not process.stdin.is_closing():
            process.stdin.write((REST if self._resting else WAKE).encode())

    @asynccontextmanager
    async def _process(self) -> AsyncIterator[asyncio.subprocess.Process]:
        alive = [process for process in self.idle if process.returncode is None]
        process = alive.pop() if alive else await self._started()
        self.idle = alive
        try:
            yield process
        except VisavisError as error:
            if error.code == "studio.drawing":
                await _end(process)
            raise
        finally:
            if process.returncode is None:
                self.idle.append(process)


async def _start() -> asyncio.subprocess.Process:
    paths = [str(source_folder()), *filter(None, [os.environ.get("PYTHONPATH")])]
    threads = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")
    return await asyncio.create_subprocess_exec(
        *command(),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        limit=_LONGEST_LINE,
        env={**os.environ, **threads, "PYTHONPATH": os.pathsep.join(paths)},
    )


async def _drop(process: asyncio.subprocess.Process, keep: Callable[[Mapping[str, Any]], None]) -> None:
    """Has the process drop its order, unless it is done already; kills it when it does neither."""
    assert process.stdin is not None and process.stdout is not None
    try:
        process.stdin.write(b"\n")
        async with asyncio.timeout(_PATIENCE):
            await process.stdin.drain()
            while line := await process.stdout.readline():
                answer = json.loads(line)
                if answer["result"] is not None:
                    keep(answer["result"])
                if answer["code"] or answer["result"] is not None:
                    return
    except (TimeoutError, OSError):
        _log.warning("drawing.killed", pid=process.pid)
    await _end(process, kill=True)


async def _end(process: asyncio.subprocess.Process, *, kill: bool = False) -> None:
    assert process.stdin is not None
    with suppress(ProcessLookupError, OSError):
        if kill:
            process.kill()
        process.stdin.close()
    try:
        async with asyncio.timeout(_PATIENCE):
            await process.wait()
    except TimeoutError:
        with suppress(ProcessLookupError):
            process.kill()
        await process.wait()


def _broken() -> VisavisError:
    return VisavisError("studio.drawing", "The process that draws ended unexpectedly; retry the job.", retryable=True)
