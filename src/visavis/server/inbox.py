"""What a client has sent and nobody has read yet."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, MutableMapping
from typing import Any

from starlette.websockets import WebSocket

from visavis.server.gone import unless_gone

Message = MutableMapping[str, Any]

_MOST = 2**23
"""Bytes that are held before the client has to wait; a single message may be longer."""


class Inbox:
    """Reads a WebSocket, ahead while something else is waited for, so that a client that leaves then is noticed.

    At most `limit` messages and 8 MiB are held; then the client has to wait. One at a time may wait here.
    """

    def __init__(self, socket: WebSocket, limit: int = 64) -> None:
        self._socket = socket
        self._limit = limit
        self._messages: deque[Message] = deque()
        self._held = 0
        self.gone = asyncio.Event()
        """Set when the client has left."""

    async def next(self) -> Message | None:
        """The next message; None when the client has left."""
        if self._messages:
            message = self._messages.popleft()
            self._held -= _size(message)
            return message
        return None if self.gone.is_set() else await self._receive()

    async def unless_gone(self, waiting: Awaitable[Any]) -> None:
        """Awaits `waiting`. Raises GoneError when the client leaves first."""
        reading = asyncio.create_task(self._read_ahead())
        try:
            await unless_gone(self.gone, waiting)
        finally:
            reading.cancel()
            await asyncio.wait((reading,))

    async def _read_ahead(self) -> None:
        while not self.gone.is_set() and len(self._messages) < self._limit and self._held <= _MOST:
            if (message := await self._receive()) is not None:
                self._messages.append(message)
                self._held += _size(message)

    async def _receive(self) -> Message | None:
        message = await self._socket.receive()
        if message["type"] == "websocket.disconnect":
            self.gone.set()
            return None
        return message


def _size(message: Message) -> int:
    return len(message.get("text") or message.get("bytes") or "")
