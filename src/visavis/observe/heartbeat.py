"""How late the event loop is: what every conversation waits for before anything of its own is done."""

from __future__ import annotations

import asyncio
from collections.abc import Callable


async def beat(observe: Callable[[float], None], interval: float = 0.05) -> None:
    """Wakes every `interval` seconds until it is cancelled, and tells `observe` by how many seconds each was late."""
    clock = asyncio.get_running_loop().time
    while True:
        due = clock() + interval
        await asyncio.sleep(interval)
        observe(max(0.0, clock() - due))
