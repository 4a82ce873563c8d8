"""Freed memory goes back."""

from __future__ import annotations

import asyncio
import platform

import numpy as np
import psutil
import pytest

from visavis.observe.heap import give_back

PIECE = 60_000
"""Bytes: small enough for the C library to keep."""


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
    await asyncio.sleep(0.5)
    assert process.memory_info().rss < full - 1_000 * PIECE
    quiet.cancel()
    assert held.all()
