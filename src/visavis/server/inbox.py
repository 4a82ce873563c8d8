"""What a client has sent and nobody has read yet."""

from __future__ import annotations

import asyncio
from collections.abc import MutableMapping
from typing import Any

from starlette.websockets import WebSocket, WebSocketDisconnect

Message = MutableMapping[str, Any]


class Inbox:
    """Reads a WebSocket ahead, so that a client that leaves while it waits is noticed.

    At most `limit` messages are held; then the client has to wait.
    """

    def __init__(self, socket: WebSocket, limit: int = 64) -> None:
        self._socket = socket
        self._messages: asyncio.Queue[Message] = asyncio.Queue(limit)
        self.gone = asyncio.Event()
        """Set when the client has left."""

    async def read(self) -> None:
        """Reads until the client leaves."""
        while True:
            message = await self._socket.receive()
            if message["type"] == "websocket.disconnect":
                self.gone.set()
                await self._messages.put(message)
                return
            await self._messages.put(message)

    async def next(self) -> Message | None:
        """The next message; None when the client has left."""
        if self.gone.is_set() and self._messages.empty():
            return None
        message = await self._messages.get()
        return None if message["type"] == "websocket.disconnect" else message

    async def unless_gone(self, waiting: Any) -> None:
        """Awaits `waiting`. Raises WebSocketDisconnect when the client leaves first."""
        task = asyncio.ensure_future(waiting)
        left = asyncio.create_task(self.gone.wait())
        try:
            await asyncio.wait((task, left), return_when=asyncio.FIRST_COMPLETED)
            if not task.done():
                raise WebSocketDisconnect(1001)
            await task
        finally:
            for each in (task, left):
                if not each.done():
                    each.cancel()
                    await asyncio.wait((each,))
