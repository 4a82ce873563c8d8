"""One server with fake engines for all tests of the OpenAI-shaped routes, on a thread of its own."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from concurrent.futures import Future

import httpx
import pytest

from tests.server.serving import Served, serving, settings
from visavis.settings import ApiSettings

LIMITS = ApiSettings(longest_recording=60.0, max_audio_bytes=4_000_000, most_texts=40)


@pytest.fixture(scope="session")
def server() -> Iterator[Served]:
    ready: Future[Served] = Future()
    over = threading.Event()

    async def serve() -> None:
        async with serving(settings(api=LIMITS)) as served:
            ready.set_result(served)
            await asyncio.to_thread(over.wait)

    thread = threading.Thread(target=lambda: asyncio.run(serve()))
    thread.start()
    try:
        yield ready.result(60)
    finally:
        over.set()
        thread.join(30)


@pytest.fixture
def api(server: Served) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=f"{server.http}/v1", timeout=30, trust_env=False) as client:
        yield client
