"""A client of the Realtime protocol over one WebSocket."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable
from contextlib import suppress
from types import TracebackType
from typing import Any, Self

from starlette.websockets import WebSocket, WebSocketDisconnect

from visavis.core import events as core
from visavis.core.commands import Command
from visavis.server.event_reader import EventReader
from visavis.server.gone import GoneError
from visavis.server.inbox import Inbox
from visavis.server.outbox import Outbox
from visavis.server.session_config import SessionConfig


class WebSocketClient:
    """Reads client events from a WebSocket and writes the session's events to it, in order and within bounds.

    An asynchronous context: at its end what is still to be said is sent, for at most a second, and the socket closed.
    """

    def __init__(self, socket: WebSocket, config: SessionConfig, limit: int) -> None:
        """`limit` is the longest event in bytes."""
        self._socket = socket
        self._inbox = Inbox(socket)
        self._writer: asyncio.Task[None] | None = None
        self._goodbye = (1000, "")
        self.config = config
        self.outbox = Outbox(config, self._send)
        self.reader = EventReader(config, self.outbox.say, limit)
        self.lost = asyncio.Event()

    async def __aenter__(self) -> Self:
        self._writer = asyncio.create_task(self.outbox.write())
        self._writer.add_done_callback(lambda _: self.lost.set())
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        assert self._writer is not None
        try:
            if not self._inbox.gone.is_set():
                await self.outbox.finish(self._writer)
                with suppress(WebSocketDisconnect, RuntimeError, OSError):
                    await self._socket.close(*self._goodbye)
        finally:
            self._writer.cancel()

    def leave_with(self, code: int, reason: str) -> None:
        """How the socket is closed at the end: WebSocket's code, and why."""
        self._goodbye = (code, reason)

    async def _send(self, text: str) -> None:
        try:
            await self._socket.send_text(text)
        except (WebSocketDisconnect, RuntimeError, OSError) as error:
            raise GoneError from error

    async def unless_gone(self, waiting: Awaitable[Any]) -> None:
        """Awaits `waiting`. Raises GoneError when the client leaves first."""
        await self._inbox.unless_gone(waiting)

    def emit(self, event: core.Event) -> None:
        """Queues an event of the session; never blocks."""
        self.outbox.emit(event)

    def flush(self) -> None:
        """Drops the audio and speech motion that has not left yet."""
        self.outbox.flush()

    async def writable(self) -> None:
        """Waits until the client has read enough to be sent more audio."""
        await self.outbox.writable()

    async def commands(self) -> AsyncIterator[Command]:
        """What the client asks; events that cannot be taken are answered by `error` here."""
        while (message := await self._inbox.next()) is not None:
            for command in self.reader.read(message.get("text")):
                yield command
