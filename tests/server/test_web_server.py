"""Nobody holds a connection by sending, or reading, hardly anything."""

from __future__ import annotations

import asyncio
import socket
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from fastapi import FastAPI, WebSocket
from starlette.responses import StreamingResponse
from websockets.asyncio.client import connect

from tests.server.serving import Served, running, serving, settings
from visavis.server import commands
from visavis.settings import ServerSettings

PATIENCE = 0.6


@asynccontextmanager
async def impatient(patience: float = PATIENCE) -> AsyncIterator[Served]:
    made = settings(server=ServerSettings(port=0, patience=patience))
    async with serving(made, wait=False) as server:
        yield server


@asynccontextmanager
async def line(server: Served) -> AsyncIterator[tuple[asyncio.StreamReader, asyncio.StreamWriter]]:
    reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
    try:
        yield reader, writer
    finally:
        writer.close()


async def ended(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, drop: bytes) -> tuple[bytes, float]:
    """Sends `drop` every tenth of a second until the server ends it; returns what came and how long it took."""
    begin, came = time.monotonic(), b""
    while time.monotonic() - begin < 40 * PATIENCE:
        try:
            writer.write(drop)
            async with asyncio.timeout(0.1):
                while more := await reader.read(65536):
                    came += more
            return came, time.monotonic() - begin
        except TimeoutError:
            continue
        except ConnectionError:
            return came, time.monotonic() - begin
    pytest.fail("the server never ended it")


