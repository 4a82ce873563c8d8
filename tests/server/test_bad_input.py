"""Whatever a client sends, it gets an error with a code, and the server goes on."""

from __future__ import annotations

import asyncio
import base64
import json
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any

import httpx
import pytest
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from bench.server import ServerProcess
from tests.server.serving import Served, serving, settings
from visavis.settings import ServerSettings, SessionSettings

SIXTY_MEGABYTES = 60_000_000


@asynccontextmanager
async def dialled(server: Served, query: str = "") -> AsyncIterator[ClientConnection]:
    async with connect(f"{server.ws}{query}", max_size=None, proxy=None) as socket:
        yield socket


async def next_of(socket: ClientConnection, kind: str) -> dict[str, Any]:
    async with asyncio.timeout(20):
        while True:
            event: dict[str, Any] = json.loads(await socket.recv())
            if event["type"] == kind:
                return event


def append(data: bytes) -> str:
    return json.dumps(
        {"type": "input_audio_buffer.append", "audio": base64.b64encode(data).decode(), "event_id": "evt_9"}
    )


WAV = b"RIFF\x24\x00\x00\x00WAVEfmt " + bytes(100)

BAD: list[tuple[str, str | bytes, str]] = [
    ("not JSON", "{", "event.malformed"),
    ("no object", "[1, 2]", "event.malformed"),
    ("no type", '{"audio": ""}', "event.malformed"),
    ("deep nesting", "[" * 100_000, "event.malformed"),
    ("binary", b"\x00\x01", "event.binary"),
    ("unknown type", '{"type": "make.coffee"}', "event.unknown"),
    ("missing field", '{"type": "input_audio_buffer.append"}', "event.invalid"),
    ("wrong type of field", '{"type": "input_audio_buffer.append", "audio": 7}', "event.invalid"),
    ("negative position", '{"type": "visavis.playback", "item_id": "i", "audio_end_ms": -1}', "event.invalid"),
    ("garbage base64", '{"type": "input_audio_buffer.append", "audio": "%%%%"}', "audio.base64"),
    ("0 bytes", append(b""), "audio.empty"),
    ("odd bytes", append(b"\x00\x01\x02"), "audio.odd_bytes"),
    ("a WAV file", append(WAV), "audio.container"),
    ("an Ogg file", append(b"OggS" + bytes(60)), "audio.container"),
    ("a WebM file", append(b"\x1a\x45\xdf\xa3" + bytes(60)), "audio.container"),
    (
        "wrong rate",
        '{"type": "session.update", "session": {"audio": {"input": {"format": {"type": "audio/pcm", "rate": 11025}}}}}',
        "event.invalid",
    ),
    (
        "wrong container",
        '{"type": "session.update", "session": {"audio": {"input": {"format": {"type": "audio/opus"}}}}}',
        "event.invalid",
    ),
    ("commit of nothing", '{"type": "input_audio_buffer.commit"}', "input_audio_buffer_commit_empty"),
    ("cancel of nothing", '{"type": "response.cancel"}', "response_cancel_not_active"),
    ("unknown item", '{"type": "conversation.item.retrieve", "item_id": "item_x"}', "item.unknown"),
    (
        "empty message",
        '{"type": "conversation.item.create", "item": {"role": "user", "content": [{"type": "input_text"}]}}',
        "item.empty",
    ),
]


async def test_each_bad_event_gets_its_code_and_the_session_goes_on() -> None:
    async with serving() as server, dialled(server) as socket:
        for name, sent, code in BAD:
            await socket.send(sent)
            error = (await next_of(socket, "error"))["error"]
            assert error["code"] == code, name
            assert error["message"].endswith("."), name
            assert "Traceback" not in error["message"]
        await socket.send(json.dumps({"type": "response.create"}))
        assert (await next_of(socket, "response.done"))["response"]["status"] == "completed"


async def test_errors_name_the_event_they_answer() -> None:
    async with serving() as server, dialled(server) as socket:
        await socket.send(append(b"\x00"))
        assert (await next_of(socket, "error"))["error"]["event_id"] == "evt_9"
        await socket.send('{"type": "nonsense", "event_id": "evt_10"}')
        assert (await next_of(socket, "error"))["error"]["event_id"] == "evt_10"


async def test_sixty_megabytes_are_refused_and_given_back() -> None:
    server = ServerProcess(VISAVIS_ENGINES="fake")
    try:
        await asyncio.to_thread(server.start)
        async with connect(f"{server.url.replace('http', 'ws', 1)}v1/realtime", max_size=None, proxy=None) as socket:
            await socket.send(json.dumps({"type": "response.create"}))
            await next_of(socket, "response.done")  # by now all that is loaded late has come in as well
            await refused(socket)
            before = server.memory_mib()
            for _ in range(4):
                await refused(socket)
            assert server.memory_mib() - before < SIXTY_MEGABYTES / 2**20
    finally:
        await asyncio.to_thread(server.stop)


