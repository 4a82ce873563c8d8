"""Freed memory goes back."""

from __future__ import annotations

import asyncio
import gc
import platform
import weakref
from collections.abc import Callable

import numpy as np
import psutil
import pytest

from visavis.observe.heap import give_back

PIECE = 60_000
"""Bytes: small enough for the C library to keep."""


class Ring:
    """Holds itself, and so is never freed by counting."""

    def __init__(self) -> None:
        self.own = self


async def true(check: Callable[[], bool]) -> None:
    """Waits until it is: garbage is sought first, which takes long in a process that holds much."""
    for _ in range(3_000):
        if check():
            return
        await asyncio.sleep(0.02)
    raise AssertionError("never came true")


async def test_what_nobody_can_reach_is_freed_when_it_is_quiet() -> None:
    gc.collect()
    gc.disable()  # as if there were too many old objects for Python to look at them
    try:
        lost = weakref.ref(Ring())
        loud = asyncio.create_task(give_back(lambda: False, interval=0.01))
        await asyncio.sleep(0.1)
        loud.cancel()
        assert lost() is not None
        quiet = asyncio.create_task(give_back(lambda: True, interval=0.01))
        await true(lambda: lost() is None)
        quiet.cancel()
    finally:
        gc.enable()


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="only glibc keeps what was freed")
async def test_what_was_freed_goes_back_when_it_is_quiet() -> None:
    process = psutil.Process()
    pieces = [np.ones(PIECE, np.uint8) for _ in range(2_000)]
    held = pieces[-1]  # what is still in use above all that was freed
    pieces.clear()
    full = process.memory_info().rss
    loud = asyncio.create_task(give_back(lambda: False, interval=0.01))
    await asyncio.sleep(0.1)
    assert process.memory_info().rss > full - 1_000 * PIECE
    loud.cancel()
    quiet = asyncio.create_task(give_back(lambda: True, interval=0.01))
    await true(lambda: process.memory_info().rss < full - 1_000 * PIECE)
    quiet.cancel()
    assert held.all()
