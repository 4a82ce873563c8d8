"""The places of a server: how many may talk at once, who waits, and who may come back."""

from __future__ import annotations

import asyncio
import secrets
from collections import OrderedDict
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from visavis.core.errors import VisavisError
from visavis.core.events import EnginesChanged, Notice
from visavis.core.language import Language
from visavis.live.keeper import Keeper
from visavis.live.memory import Memory


@dataclass(frozen=True, slots=True)
class Limits:
    """`places` conversations at once, `queue` people waiting for one, and a dropped conversation kept for
    `resume` seconds."""

    places: int = 4
    queue: int = 32
    resume: float = 180.0


@dataclass(slots=True, eq=False)
class Ticket:
    """One conversation's right to a place: its id, the secret that resumes it, and its memory."""

    id: str
    token: str
    memory: Memory
    hang_up: Callable[[], None] = lambda: None
    """Ends the connection that uses it."""
    notify: Callable[[Notice | EnginesChanged], None] = lambda news: None
    """Tells the person something."""
    quiet: Callable[[], bool] = lambda: True
    """Whether nobody speaks or thinks in it now."""
    keeper: Keeper | None = None
    """Writes it down, if the person agreed to that."""
    left_at: float | None = None
    """When its connection ended, by the loop's clock; None while it is connected."""
    gone: asyncio.Event = field(default_factory=asyncio.Event)


class Sessions:
    """Hands out places first come, first served, and remembers dropped conversations for a while."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._tickets: OrderedDict[str, Ticket] = OrderedDict()
        self._waiting: OrderedDict[asyncio.Future[None], Callable[[int, int], None]] = OrderedDict()
        self.busy = 0
        """Places that are taken."""

    @property
    def quiet(self) -> bool:
        """Whether nobody speaks or thinks in any conversation now."""
        return all(ticket.quiet() for ticket in self._tickets.values() if ticket.left_at is None)

    @property
    def present(self) -> list[tuple[str, Language]]:
        """The persona and the language of every conversation that is connected, the newest first."""
        connected = (ticket.memory for ticket in reversed(self._tickets.values()) if ticket.left_at is None)
        return [(memory.role.id, memory.language) for memory in connected]

    @property
    def waiting(self) -> int:
        """People in the queue."""
        return len(self._waiting)

    @asynccontextmanager
    async def place(self, waiting: Callable[[int, int], None]) -> AsyncIterator[None]:
        """A place for as long as the context lasts.

        While there is none, `waiting(position, length)` is called whenever that changes, positions from 1. Raises
        VisavisError `sessions.full` when the queue is full too.
        """
        if self.busy >= self._limits.places or self._waiting:
            await self._queue(waiting)
        else:
            self.busy += 1
        try:
            yield
        finally:
            self.busy -= 1
            self._admit()

    async def _queue(self, waiting: Callable[[int, int], None]) -> None:
        if len(self._waiting) >= self._limits.queue:
            raise VisavisError(
                "sessions.full", "All places and the whole queue are taken; please try again later.", retryable=True
            )
        turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting[turn] = waiting
        waiting(len(self._waiting), len(self._waiting))
        try:
            await turn
        except asyncio.CancelledError:
            if self._waiting.pop(turn, None) is None:
                self.busy -= 1
            self._admit()
            raise

    def _admit(self) -> None:
        while self._waiting and self.busy < self._limits.places:
            turn, _ = self._waiting.popitem(last=False)
            self.busy += 1
            turn.set_result(None)
        for position, tell in enumerate(self._waiting.values(), 1):
            tell(position, len(self._waiting))

    def open(self, memory: Memory) -> Ticket:
        """A ticket for a new conversation."""
        self._forget()
        ticket = Ticket(f"sess_{secrets.token_hex(8)}", secrets.token_urlsafe(24), memory)
        self._tickets[ticket.id] = ticket
        return ticket

    async def resume(self, session_id: str, token: str) -> Ticket:
        """The ticket of a conversation that was dropped; a connection that still holds it is ended.

        Raises VisavisError `session.unknown` when there is none, it is too old, or the token is wrong.
        """
        self._forget()
        ticket = self._tickets.get(session_id)
        if ticket is None or not secrets.compare_digest(ticket.token.encode(), token.encode()):
            raise VisavisError(
                "session.unknown", "That conversation is not known here any more; a new one has to be started."
            )
        if ticket.left_at is None:
            ticket.hang_up()
            await ticket.gone.wait()
        ticket.left_at = None
        ticket.gone = asyncio.Event()
        return ticket

    def announce(self, news: Notice | EnginesChanged) -> None:
        """Tells everyone who is connected."""
        for ticket in self._tickets.values():
            if ticket.left_at is None:
                ticket.notify(news)

    def leave(self, ticket: Ticket) -> None:
        """The connection ended; the conversation may be resumed for a while."""
        ticket.left_at = asyncio.get_running_loop().time()
        ticket.hang_up = lambda: None
        ticket.notify = lambda news: None
        ticket.gone.set()
        self._tickets.move_to_end(ticket.id)
        self._forget()

    def end(self, ticket: Ticket) -> None:
        """The conversation is over for good: nobody comes back to it under this ticket."""
        ticket.gone.set()
        self._tickets.pop(ticket.id, None)

    def _forget(self) -> None:
        """Drops what is too old, and the oldest when there is too much."""
        now = asyncio.get_running_loop().time()
        left = [ticket for ticket in self._tickets.values() if ticket.left_at is not None]
        surplus = len(left) - 4 * self._limits.places
        for index, ticket in enumerate(left):
            if index < surplus or (ticket.left_at is not None and now - ticket.left_at > self._limits.resume):
                del self._tickets[ticket.id]
