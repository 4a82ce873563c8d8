"""Memory that was freed goes back to the system, where the C library would keep it for itself."""

from __future__ import annotations

import asyncio
import ctypes
import platform
from collections.abc import Callable


async def give_back(quiet: Callable[[], bool], interval: float = 30.0) -> None:
    """Every `interval` seconds, when `quiet` says that nobody would notice, returns what was freed; until cancelled.

    glibc keeps freed memory above what is still in use, which after a video or a large document can be hundreds of
    megabytes. Other C libraries return it by themselves; there this ends at once.
    """
    if platform.libc_ver()[0] != "glibc":
        return
    trim = ctypes.CDLL(None).malloc_trim
    while True:
        await asyncio.sleep(interval)
        if quiet():
            await asyncio.to_thread(trim, 0)
