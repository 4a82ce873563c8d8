"""A server and three services in processes of their own; each is killed in a conversation, and comes back."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
import numpy as np
import pytest

from bench.server import ServerProcess
from tests.server.serving import FAKE, Served, serving, settings
from tests.server.test_openai_client import connected, hear
from visavis.engines.fake import spoken
from visavis.server.annex import Part
from visavis.settings import ServiceSettings

PARTS: tuple[Part, ...] = ("stt", "llm", "tts")
SILENCE = np.zeros(24_000, np.float32)


class Apart:
    """The services by kind, and one client in a conversation with the server that uses them."""

    def __init__(self, services: dict[Part, ServerProcess], served: Served, connection: Any) -> None:
        self.services, self.served, self.connection = services, served, connection
        self.events: list[Any] = []

    async def until(self, kind: str, **fields: str) -> Any:
        """The next event of that type with these fields."""
        async with asyncio.timeout(60):
            while True:
                event = await self.connection.recv()
                self.events.append(event)
                told = event.to_dict()
                if event.type == kind and all(told.get(name) == value for name, value in fields.items()):
                    return told

    async def until_state(self, part: Part, state: str) -> dict[str, Any]:
        """When the server says that a part is in that state, how it is."""
        while True:
            engines = (await self.until("visavis.engines"))["engines"]
            found = next(one for one in engines if one["kind"] == part)
            if found["state"] == state:
                return dict(found)

    async def say(self, text: str) -> None:
        await hear(self.connection, np.concatenate([spoken.encode(text, 24_000), SILENCE, SILENCE]))

    async def write(self, text: str) -> None:
        item = {"type": "message", "role": "user", "content": [{"type": "input_text", "text": text}]}
        await self.connection.conversation.item.create(item=item)
        await self.connection.response.create()

    async def answer(self) -> dict[str, Any]:
        """The response of the answer that comes next."""
        response: dict[str, Any] = (await self.until("response.done"))["response"]
        return response

    async def readiness(self) -> dict[str, Any]:
        async with httpx.AsyncClient(base_url=self.served.http) as client:
            reply = await client.get("/readyz")
            assert reply.status_code == 200
            report: dict[str, Any] = reply.json()
            return report


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("apart")


@asynccontextmanager
async def apart(folder: Path) -> AsyncIterator[Apart]:
    services = {part: ServerProcess(folder / f"{part}.log", only=part, VISAVIS_ENGINES="fake") for part in PARTS}
    urls = {f"{part}_url": service.url for part, service in services.items()}
    made = settings(engines=FAKE).model_copy(update={"services": ServiceSettings(**urls)})
    async with AsyncExitStack() as stack:
        for service in services.values():
            stack.callback(service.stop)
        await asyncio.gather(*(asyncio.to_thread(service.start) for service in services.values()))
        served = await stack.enter_async_context(serving(made))
        connection = await stack.enter_async_context(connected(served))
        yield Apart(services, served, connection)


@pytest.mark.timeout(900)
async def test_each_part_may_die_in_a_conversation_and_come_back(folder: Path) -> None:
    async with apart(folder) as all_of_it:
        await all_of_it.say("Hello there.")
        heard = await all_of_it.until("conversation.item.input_audio_transcription.completed")
        assert heard["transcript"] == "Hello there."
        assert (await all_of_it.answer())["status"] == "completed"
        assert any(event.type == "response.output_audio.delta" for event in all_of_it.events)
        for part in PARTS:
            all_of_it.services[part].kill()
            await _dead(all_of_it, part)
            report = await all_of_it.readiness()
            assert report["status"] == "degraded"
            assert [one["kind"] for one in report["components"] if one["state"] == "failed"] == [part]
            await asyncio.to_thread(all_of_it.services[part].start)
            await all_of_it.until_state(part, "ready")
            assert (await all_of_it.readiness())["status"] == "ready"
            await all_of_it.say("Once more.")
            response = await all_of_it.answer()
            assert response["status"] == "completed"
            (item,) = response["output"]
            assert item["content"][0]["type"] == "output_audio"


async def _dead(all_of_it: Apart, part: Part) -> None:
    """What the person meets while that part is away."""
    if part == "stt":
        await all_of_it.say("Can you hear me?")
        failed = await all_of_it.until("conversation.item.input_audio_transcription.failed")
        assert failed["error"]["code"] == "stt.unavailable"
        await all_of_it.until("visavis.notice", code="stt.unavailable")
        await all_of_it.write("Then I write.")
        assert (await all_of_it.answer())["status"] == "completed"
        return
    await all_of_it.until_state(part, "failed")
    await all_of_it.write("Are you there?")
    response = await all_of_it.answer()
    assert response["status"] == "completed"
    (item,) = response["output"]
    if part == "llm":
        await_text = item["content"][0]["transcript"]
        assert await_text and "Are you there?" not in await_text
    else:
        assert item["content"][0]["type"] == "output_text"
        assert item["content"][0]["text"]


async def test_a_server_starts_without_a_service_and_takes_it_when_it_comes(folder: Path) -> None:
    service = ServerProcess(folder / "late.log", only="stt", VISAVIS_ENGINES="fake")
    made = settings(engines=FAKE).model_copy(update={"services": ServiceSettings(stt_url=service.url)})
    try:
        async with serving(made) as served, connected(served) as connection:
            all_of_it = Apart({"stt": service}, served, connection)
            assert (await all_of_it.readiness())["status"] == "degraded"
            await asyncio.to_thread(service.start)
            await all_of_it.until_state("stt", "ready")
            await all_of_it.say("Hello there.")
            assert (await all_of_it.answer())["status"] == "completed"
    finally:
        service.stop()
