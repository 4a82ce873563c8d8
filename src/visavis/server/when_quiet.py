"""Work that gives way to conversations."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

Result = TypeVar("Result")


async def when_quiet(quiet: Callable[[], bool], work: Callable[[], Coroutine[Any, Any, Result]]) -> Result:
    """Does the work while `quiet` says yes; drops it, and begins again later, when somebody starts to talk."""
    while True:
        while not quiet():  # noqa: ASYNC110 - asked again and again, as many sessions decide it
            await asyncio.sleep(0.5)
        task = asyncio.create_task(work())
        try:
            while quiet() and not task.done():
                await asyncio.wait([task], timeout=0.1)
            if task.done():
                return task.result()
        finally:
            task.cancel()
            await asyncio.wait([task])
