"""What a client has sent and nobody has read yet."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import MutableMapping
from typing import Any

from starlette.websockets import WebSocket, WebSocketDisconnect

from visavis.server.gone import GoneError, unless_gone

Message = MutableMapping[str, Any]

_MOST = 2**23
"""Bytes that are held before the client has to wait; a single message may be longer."""


class Inbox:
    """Reads a WebSocket ahead, so that a client that leaves while it waits is noticed.

    At most `limit` messages and 8 MiB are held; then the client has to wait.
    """

    def __init__(self, socket: WebSocket, limit: int = 64) -> None:
        self._socket = socket
        self._limit = limit
        self._messages: deque[Message] = deque()
        self._held = 0
        self._news = asyncio.Event()
        self._room = asyncio.Event()
        self.gone = asyncio.Event()
        """Set when the client has left."""

    async def read(self) -> None:
        """Reads until the client leaves."""
        while True:
            message = await self._socket.receive()
            gone = message["type"] == "websocket.disconnect"
            if gone:
                self.gone.set()
            self._messages.append(message)
            self._held += _size(message)
            self._news.set()
            if gone:
                return
            while len(self._messages) >= self._limit or self._held > _MOST:
                self._room.clear()
                await self._room.wait()

    async def next(self) -> Message | None:
        """The next message; None when the client has left."""
        while not self._messages:
            if self.gone.is_set():
                return None
            self._news.clear()
            await self._news.wait()
        message = self._messages.popleft()
        self._held -= _size(message)
        self._room.set()
        return None if message["type"] == "websocket.disconnect" else message

    async def unless_gone(self, waiting: Any) -> None:
        """Awaits `waiting`. Raises WebSocketDisconnect when the client leaves first."""
        try:
            await unless_gone(self.gone, waiting)
        except GoneError as error:
            raise WebSocketDisconnect(1001) from error


def _size(message: Message) -> int:
    return len(message.get("text") or message.get("bytes") or "")
