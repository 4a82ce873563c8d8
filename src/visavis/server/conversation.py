"""One conversation over the Realtime protocol, from the queue to goodbye, whatever the wire."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass
from typing import Any, Protocol

import structlog

from visavis.core.motion import CHANNELS, FPS, RANGE
from visavis.core.session import SessionOptions
from visavis.live.session import Session
from visavis.live.sessions import Ticket
from visavis.live.transport import Transport
from visavis.server.event_reader import EventReader
from visavis.server.house import House
from visavis.server.outbox import Outbox
from visavis.server.return_visit import begun, resumed, written_down
from visavis.server.session_config import SessionConfig, SessionPatch

_log = structlog.get_logger(__name__)


class Client(Transport, Protocol):
    """Somebody who is connected and speaks the protocol."""

    @property
    def config(self) -> SessionConfig:
        """What was agreed with it."""
        ...

    @property
    def outbox(self) -> Outbox:
        """What is on its way to it."""
        ...

    @property
    def reader(self) -> EventReader:
        """What reads its messages."""
        ...

    @property
    def lost(self) -> asyncio.Event:
        """Set when nothing can be sent to it any more."""
        ...

    async def unless_gone(self, waiting: Awaitable[Any]) -> None:
        """Awaits `waiting`. Raises GoneError when the client leaves first."""
        ...


@dataclass(frozen=True, slots=True)
class Wish:
    """Whom a client wants to talk with: the persona `model`, or the conversation `session` again, which needs its
    `token`; `patches` are changes to the session, in order, as in a `session.update`; `person` is who it is, if they
    agreed to be remembered (`remembrance.person_of`)."""

    model: str = ""
    session: str = ""
    token: str = ""
    patches: tuple[Mapping[str, Any], ...] = ()
    person: str | None = None

    @property
    def persona(self) -> str:
        """The model of the last patch that names one, or the client's own."""
        named = [str(patch["model"]) for patch in self.patches if patch.get("model")]
        return named[-1] if named else self.model


def fresh_config(house: House) -> SessionConfig:
    """What every conversation begins with."""
    return SessionConfig(SessionOptions(turn_detection=house.turn_detection()), house.endpointing)


async def attend(house: House, client: Client, wish: Wish) -> None:
    """Has the client wait for the engines and for a place, and converse until either has enough.

    Raises GoneError when it leaves before, VisavisError `sessions.full`, `session.unknown`, or what prevents loading.
    """
    if not house.loader.ready:
        notice = {"code": "server.loading", "message": "The models are still loading.", "severity": "info"}
        client.outbox.say({"type": "visavis.notice", **notice})
        await client.unless_gone(house.loader.wait())

    def tell(position: int, length: int) -> None:
        people = "person is" if position == 2 else "people are"
        before = "You are next" if position == 1 else f"{position - 1} {people} before you"
        message = f"All places are taken. {before}; you will be connected as soon as one is free."
        client.outbox.say({"type": "visavis.queue", "position": position, "length": length, "message": message})

    async with AsyncExitStack() as stack:
        await client.unless_gone(stack.enter_async_context(house.sessions.place(tell)))
        ticket = await _ticket(house, wish)
        try:
            await _converse(house, client, ticket, wish)
        finally:
            house.sessions.leave(ticket)


async def _ticket(house: House, wish: Wish) -> Ticket:
    if wish.session:
        return await resumed(house, wish.session, wish.token, wish.person)
    return await begun(house, wish.persona, wish.person)


async def _converse(house: House, client: Client, ticket: Ticket, wish: Wish) -> None:
    role, config = ticket.memory.role, client.config
    for patch in wish.patches:
        config.apply(SessionPatch.model_validate(patch))
    ticket.memory.options = config.options
    voice = role.voices.get(ticket.memory.language, "") or role.id

    def describe() -> dict[str, Any]:
        return config.wire(ticket.id, role.id, voice)

    client.reader.describe = describe
    async with written_down(ticket, house.resources) as resources:
        session = Session(ticket.memory, resources, client)
        ticket.hang_up, ticket.notify, ticket.quiet = session.hang_up, client.emit, lambda: session.quiet
        _introduce(house, client, ticket, describe())
        _log.info("session.started", session=ticket.id, persona=role.id)
        watch = asyncio.create_task(_hang_up_when(client.lost, session))
        try:
            await session.run()
        finally:
            watch.cancel()
            _log.info("session.ended", session=ticket.id, dropped=client.outbox.dropped)


def _introduce(house: House, client: Client, ticket: Ticket, session: dict[str, Any]) -> None:
    say = client.outbox.say
    say({"type": "session.created", "session": session})
    say({"type": "visavis.session", **house.introduction(ticket)})
    say(
        {
            "type": "visavis.motion.format",
            "fps": FPS,
            "channels": list(CHANNELS),
            "ranges": [float(value) for value in RANGE],
            "encoding": "int16le/32767*range",
        }
    )


async def _hang_up_when(lost: asyncio.Event, session: Session) -> None:
    await lost.wait()
    session.hang_up()
