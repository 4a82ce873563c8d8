"""A transport in memory: scripted commands in, a log of events out."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass

from visavis.core.commands import Command
from visavis.core.events import Event


@dataclass(frozen=True, slots=True)
class Logged:
    """An event and the loop time, in seconds, at which it left."""

    at: float
    event: Event


class Loopback:
    """The client's end and the session's end of one connection. The queue in is bounded; `send` waits when full."""

    def __init__(self, limit: int = 256) -> None:
        self.log: list[Logged] = []
        self._commands: asyncio.Queue[Command | None] = asyncio.Queue(limit)
        self._changed = asyncio.Event()

    async def send(self, command: Command) -> None:
        """Client: asks something."""
        await self._commands.put(command)

    async def close(self) -> None:
        """Client: hangs up."""
        await self._commands.put(None)

    async def wait_for(self, kind: type[Event], count: int = 1) -> Event:
        """Client: waits until `count` events of that kind have come; returns the last of them."""
        while True:
            found = [entry.event for entry in self.log if isinstance(entry.event, kind)]
            if len(found) >= count:
                return found[count - 1]
            self._changed.clear()
            await self._changed.wait()

    async def commands(self) -> AsyncIterator[Command]:
        """Session: what the client asks."""
        while (command := await self._commands.get()) is not None:
            yield command

    def emit(self, event: Event) -> None:
        """Session: logs the event."""
        self.log.append(Logged(asyncio.get_running_loop().time(), event))
        self._changed.set()

    def flush(self) -> None:
        """Session: nothing waits here."""

    async def writable(self) -> None:
        """Session: there is always room."""
