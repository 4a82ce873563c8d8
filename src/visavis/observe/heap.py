"""Memory that is not used any more goes back to the system, where Python and the C library would keep it."""

from __future__ import annotations

import asyncio
import ctypes
import gc
import platform
from collections.abc import Callable


def settle() -> None:
    """What exists now stays: it is never looked at again when garbage is sought, which so takes a fraction of the
    time."""
    gc.collect()
    gc.freeze()


async def give_back(quiet: Callable[[], bool], interval: float = 30.0) -> None:
    """Every `interval` seconds, when `quiet` says that nobody would notice, frees what nobody can reach any more and
    returns what was freed; until cancelled.

    Python looks at old objects only when there are a quarter more of them, and a conversation that ended is some rings
    of objects, with minutes of sound in them: dozens would lie there. glibc keeps freed memory above what is still in
    use, which after a video or a large document can be hundreds of megabytes; other C libraries return it by
    themselves.
    """
    trim = ctypes.CDLL(None).malloc_trim if platform.libc_ver()[0] == "glibc" else None
    while True:
        await asyncio.sleep(interval)
        if quiet():
            gc.collect()
            if trim is not None:
                await asyncio.to_thread(trim, 0)
