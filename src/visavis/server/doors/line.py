"""A transport inside the process: a door that speaks its own words at one end, a session at the other."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncIterator

from visavis.core.commands import Command
from visavis.core.events import AmbientMotion, AudioDelta, Event, SpeechMotion

_CALM, _LOST = 64, 4096
"""Events that wait for the door: up to the first more audio is made; at the second the door is taken to be lost."""


class Line:
    """One door's connection to one session, bounded both ways."""

    def __init__(self, limit: int = 64) -> None:
        """`limit` is how many commands may wait for the session."""
        self._commands: asyncio.Queue[Command] = asyncio.Queue(limit)
        self._events: deque[Event] = deque()
        self._changed = asyncio.Event()
        self._room = asyncio.Event()
        self._closed = False

    # The door's end -------------------------------------------------------------------------------------------

    async def ask(self, command: Command) -> None:
        """Asks something, once there is room; of a session that has ended, nothing."""
        if not self._closed:
            await self._commands.put(command)

    async def next(self) -> Event | None:
        """The next event; None when the session has ended and all it said was taken."""
        while not self._events:
            if self._closed:
                return None
            self._changed.clear()
            await self._changed.wait()
        event = self._events.popleft()
        if len(self._events) <= _CALM:
            self._room.set()
        return event

    def close(self) -> None:
        """The session has ended: nobody waits for it any more."""
        self._closed = True
        self._changed.set()
        self._room.set()
        while not self._commands.empty():
            self._commands.get_nowait()

    # The session's end ----------------------------------------------------------------------------------------

    async def commands(self) -> AsyncIterator[Command]:
        """What the door asks, in order, until cancelled."""
        while True:
            yield await self._commands.get()

    def emit(self, event: Event) -> None:
        """Queues an event; never blocks. Nobody sees a face here."""
        if self._closed or isinstance(event, AmbientMotion | SpeechMotion):
            return
        self._events.append(event)
        self._changed.set()
        if len(self._events) >= _LOST:
            self.close()

    def flush(self) -> None:
        """Drops the audio that has not been taken yet."""
        kept = [event for event in self._events if not isinstance(event, AudioDelta)]
        self._events.clear()
        self._events.extend(kept)

    async def writable(self) -> None:
        """Waits until the door has taken enough to be given more audio."""
        while len(self._events) > _CALM and not self._closed:
            self._room.clear()
            await self._room.wait()
