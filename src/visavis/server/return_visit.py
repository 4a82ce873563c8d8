"""Taking up and writing down the conversations of people who agreed to be remembered."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Final

from visavis.core.events import Event
from visavis.live.keeper import Keeper
from visavis.live.memory import Memory
from visavis.live.resources import Resources
from visavis.live.sessions import Ticket
from visavis.server.house import House

_LAST_WORDS: Final = 5.0
"""Seconds for writing down what was said last."""


async def resumed(house: House, session: str, token: str, person: str | None) -> Ticket:
    """The ticket of a dropped conversation; it is written down from now on if the person has agreed meanwhile, and no
    longer if nobody who agreed comes back. Raises VisavisError `session.unknown`."""
    ticket = await house.sessions.resume(session, token)
    diary = await house.remembrance.diary(person)
    if diary is None:
        ticket.keeper = None
    elif ticket.keeper is None or ticket.keeper.diary != diary:
        ticket.keeper = Keeper(ticket.memory, diary)
    return ticket


async def begun(house: House, persona: str, person: str | None) -> Ticket:
    """The ticket of a new conversation, which goes on where the person's last one with that persona ended."""
    role = house.role(persona)
    diary = await house.remembrance.diary(person)
    earlier = await house.remembrance.earlier(diary, role.id) if diary else []
    ticket = house.sessions.open(Memory.taken_up(role, earlier))
    ticket.keeper = Keeper(ticket.memory, diary) if diary else None
    return ticket


@asynccontextmanager
async def written_down(ticket: Ticket, resources: Resources) -> AsyncIterator[Resources]:
    """The resources for a session that is written down while the context lasts, if the person agreed."""
    keeper = ticket.keeper
    if keeper is None:
        yield resources
        return

    def observe(event: Event) -> None:
        resources.observe(event)
        keeper.observe(event)

    keeping = asyncio.create_task(keeper.run())
    try:
        yield replace(resources, observe=observe)
    finally:
        keeper.close()
        await asyncio.wait([keeping], timeout=_LAST_WORDS)
        keeping.cancel()
