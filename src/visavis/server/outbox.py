"""What is on its way to a client, whatever the wire."""

from __future__ import annotations

import asyncio
import secrets
from collections import deque
from collections.abc import Awaitable, Callable
from typing import Final

import orjson

from visavis.core import events as core
from visavis.server.gone import GoneError
from visavis.server.server_events import EventEncoder, Wire
from visavis.server.session_config import SessionConfig

_CALM: Final = 64
_FULL: Final = 512
_LOST: Final = 4096
"""Events waiting to leave: up to the first all is well; from the second on ambient motion is dropped; at the third the
client is taken to be lost."""


class Outbox:
    """Writes a session's events, and those of its door, in order and within bounds."""

    def __init__(self, config: SessionConfig, send: Callable[[str], Awaitable[None]]) -> None:
        """`send` sends one event as JSON, once there is room for it; it raises GoneError when the client has left."""
        self._send = send
        self._encoder = EventEncoder(config)
        self._waiting: deque[tuple[core.Event, Wire] | Wire] = deque()
        self._changed = asyncio.Event()
        self._room = asyncio.Event()
        self._ending = False
        self.closed = False
        """Nothing is sent any more."""
        self.dropped = 0
        """Ambient motion events dropped because the client reads too slowly."""

    def emit(self, event: core.Event, more: Wire | None = None) -> None:
        """Queues an event of the session; never blocks. `more` are fields that the door adds to it."""
        if isinstance(event, core.AmbientMotion) and len(self._waiting) >= _FULL:
            self.dropped += 1
            return
        self._put((event, more or {}))

    def say(self, wire: Wire) -> None:
        """Queues an event of the door itself."""
        self._put({"event_id": f"event_{secrets.token_hex(8)}", **wire})

    def _put(self, event: tuple[core.Event, Wire] | Wire) -> None:
        if self.closed:
            return
        self._waiting.append(event)
        if len(self._waiting) >= _LOST:
            self.closed = True
        self._changed.set()

    def flush(self) -> None:
        """Drops the audio and speech motion that has not left yet."""
        kept = [one for one in self._waiting if isinstance(one, dict) or not _is_speech(one[0])]
        self._waiting.clear()
        self._waiting.extend(kept)

    async def writable(self) -> None:
        """Waits until the client has read enough to be sent more audio."""
        while len(self._waiting) > _CALM and not self.closed:
            self._room.clear()
            await self._room.wait()

    async def write(self) -> None:
        """Sends what is queued until cancelled; returns when the client is gone or lost, or all was sent at the end."""
        try:
            while not self.closed:
                while self._waiting and not self.closed:
                    for wire in self._wires(self._waiting.popleft()):
                        await self._send(orjson.dumps(wire, option=orjson.OPT_SERIALIZE_NUMPY).decode())
                    if len(self._waiting) <= _CALM:
                        self._room.set()
                self._changed.clear()
                if self._ending:
                    return
                await self._changed.wait()
        except GoneError:
            return
        finally:
            self.closed = True
            self._room.set()

    def _wires(self, event: tuple[core.Event, Wire] | Wire) -> list[Wire]:
        if isinstance(event, dict):
            return [event]
        return [{**wire, **event[1]} for wire in self._encoder.encode(event[0])]

    async def finish(self, writer: asyncio.Task[None], patience: float = 1.0) -> None:
        """Has `writer`, which runs `write`, send what is still queued, for at most `patience` seconds."""
        self._ending = True
        self._changed.set()
        await asyncio.wait([writer], timeout=patience)
        writer.cancel()


def _is_speech(event: core.Event) -> bool:
    return isinstance(event, core.AudioDelta | core.SpeechMotion)
