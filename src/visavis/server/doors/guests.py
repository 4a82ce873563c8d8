"""Conversations that are named by an id and go on from one request to the next."""

from __future__ import annotations

import asyncio
import secrets
import time
from collections import OrderedDict
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Final, Literal

from visavis.core.errors import VisavisError
from visavis.live.memory import Memory
from visavis.live.role import Role
from visavis.personas.advisor import Profile

_PATIENCE: Final = 30.0
"""Seconds for which a request waits for the one before it."""

Collected = dict[str, str | None]
"""What the advisor knows of a person, in words."""


def nothing() -> Collected:
    """Nothing is known."""
    return {"goal": None, "level": None, "career": None}


@dataclass(slots=True, eq=False)
class Remembered:
    """One conversation; `owner` is whose it is, `used` when it was last used, `lock` held by whoever talks in it."""

    id: str
    owner: str
    memory: Memory
    used: float
    collected: Collected = field(default_factory=nothing)
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)

    @asynccontextmanager
    async def exchange(self) -> AsyncIterator[None]:
        """Nobody else talks in it meanwhile. Raises VisavisError `session.busy` when others go on too long."""
        try:
            async with asyncio.timeout(_PATIENCE):
                await self.lock.acquire()
        except TimeoutError as error:
            raise VisavisError(
                "session.busy",
                "Another request is being answered in this conversation; try again soon.",
                retryable=True,
            ) from error
        try:
            yield
        finally:
            self.lock.release()

    @property
    def phase(self) -> Literal["collecting", "chatting"]:
        """`collecting` with an advisor, who always does; `chatting` with anybody else."""
        return "collecting" if isinstance(self.memory.state, Profile) else "chatting"


class Guests:
    """Keeps at most `limit` conversations, each for `keep` seconds after it was last used; in memory only.

    `owner` is the id of the caller's key, "" without one: nobody finds another's conversation.
    """

    def __init__(self, limit: int, keep: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._limit = limit
        self._keep = keep
        self._clock = clock
        self._known: OrderedDict[tuple[str, str], Remembered] = OrderedDict()

    def open(self, role: Role, owner: str, name: str = "") -> Remembered:
        """The conversation of that id, begun with `role` when there is none; without an id, one with a new id."""
        self._forget()
        known = self._known.get((owner, name))
        if known is None:
            name = name or f"sess_{secrets.token_urlsafe(18)}"
            known = Remembered(name, owner, Memory.fresh(role), self._clock())
            self._known[owner, name] = known
        self.touch(known)
        self._forget()
        return known

    def find(self, owner: str, name: str) -> Remembered:
        """The conversation of that id. Raises VisavisError `session.unknown`."""
        self._forget()
        if (owner, name) not in self._known:
            raise VisavisError("session.unknown", "There is no conversation of that id, or not any more.")
        return self._known[owner, name]

    def touch(self, one: Remembered) -> None:
        """It is being used."""
        one.used = self._clock()
        if (one.owner, one.id) in self._known:
            self._known.move_to_end((one.owner, one.id))

    def forget(self, owner: str, name: str) -> None:
        """Drops a conversation; who still talks in it goes on unremembered. Raises VisavisError `session.unknown`."""
        self.find(owner, name)
        del self._known[owner, name]

    def _forget(self) -> None:
        """Drops what is too old, and the longest unused when there is too much."""
        now = self._clock()
        for one in list(self._known.values()):
            if len(self._known) <= self._limit and now - one.used <= self._keep:
                return
            if not one.lock.locked():
                del self._known[one.owner, one.id]
