"""From a request, or a connection that has a place, to a guest who talks."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Final

from visavis.core.errors import VisavisError
from visavis.live.memory import Memory
from visavis.live.role import Role
from visavis.server.doors.guest import Guest
from visavis.server.house import House

_PATIENCE: Final = 30.0
"""Seconds for which a request waits for a place."""


def role_of(house: House, wanted: str, default: str) -> Role:
    """The persona that a client named, else the `default`.

    Raises VisavisError `personas.unknown`, `server.loading`.
    """
    name = wanted or default
    if not house.resources or name not in house.roles:
        known = ", ".join(sorted(house.roles))
        raise VisavisError("personas.unknown", f"There is no persona '{name[:64]}'; there are: {known}.")
    return house.roles[name]


@asynccontextmanager
async def talking(house: House, memory: Memory) -> AsyncIterator[Guest]:
    """A guest in a place that is taken already; videos wait while an answer is made."""
    ticket = house.sessions.open(memory)
    guest = Guest(memory, house.resources)
    ticket.hang_up, ticket.notify, ticket.quiet = guest.session.hang_up, guest.notify, lambda: guest.session.quiet
    try:
        async with guest:
            yield guest
    finally:
        house.sessions.end(ticket)


@asynccontextmanager
async def received(house: House, memory: Memory) -> AsyncIterator[Guest]:
    """A guest for one request, in a place of its own. Raises VisavisError `sessions.full`, `server.loading`."""
    async with AsyncExitStack() as stack:
        try:
            async with asyncio.timeout(_PATIENCE):
                await stack.enter_async_context(house.sessions.place(lambda position, length: None))
        except TimeoutError as error:
            raise VisavisError(
                "sessions.full", "All places are taken; please try again later.", retryable=True
            ) from error
        yield await stack.enter_async_context(talking(house, memory))
