"""Who leaves gives the place free at once; who finds none is told so."""

from __future__ import annotations

import asyncio

import httpx
import pytest
from websockets.asyncio.client import connect

from tests.server.doors.advisor_client import advisor
from tests.server.doors.browser_sound import recording
from tests.server.serving import FAKE, Served, serving, settings
from visavis.settings import SessionSettings, Settings

SLOW = FAKE.model_copy(update={"options": {"llm": {"delay_s": 0.5}}})
"""A word every half second."""

WORDS = "one two three four five six seven eight nine ten eleven twelve"


def slow(places: int = 4, queue: int = 32) -> Settings:
    return settings(engines=SLOW, sessions=SessionSettings(places=places, queue=queue))


async def until_free(server: Served) -> None:
    """Waits until nobody has a place, for less than half of what the whole answer takes."""
    async with asyncio.timeout(3):
        while server.app.state.house.sessions.busy:  # noqa: ASYNC110
            await asyncio.sleep(0.02)


async def until_taken(server: Served) -> None:
    """Waits until somebody has one."""
    async with asyncio.timeout(10):
        while not server.app.state.house.sessions.busy:  # noqa: ASYNC110
            await asyncio.sleep(0.02)


async def test_a_stream_that_nobody_reads_on() -> None:
    async with serving(slow()) as server, httpx.AsyncClient(base_url=server.http, timeout=30) as http:
        async with http.stream("POST", "/api/v1/chat/stream", json={"message": WORDS}) as reply:
            async for line in reply.aiter_lines():
                if line == "event: delta":
                    break
        await until_free(server)


async def test_a_request_that_is_given_up() -> None:
    async with serving(slow()) as server, httpx.AsyncClient(base_url=server.http, timeout=30) as http:
        bodies = {"message": WORDS, "persona": "open", "session_id": "mine"}
        asking = asyncio.create_task(http.post("/api/v1/chat", json=bodies))
        await until_taken(server)
        asking.cancel()
        await until_free(server)


async def test_a_websocket_that_is_closed_while_it_is_answered() -> None:
    async with serving(slow()) as server:
        async with connect(f"{server.http.replace('http', 'ws', 1)}/ws") as socket:
            await socket.send(recording(WORDS, "ogg", "libopus"))
            await socket.send('{"type": "end_stream"}')
            await until_taken(server)
        await until_free(server)


async def test_no_place_is_left() -> None:
    async with (
        serving(slow(places=1, queue=0)) as server,
        advisor(server.http) as first,
        httpx.AsyncClient(base_url=server.http, timeout=30) as http,
    ):
        await first.receive("response")
        refused = await http.post("/api/v1/chat", json={"message": "Hello."})
        assert (refused.status_code, refused.json()["error"]["code"]) == (503, "sessions.full")
        streamed = await http.post("/api/v1/chat/stream", json={"message": "Hello."})
        assert '"code": "sessions.full"' in streamed.text
        async with advisor(server.http) as second:
            assert (await second.receive("error"))["code"] == "sessions.full"


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({"message": "  "}, 400, "item.empty"),
        ({"message": "Hello.", "persona": "nobody"}, 404, "personas.unknown"),
        ({"message": "Hello.", "session_id": "../secret"}, 422, "request.invalid"),
        ({"message": 7}, 422, "request.invalid"),
    ],
)
async def test_what_cannot_be_answered(body: dict[str, object], status: int, code: str) -> None:
    async with serving() as server, httpx.AsyncClient(base_url=server.http, timeout=30) as http:
        for path in ("/api/v1/chat", "/api/v1/chat/stream"):
            refused = await http.post(path, json=body)
            assert (refused.status_code, refused.json()["error"]["code"]) == (status, code)