async def refused(socket: ClientConnection) -> None:
    """Sends what is far too long, and is told so."""
    await socket.send('{"type": "input_audio_buffer.append", "audio": "' + "A" * SIXTY_MEGABYTES + '"}')
    assert (await next_of(socket, "error"))["error"]["code"] == "event.too_large"


async def test_what_is_too_long_to_be_read_at_all_closes_with_a_code() -> None:
    made = settings(server=ServerSettings(port=0, max_frame_bytes=100_000))
    async with serving(made) as server, dialled(server) as socket:
        await socket.send("x" * 200_000)
        with pytest.raises(ConnectionClosed):
            await next_of(socket, "never")
        assert socket.close_code == 1009


async def test_an_unknown_session_is_refused() -> None:
    async with serving() as server, dialled(server, "?session=sess_1&token=guess") as socket:
        assert (await next_of(socket, "error"))["error"]["code"] == "session.unknown"
        with pytest.raises(ConnectionClosed):
            await next_of(socket, "never")
        assert (socket.close_code, socket.close_reason) == (1008, "session.unknown")


async def test_another_sites_page_is_refused() -> None:
    async with serving() as server:
        async with connect(server.ws, origin="https://elsewhere.example", proxy=None) as socket:  # type: ignore[arg-type]
            assert (await next_of(socket, "error"))["error"]["code"] == "origin.refused"
        async with connect(server.ws, origin=server.http, proxy=None) as socket:  # type: ignore[arg-type]
            await next_of(socket, "session.created")


async def test_two_hundred_at_once_are_served_queued_or_refused() -> None:
    made = settings(sessions=SessionSettings(places=3, queue=20))
    first_words: dict[str, int] = {}
    async with serving(made) as server, AsyncExitStack() as stack:

        async def dial() -> ClientConnection:
            socket = await stack.enter_async_context(dialled(server))
            event = json.loads(await socket.recv())
            kind = event["error"]["code"] if event["type"] == "error" else event["type"]
            first_words[kind] = first_words.get(kind, 0) + 1
            return socket

        sockets = await asyncio.gather(*(dial() for _ in range(200)))
        assert first_words == {"session.created": 3, "visavis.queue": 20, "sessions.full": 177}
        assert server.app.state.house.sessions.waiting == 20
        await asyncio.gather(*(socket.close() for socket in sockets))
        async with asyncio.timeout(10):
            while server.app.state.house.sessions.busy or server.app.state.house.sessions.waiting:  # noqa: ASYNC110
                await asyncio.sleep(0.02)
        async with dialled(server) as socket:
            await next_of(socket, "session.created")
        async with httpx.AsyncClient() as client:
            assert (await client.get(f"{server.http}/healthz")).status_code == 200


async def test_a_place_that_frees_is_given_to_the_next() -> None:
    made = settings(sessions=SessionSettings(places=1, queue=5))
    async with serving(made) as server, dialled(server) as first:
        await next_of(first, "session.created")
        async with dialled(server) as second:
            queued = await next_of(second, "visavis.queue")
            assert (queued["position"], queued["length"]) == (1, 1)
            await first.close()
            await next_of(second, "session.created")


async def test_sessions_do_not_see_each_other() -> None:
    async with serving() as server, dialled(server, "?model=open") as one, dialled(server, "?model=open") as other:
        item = {"id": "item_mine", "role": "user", "content": [{"type": "input_text", "text": "secret"}]}
        await one.send(json.dumps({"type": "conversation.item.create", "item": item}))
        await next_of(one, "conversation.item.done")
        await other.send(json.dumps({"type": "conversation.item.retrieve", "item_id": "item_mine"}))
        assert (await next_of(other, "error"))["error"]["code"] == "item.unknown"


async def test_a_dropped_conversation_is_resumed() -> None:
    async with serving() as server:
        async with dialled(server, "?model=open") as socket:
            session = await next_of(socket, "visavis.session")
            item = {"id": "item_1", "role": "user", "content": [{"type": "input_text", "text": "remember me"}]}
            await socket.send(json.dumps({"type": "conversation.item.create", "item": item}))
            await next_of(socket, "conversation.item.done")
        query = f"?session={session['session_id']}&token={session['resume_token']}"
        async with dialled(server, query) as socket:
            again = await next_of(socket, "visavis.session")
            assert again["session_id"] == session["session_id"]
            assert again["history"] == [{"id": "item_1", "role": "user", "text": "remember me", "interrupted": False}]
