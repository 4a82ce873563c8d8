"""Runs a stage of the turn ahead of the next one, within bounds."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing
from dataclasses import dataclass
from typing import TypeVar

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class _End:
    """The source is exhausted, or failed with `error`."""

    error: Exception | None = None


async def _pump(source: AsyncGenerator[T, None], queue: asyncio.Queue[T | _End], gate: asyncio.Event | None) -> None:
    try:
        async with aclosing(source):
            async for item in source:
                await queue.put(item)
                if gate is not None:
                    await gate.wait()
                # A source that never waits must not keep its reader from running.
                await asyncio.sleep(0)
    except Exception as error:
        await queue.put(_End(error))
    else:
        await queue.put(_End())


async def _drain(queue: asyncio.Queue[T | _End]) -> AsyncGenerator[T, None]:
    while True:
        item = await queue.get()
        if not isinstance(item, _End):
            yield item
        elif item.error is not None:
            raise item.error
        else:
            return


def prefetch(
    group: asyncio.TaskGroup, source: AsyncGenerator[T, None], limit: int, gate: asyncio.Event | None = None
) -> AsyncGenerator[T, None]:
    """Starts to consume `source` at once, at most `limit` items ahead: when they are not taken, it waits, and so it
    does while `gate` is not set.

    An error of the source reaches the reader in its place, after the items before it. Cancelling the group closes
    the source.
    """
    queue: asyncio.Queue[T | _End] = asyncio.Queue(limit)
    group.create_task(_pump(source, queue, gate))
    return _drain(queue)


async def as_generator(stream: AsyncIterator[T]) -> AsyncGenerator[T, None]:
    """An engine's stream, closed for certain when its reader stops early."""
    try:
        async for item in stream:
            yield item
    finally:
        close = getattr(stream, "aclose", None)
        if close is not None:
            await close()
