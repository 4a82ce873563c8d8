"""A WebSocket to the server that costs the measuring side next to nothing: frames are made once and written as they
are."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Callable
from typing import Any

from websockets.client import ClientProtocol
from websockets.frames import Frame, Opcode
from websockets.http11 import Response
from websockets.uri import parse_uri

Hear = Callable[[float, bytes], None]
"""Called with the time of arrival, on `time.monotonic`, and the text of every message."""


def framed(event: dict[str, Any]) -> bytes:
    """A client event as the bytes of a masked text frame; they may be sent any number of times."""
    return Frame(Opcode.TEXT, json.dumps(event).encode()).serialize(mask=True)


class Line(asyncio.Protocol):
    """One connection; `opened` is done when it stands, `closed` says why it ended, "" while it has not."""

    def __init__(self, address: str, hear: Hear) -> None:
        self.opened: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.closed = ""
        self._hear = hear
        self._protocol = ClientProtocol(parse_uri(address), max_size=None)
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Asks for the upgrade."""
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        self._protocol.send_request(self._protocol.connect())
        self._flush()

    def data_received(self, data: bytes) -> None:
        """Hears what has come, and answers pings."""
        now = time.monotonic()
        self._protocol.receive_data(data)
        for event in self._protocol.events_received():
            if isinstance(event, Response) and not self.opened.done():
                self.opened.set_result(None)
            elif isinstance(event, Frame) and event.opcode is Opcode.TEXT:
                self._hear(now, bytes(event.data))
            elif isinstance(event, Frame) and event.opcode is Opcode.CLOSE:
                self.closed = self.closed or f"closed by the server: {self._protocol.close_rcvd}"
        self._flush()

    def connection_lost(self, error: Exception | None) -> None:
        """Notes why."""
        self.closed = self.closed or f"lost: {error!r}"
        if not self.opened.done():
            self.opened.set_exception(ConnectionError(self.closed))

    def write(self, frame: bytes) -> None:
        """Sends a frame made by `framed`."""
        if self._transport is not None and not self.closed:
            self._transport.write(frame)

    def hang_up(self) -> None:
        """Ends the connection."""
        self.closed = self.closed or "hung up"
        if self._transport is not None:
            self._transport.close()

    def _flush(self) -> None:
        assert self._transport is not None
        for data in self._protocol.data_to_send():
            if data:
                self._transport.write(data)


async def dial(port: int, query: str, hear: Hear) -> Line:
    """A connection to `/v1/realtime` on loopback that stands."""
    loop = asyncio.get_running_loop()
    address = f"ws://127.0.0.1:{port}/v1/realtime?{query}"
    _, line = await loop.create_connection(lambda: Line(address, hear), "127.0.0.1", port)
    await line.opened
    return line