@pytest.mark.parametrize(
    ("name", "begin", "drop"),
    [
        ("nothing at all", b"", b""),
        ("a head byte by byte", b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nX-Slow: ", b"x"),
        ("a WebSocket's head", b"GET /v1/realtime HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nX-Slow: ", b"x"),
    ],
)
async def test_a_head_that_does_not_come_is_not_waited_for(name: str, begin: bytes, drop: bytes) -> None:
    async with impatient() as server, line(server) as (reader, writer):
        writer.write(begin)
        _, seconds = await ended(reader, writer, drop)
        assert seconds < 20 * PATIENCE, name


async def test_a_second_head_has_its_own_time() -> None:
    async with impatient() as server, line(server) as (reader, writer):
        for _ in range(3):
            writer.write(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n")
            assert b"200" in await reader.readuntil(b"\r\n\r\n")
            await reader.readexactly(len(b'{"status":"ok"}'))
            await asyncio.sleep(PATIENCE / 2)
        writer.write(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n")
        _, seconds = await ended(reader, writer, b"X: y\r\n")
        assert seconds < 20 * PATIENCE


@pytest.mark.parametrize("drop", [b"", b"x"])
@pytest.mark.parametrize("path", ["/api/v1/generate", "/api/v1/upload/audio"])
async def test_a_body_that_does_not_come_is_answered_and_ended(path: str, drop: bytes) -> None:
    head = (
        f"POST {path} HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100000\r\n"
        "Content-Type: multipart/form-data; boundary=b\r\n\r\n"
        '--b\r\nContent-Disposition: form-data; name="file"; filename="f"\r\n\r\n'
    )
    async with impatient() as server, line(server) as (reader, writer):
        writer.write(head.encode())
        came, seconds = await ended(reader, writer, drop)
        assert seconds < 20 * PATIENCE
        assert b" 408 " in came.split(b"\r\n")[0]
        assert b"request.slow" in came


async def test_a_steady_body_may_take_its_time() -> None:
    body = b'{"key": "' + b"x" * 500 + b'"}'
    head = b"POST /api/v1/access HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
    async with impatient(10) as server, line(server) as (reader, writer):
        writer.write(head + f"Content-Length: {len(body)}\r\n\r\n".encode())
        for byte in range(0, len(body), 60):
            writer.write(body[byte : byte + 60])
            await asyncio.sleep(0.02)
        assert b" 200 " in await reader.readuntil(b"\r\n")


async def test_a_reader_who_does_not_read_is_left_and_the_work_for_it_ends() -> None:
    done = asyncio.Event()

    async def flood() -> AsyncIterator[bytes]:
        try:
            while True:
                yield b"x" * 65536
                await asyncio.sleep(0)
        finally:
            done.set()

    async with impatient() as server:
        app: FastAPI = server.app
        routes = list(app.router.routes)
        app.router.add_route("/flood", lambda request: StreamingResponse(flood()))
        app.router.routes[:] = [app.router.routes[-1], *routes]
        async with line(server) as (_, writer):
            writer.write(b"GET /flood HTTP/1.1\r\nHost: localhost\r\n\r\n")
            async with asyncio.timeout(100 * PATIENCE):
                await done.wait()


async def test_a_websocket_that_is_not_read_is_left() -> None:
    handshake = (
        b"GET /v1/realtime HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        b"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
    )
    made = settings(server=ServerSettings(port=0, patience=PATIENCE))
    async with serving(made) as server, line(server) as (_, writer):
        writer.transport.pause_reading()  # type: ignore[attr-defined]
        writer.write(handshake)
        sessions = server.app.state.house.sessions
        async with asyncio.timeout(30):
            while not sessions.busy:  # noqa: ASYNC110
                await asyncio.sleep(0.02)
        # Each is answered by an error that repeats nothing, until nothing more fits into the line.
        event = b'{"type": "conversation.item.retrieve", "item_id": "' + b"x" * 60 + b'"}'
        frame = b"\x81" + bytes([0x80 | len(event)]) + bytes(4) + event if len(event) < 126 else b""
        assert frame
        try:
            async with asyncio.timeout(60):
                while sessions.busy:
                    writer.write(frame * 500)
                    await writer.drain()
                    await asyncio.sleep(0.01)
        except ConnectionError:
            pass


async def test_the_limit_of_connections_is_a_setting(tmp_path: Path) -> None:
    made = settings(server=ServerSettings(port=0, connections=3))
    async with serving(made, wait=False) as server:
        lines = [await asyncio.open_connection("127.0.0.1", server.port) for _ in range(3)]
        await asyncio.sleep(0.05)
        async with line(server) as (reader, writer):
            writer.write(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n")
            assert b" 503 " in await reader.readuntil(b"\r\n")
        for _, one in lines:
            one.close()


def echoing() -> FastAPI:
    app = FastAPI()

    @app.websocket("/")
    async def echo(wire: WebSocket) -> None:
        await wire.accept()
        async for text in wire.iter_text():
            await wire.send_text(text)

    return app


async def test_texts_of_every_length_come_back_as_they_were_in_pieces_and_in_one_go() -> None:
    texts = ["", "a", "ñ" * 62, "x" * 125, "x" * 126, "你好" * 300, "y" * 65_535, "z" * 65_536, "last"]
    async with (
        running(echoing(), wait=False) as server,
        connect(server.http.replace("http", "ws"), proxy=None, max_size=None) as wire,
    ):
        for text in texts:
            await wire.send(text)
        assert [await wire.recv() for _ in texts] == texts
        await wire.send(iter(["a mess", "age in", " pieces"]))
        await wire.send("behind it")
        assert [await wire.recv(), await wire.recv()] == ["a message in pieces", "behind it"]
        for at in range(200):
            await wire.send(str(at))
        assert [await wire.recv() for _ in range(200)] == [str(at) for at in range(200)]


async def test_no_small_packet_waits_for_the_answer_to_the_one_before() -> None:
    """Which would cost each answer up to 40 ms."""
    listener = commands._listen("127.0.0.1", 0)
    delays: list[int] = []

    def note(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        accepted = writer.get_extra_info("socket")
        delays.append(accepted.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY))
        writer.close()

    async with await asyncio.start_server(note, sock=listener) as server:
        reader, writer = await asyncio.open_connection(*server.sockets[0].getsockname())
        assert await reader.read() == b""
        writer.close()
    assert delays == [1]
