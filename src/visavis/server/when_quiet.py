"""Work that gives way to conversations."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any, Final, TypeVar

Result = TypeVar("Result")

RECONSIDERED: Final = 0.5
"""Seconds after which work that gave way asks again whether it may begin."""


class DroppedError(Exception):
    """The work was dropped, because somebody started to talk."""


async def while_quiet(quiet: Callable[[], bool], work: Callable[[], Coroutine[Any, Any, Result]]) -> Result:
    """Does the work. Raises DroppedError when `quiet` says no before it is done."""
    if not quiet():
        raise DroppedError
    task = asyncio.create_task(work())
    try:
        while quiet() and not task.done():
            await asyncio.wait([task], timeout=0.1)
        if not task.done():
            raise DroppedError
        return task.result()
    finally:
        task.cancel()
        await asyncio.wait([task])


async def when_quiet(quiet: Callable[[], bool], work: Callable[[], Coroutine[Any, Any, Result]]) -> Result:
    """Does the work while `quiet` says yes; drops it, and begins again later, when somebody starts to talk."""
    while True:
        try:
            return await while_quiet(quiet, work)
        except DroppedError:
            await asyncio.sleep(RECONSIDERED)
