"""How many requests work at the same time, so that conversations keep room in the same engines."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass

from visavis.core.errors import VisavisError
from visavis.settings import ApiSettings


class Gate:
    """At most `at_once` requests work, `queue` more wait for that in order or for readers of what was made; one more is
    refused."""

    def __init__(self, at_once: int, queue: int) -> None:
        self._places = asyncio.Semaphore(at_once)
        self._most = at_once + queue
        self._here = 0

    @contextmanager
    def visit(self) -> Iterator[None]:
        """One whole request. Raises VisavisError `server.busy` when there are too many already."""
        if self._here >= self._most:
            raise VisavisError("server.busy", "Too many requests wait already; try again soon.", retryable=True)
        self._here += 1
        try:
            yield
        finally:
            self._here -= 1

    @asynccontextmanager
    async def place(self) -> AsyncIterator[None]:
        """The part of it that works, as soon as a place is free."""
        async with self._places:
            yield


@dataclass(frozen=True, slots=True)
class Gates:
    """One for each engine that requests share with conversations."""

    chat: Gate
    speech: Gate
    transcriptions: Gate
    embeddings: Gate

    @classmethod
    def of(cls, settings: ApiSettings) -> Gates:
        """As the host has set them."""
        return cls(*(Gate(settings.at_once, settings.queue) for _ in range(4)))
