"""A session's transport over one WebSocket."""

from __future__ import annotations

import asyncio
import json
import secrets
from collections import deque
from collections.abc import AsyncIterator, Callable, MutableMapping
from contextlib import suppress
from typing import Any

from starlette.websockets import WebSocket, WebSocketDisconnect

from visavis.core import events as core
from visavis.core.commands import Command
from visavis.core.errors import VisavisError
from visavis.server.client_events import RejectedEventError, SessionUpdate, parse, to_commands
from visavis.server.inbox import Inbox
from visavis.server.problems import error_event
from visavis.server.server_events import EventEncoder, Wire
from visavis.server.session_config import SessionConfig

_CALM, _FULL, _LOST = 64, 512, 4096
"""Events waiting to leave: up to the first all is well; from the second on ambient motion is dropped; at the third the
client is taken to be lost."""


class WebSocketTransport:
    """Reads client events from a WebSocket and writes the session's events to it, in order and within bounds."""

    def __init__(
        self, socket: WebSocket, inbox: Inbox, config: SessionConfig, describe: Callable[[], Wire], limit: int
    ) -> None:
        """`inbox` reads the socket; `describe` gives the session object for `session.updated`; `limit` is the
        longest event in bytes."""
        self._socket = socket
        self._inbox = inbox
        self._config = config
        self._describe = describe
        self._limit = limit
        self._encoder = EventEncoder(config)
        self._waiting: deque[core.Event | Wire] = deque()
        self._changed = asyncio.Event()
        self._room = asyncio.Event()
        self._closed = False
        self._ending = False
        self.dropped = 0
        """Ambient motion events dropped because the client reads too slowly."""

    def emit(self, event: core.Event) -> None:
        """Queues an event of the session; never blocks."""
        if isinstance(event, core.AmbientMotion) and len(self._waiting) >= _FULL:
            self.dropped += 1
            return
        self._put(event)

    def say(self, wire: Wire) -> None:
        """Queues an event of the door itself."""
        self._put({"event_id": f"event_{secrets.token_hex(8)}", **wire})

    def _put(self, event: core.Event | Wire) -> None:
        if self._closed:
            return
        self._waiting.append(event)
        if len(self._waiting) >= _LOST:
            self._closed = True
        self._changed.set()

    def flush(self) -> None:
        """Drops the audio and speech motion that has not left yet."""
        kept = [event for event in self._waiting if not isinstance(event, core.AudioDelta | core.SpeechMotion)]
        self._waiting.clear()
        self._waiting.extend(kept)

    async def writable(self) -> None:
        """Waits until the client has read enough to be sent more audio."""
        while len(self._waiting) > _CALM and not self._closed:
            self._room.clear()
            await self._room.wait()

    async def write(self) -> None:
        """Sends what is queued until cancelled; returns when the client is gone or lost."""
        while not self._closed:
            while self._waiting:
                event = self._waiting.popleft()
                wires = [event] if isinstance(event, dict) else list(self._encoder.encode(event))
                for wire in wires:
                    await self._send(wire)
                if len(self._waiting) <= _CALM:
                    self._room.set()
            self._changed.clear()
            if self._ending:
                break
            await self._changed.wait()
        self._room.set()

    async def close(self, writer: asyncio.Task[None]) -> None:
        """Sends what is still queued, for at most a second, and ends the connection."""
        self._ending = True
        self._changed.set()
        await asyncio.wait([writer], timeout=1.0)
        writer.cancel()
        if not self._closed:
            self._closed = True
            with suppress(WebSocketDisconnect, RuntimeError, OSError):
                await self._socket.close()

    async def _send(self, wire: Wire) -> None:
        try:
            await self._socket.send_text(json.dumps(wire, ensure_ascii=False, separators=(",", ":")))
        except (WebSocketDisconnect, RuntimeError, OSError):
            self._closed = True

    async def commands(self) -> AsyncIterator[Command]:
        """What the client asks; events that cannot be taken are answered by `error` here."""
        while (message := await self._inbox.next()) is not None:
            for command in self._read(message):
                yield command
        self._closed = True
        self._changed.set()

    def _read(self, message: MutableMapping[str, Any]) -> list[Command]:
        text = message.get("text")
        try:
            if not isinstance(text, str):
                raise RejectedEventError("event.binary", "Events are JSON text; binary messages are not taken.")
            event = parse(text, self._limit)
        except RejectedEventError as error:
            self.say(error_event(error.code, error.message, error.event_id))
            return []
        try:
            commands = to_commands(event, self._config)
        except VisavisError as error:
            self.say(error_event(error.code, error.message, event.event_id))
            return []
        if isinstance(event, SessionUpdate):
            self.say({"type": "session.updated", "session": self._describe()})
        return commands
