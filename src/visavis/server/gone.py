"""Clients that leave while something is done for them."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from typing import Any


class GoneError(Exception):
    """The client has left."""


async def unless_gone(gone: asyncio.Event, waiting: Awaitable[Any]) -> None:
    """Awaits `waiting`. Raises GoneError when `gone` is set first; what was waited for is cancelled then."""
    task = asyncio.ensure_future(waiting)
    left = asyncio.create_task(gone.wait())
    try:
        await asyncio.wait((task, left), return_when=asyncio.FIRST_COMPLETED)
        if not task.done():
            raise GoneError
        await task
    finally:
        for each in (task, left):
            if not each.done():
                each.cancel()
                await asyncio.wait((each,))
