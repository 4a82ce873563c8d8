"""All that a session knows of the outside."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Protocol

from visavis.core.commands import Command
from visavis.core.events import Event


class Transport(Protocol):
    """One connected client, whatever the wire.

    Events leave in the order they are emitted. The way out is bounded: when it is full, ambient motion is dropped
    first, and a client that reads nothing any more is disconnected.
    """

    def commands(self) -> AsyncIterator[Command]:
        """What the client asks, in order; ends when it is gone."""
        ...

    def emit(self, event: Event) -> None:
        """Queues an event; never blocks."""
        ...

    def flush(self) -> None:
        """Drops the audio and speech motion that has not left yet."""
        ...

    async def writable(self) -> None:
        """Waits until the way out has room for more audio."""
        ...
