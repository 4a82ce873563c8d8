"""Takes what engines give as fast as they give it, whoever reads it and however slowly."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Sequence
from contextlib import AbstractContextManager, ExitStack, aclosing
from typing import Generic, TypeVar

T = TypeVar("T")


class Pump(Generic[T]):
    """Runs some streams side by side and gives their items as they come, each with the number of its stream.

    At most `limit` items wait to be read; then the streams wait too. An error of a stream reaches the reader after
    the items before it, and ends the others. Whoever makes a pump closes it.
    """

    def __init__(
        self, streams: Sequence[AsyncGenerator[T, None]], limit: int, visit: AbstractContextManager[object]
    ) -> None:
        """Starts at once, inside of `visit`, which lasts until the pump is closed. Raises what entering it raises."""
        self._visit = ExitStack()
        self._visit.enter_context(visit)
        self._queue: asyncio.Queue[tuple[int, T] | Exception | None] = asyncio.Queue(limit)
        self._left = len(streams)
        self._tasks = [asyncio.create_task(self._run(number, stream)) for number, stream in enumerate(streams)]

    def __aiter__(self) -> AsyncIterator[tuple[int, T]]:
        """The items."""
        return self

    async def __anext__(self) -> tuple[int, T]:
        """The next item. Raises what a stream raised."""
        while self._left:
            item = await self._queue.get()
            if isinstance(item, Exception):
                await self.aclose()
                raise item
            if item is not None:
                return item
            self._left -= 1
        raise StopAsyncIteration

    async def aclose(self) -> None:
        """Ends the streams; returns when they have ended."""
        self._left = 0
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self._visit.close()

    async def _run(self, number: int, stream: AsyncGenerator[T, None]) -> None:
        try:
            async with aclosing(stream):
                async for item in stream:
                    await self._queue.put((number, item))
                    # A stream that never waits must not keep its reader from running.
                    await asyncio.sleep(0)
        except Exception as error:
            await self._queue.put(error)
        else:
            await self._queue.put(None)
