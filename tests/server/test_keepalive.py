"""Who is there is kept, however far behind the server is with reading them; who is gone is left."""

from __future__ import annotations

import asyncio
from typing import Any, cast

from fastapi import FastAPI, WebSocket
from websockets.asyncio.client import connect

from tests.server.serving import running

INTERVAL = 0.15
MESSAGES, SIZE = 60, 2**15


def slow_reader() -> FastAPI:
    """Takes a message every 20 ms, and says at the end how many it took."""
    app = FastAPI()

    @app.websocket("/")
    async def take(socket: WebSocket) -> None:
        await socket.accept()
        for _ in range(MESSAGES):
            await socket.receive_text()
            await asyncio.sleep(0.02)
        await socket.send_text("all")

    return app


async def test_somebody_whose_pong_lies_behind_what_is_not_read_yet_stays() -> None:
    async with (
        running(slow_reader(), wait=False, ws_ping_interval=INTERVAL, ws_ping_timeout=INTERVAL) as server,
        connect(server.http.replace("http", "ws"), proxy=None, ping_interval=None) as socket,
    ):
        for _ in range(MESSAGES):
            await socket.send("x" * SIZE)
        assert await socket.recv() == "all"


async def test_somebody_who_says_nothing_and_answers_no_ping_is_left() -> None:
    async with (
        running(slow_reader(), wait=False, ws_ping_interval=INTERVAL, ws_ping_timeout=INTERVAL) as server,
        connect(server.http.replace("http", "ws"), proxy=None, ping_interval=None) as socket,
    ):
        await socket.send("x")
        cast("Any", socket.transport).pause_reading()
        await asyncio.sleep(4 * INTERVAL)
        cast("Any", socket.transport).resume_reading()
        async with asyncio.timeout(30):
            await socket.wait_closed()
        assert socket.close_code == 1011
        assert socket.close_reason == "keepalive ping timeout"
