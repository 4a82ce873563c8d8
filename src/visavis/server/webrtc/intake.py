"""What came from a caller and nobody has read yet."""

from __future__ import annotations

import asyncio
from collections import deque
from typing import Final

from visavis.core.commands import AppendAudio, ReportPlayback

Arrival = str | bytes | AppendAudio | ReportPlayback

_MOST: Final = 1024
_HEAVIEST: Final = 2**23
"""Arrivals, and characters of messages, that are held. Of sound and reports the newest is dropped beyond; nobody can be
made to wait on a data channel, so whoever sends more messages is taken to mean harm."""


class Intake:
    """Messages, sound and reports in the order in which they came."""

    def __init__(self) -> None:
        self._arrived: deque[Arrival] = deque()
        self._held = 0
        self._news = asyncio.Event()
        self._closed = False

    def put(self, one: Arrival) -> bool:
        """Takes one; False when there is no room for it."""
        weight = len(one) if isinstance(one, str | bytes) else 0
        if self._closed or len(self._arrived) >= _MOST or self._held + weight > _HEAVIEST:
            return False
        self._arrived.append(one)
        self._held += weight
        self._news.set()
        return True

    def close(self) -> None:
        """Nothing more comes, and nobody need read what came."""
        self._closed = True
        self._arrived.clear()
        self._news.set()

    async def next(self) -> Arrival | None:
        """The next; None when the caller has left."""
        while not self._arrived:
            if self._closed:
                return None
            self._news.clear()
            await self._news.wait()
        one = self._arrived.popleft()
        self._held -= len(one) if isinstance(one, str | bytes) else 0
        return one
