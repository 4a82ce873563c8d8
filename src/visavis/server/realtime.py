"""`GET /v1/realtime`: the Realtime protocol over WebSocket."""

from __future__ import annotations

import asyncio
import secrets
from contextlib import AsyncExitStack
from dataclasses import dataclass
from typing import Any

import structlog
from fastapi import APIRouter, WebSocket
from starlette.websockets import WebSocketDisconnect

from visavis.core.errors import VisavisError
from visavis.core.motion import CHANNELS, FPS, RANGE
from visavis.core.session import SessionOptions
from visavis.live.memory import Memory
from visavis.live.session import Session
from visavis.live.sessions import Ticket
from visavis.server.access.caller import caller_of
from visavis.server.access.refusal import subprotocol_of
from visavis.server.house import House
from visavis.server.inbox import Inbox
from visavis.server.problems import error_event
from visavis.server.session_config import SessionConfig, SessionPatch
from visavis.server.wire import WebSocketTransport

_log = structlog.get_logger(__name__)

router = APIRouter()

_TRY_LATER, _REFUSED = 1013, 1008


@router.websocket("/v1/realtime")
async def realtime(socket: WebSocket, model: str = "", session: str = "", token: str = "") -> None:
    """Serves one connection from handshake to goodbye."""
    house: House = socket.app.state.house
    await socket.accept(subprotocol=subprotocol_of(socket))
    inbox = Inbox(socket)
    reader = asyncio.create_task(inbox.read())
    try:
        await _wait_until_ready(socket, inbox, house)
        async with AsyncExitStack() as stack:
            await inbox.unless_gone(stack.enter_async_context(house.sessions.place(_Queue(socket).tell)))
            fixed = (caller_of(socket).session or {}).get("model", "")
            await _converse(_Caller(socket, inbox, house), fixed or model, session, token)
    except VisavisError as error:
        await _refuse(socket, error, _TRY_LATER if error.retryable else _REFUSED)
    except WebSocketDisconnect:
        return
    finally:
        reader.cancel()


@dataclass(frozen=True, slots=True)
class _Caller:
    """One connected client and the house it has come to."""

    socket: WebSocket
    inbox: Inbox
    house: House


async def _refuse(socket: WebSocket, error: VisavisError, code: int) -> None:
    try:
        await socket.send_json(_numbered(error_event(error.code, error.message)))
        await socket.close(code, error.code)
    except (WebSocketDisconnect, RuntimeError):
        return


def _numbered(wire: dict[str, Any]) -> dict[str, Any]:
    return {"event_id": f"event_{secrets.token_hex(8)}", **wire}


async def _wait_until_ready(socket: WebSocket, inbox: Inbox, house: House) -> None:
    if house.loader.ready:
        return
    notice = {"code": "server.loading", "message": "The models are still loading.", "severity": "info"}
    await socket.send_json(_numbered({"type": "visavis.notice", **notice}))
    await inbox.unless_gone(house.loader.wait())


class _Queue:
    """Tells a waiting client its place, at most the newest."""

    def __init__(self, socket: WebSocket) -> None:
        self._socket = socket
        self._tasks: set[asyncio.Task[None]] = set()

    def tell(self, position: int, length: int) -> None:
        """Sends the position, counted from 1."""
        people = "person is" if position == 2 else "people are"
        before = "You are next" if position == 1 else f"{position - 1} {people} before you"
        message = f"All places are taken. {before}; you will be connected as soon as one is free."
        event = {"type": "visavis.queue", "position": position, "length": length, "message": message}
        task = asyncio.create_task(self._send(_numbered(event)))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _send(self, event: dict[str, Any]) -> None:
        try:
            await self._socket.send_json(event)
        except (WebSocketDisconnect, RuntimeError):
            return


async def _converse(caller: _Caller, model: str, session_id: str, token: str) -> None:
    house = caller.house
    ticket = await _ticket(house, model, session_id, token)
    try:
        await _run(caller, ticket)
    finally:
        house.sessions.leave(ticket)


async def _ticket(house: House, model: str, session_id: str, token: str) -> Ticket:
    if session_id:
        return await house.sessions.resume(session_id, token)
    return house.sessions.open(Memory.fresh(house.role(model)))


async def _run(caller: _Caller, ticket: Ticket) -> None:
    house = caller.house
    role = ticket.memory.role
    config = SessionConfig(SessionOptions(turn_detection=house.turn_detection()), house.endpointing)
    fixed = caller_of(caller.socket).session
    ticket.memory.options = config.apply(SessionPatch.model_validate(fixed)) if fixed else config.options
    voice = role.voices.get(ticket.memory.language, "") or role.id

    def describe() -> dict[str, Any]:
        return config.wire(ticket.id, role.id, voice)

    transport = WebSocketTransport(
        caller.socket, caller.inbox, config, describe, house.settings.server.max_message_bytes
    )
    session = Session(ticket.memory, house.resources, transport)
    ticket.hang_up, ticket.notify, ticket.quiet = session.hang_up, transport.emit, lambda: session.quiet
    transport.say({"type": "session.created", "session": describe()})
    transport.say({"type": "visavis.session", **house.introduction(ticket)})
    transport.say(
        {
            "type": "visavis.motion.format",
            "fps": FPS,
            "channels": list(CHANNELS),
            "ranges": [float(value) for value in RANGE],
            "encoding": "int16le/32767*range",
        }
    )
    _log.info("session.started", session=ticket.id, persona=role.id)
    writer = asyncio.create_task(transport.write())
    writer.add_done_callback(lambda _: session.hang_up())
    try:
        await session.run()
    finally:
        await transport.close(writer)
        _log.info("session.ended", session=ticket.id, dropped=transport.dropped)
