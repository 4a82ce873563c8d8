"""A service that hangs, which breaks no connection, and one that comes back."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from visavis.core.errors import VisavisError
from visavis.engines.service import Service, api_root

WELL = (
    b'{"data": [{"kind": "stt", "name": "fake", "model": "fake", "state": "ready", "detail": "", "capabilities": {}}]}'
)
LOADING = WELL.replace(b"ready", b"loading").replace(b'"detail": ""', b'"detail": "70 of 140 MB"')


class Raw:
    """Answers `/v1/engines` with `body`, anything else never; and nothing at all while it `hangs`."""

    def __init__(self) -> None:
        self.body, self.hangs = WELL, False

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while request := await reader.readline():
            while (await reader.readline()).strip():
                pass
            if self.hangs or b"/v1/engines" not in request:
                await asyncio.sleep(3600)
            head = f"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {len(self.body)}\r\n\r\n"
            writer.write(head.encode() + self.body)
            await writer.drain()


@asynccontextmanager
async def raw() -> AsyncIterator[tuple[Raw, str]]:
    one, tasks = Raw(), set[asyncio.Task[None]]()

    def accept(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        tasks.add(asyncio.create_task(one.serve(reader, writer)))
        writers.append(writer)

    writers: list[asyncio.StreamWriter] = []
    server = await asyncio.start_server(accept, "127.0.0.1", 0)
    try:
        yield one, f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        for writer in writers:
            writer.close()
        server.close()


async def test_a_call_is_given_up_when_the_service_is_seen_to_hang() -> None:
    async with raw() as (one, url):
        service = Service("stt", url, timeout_s=60)
        await service.look()
        assert service.ours
        one.hangs = True
        asking = asyncio.create_task(service.post("anything", json={}, patience=0.0))
        await asyncio.sleep(0.05)
        service._watch.hurry()
        async with asyncio.timeout(30):
            with pytest.raises(VisavisError) as caught:
                await asking
        assert caught.value.code == "stt.timeout" and caught.value.retryable
        one.hangs = False
        service._watch.hurry()
        async with asyncio.timeout(30):
            await service.health.until_well()
        await service.aclose()


async def test_one_that_still_loads_says_how_far_it_is() -> None:
    async with raw() as (one, url):
        one.body = LOADING
        service = Service("stt", url)
        with pytest.raises(VisavisError, match=r"not ready: 70 of 140 MB\."):
            await service.look()
        one.body = WELL
        async with asyncio.timeout(30):
            await service.health.until_well()
        await service.aclose()


async def test_cancelling_a_call_ends_it_at_once() -> None:
    async with raw() as (_, url):
        service = Service("stt", url, timeout_s=60)
        asking = asyncio.create_task(service.post("anything", json={}, patience=5.0))
        await asyncio.sleep(0.2)
        begin = asyncio.get_running_loop().time()
        asking.cancel()
        await asyncio.wait((asking,))
        assert asking.cancelled() and asyncio.get_running_loop().time() - begin < 0.1
        await service.aclose()


def test_api_root() -> None:
    assert api_root("http://localhost:11434") == "http://localhost:11434/v1"
    assert api_root("http://localhost:11434/") == "http://localhost:11434/v1"
    assert api_root("https://api.groq.com/openai/v1") == "https://api.groq.com/openai/v1"
    assert api_root("https://example.org/v1beta") == "https://example.org/v1beta"
