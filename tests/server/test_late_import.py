"""Parts that are imported late, at the same time, from several threads."""

from __future__ import annotations

import asyncio
import subprocess
import sys

import pytest

from visavis.server.late_import import late_import

TOGETHER = """
import asyncio
from visavis.server.late_import import late_import

async def both():
    names = ("visavis.server.production", "visavis.server.holdings", "visavis.store.database")
    print([module.__name__ for module in await asyncio.gather(*map(late_import, names))])

asyncio.run(both())
"""


def test_the_studio_and_the_documents_can_be_opened_at_once() -> None:
    done = subprocess.run([sys.executable, "-c", TOGETHER], capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
    assert "visavis.server.holdings" in done.stdout


async def test_what_cannot_be_imported_says_so_and_the_next_one_can() -> None:
    with pytest.raises(ModuleNotFoundError):
        await late_import("visavis.server.nothing")
    async with asyncio.timeout(10):
        assert (await late_import("visavis.server.late_import")).late_import is late_import
