"""A client of one of the seeds' WebSockets, from handshake to goodbye."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from typing import Any, Final

from starlette.websockets import WebSocket, WebSocketDisconnect

from visavis.core.errors import VisavisError
from visavis.server.access.caller import caller_of
from visavis.server.access.refusal import subprotocol_of
from visavis.server.doors.guest import Guest
from visavis.server.gone import GoneError
from visavis.server.house import House
from visavis.server.inbox import Inbox, Message

_TRY_LATER, _REFUSED = 1013, 1008
_STALLED: Final = 30.0
"""Seconds that a client may take to read a message."""


class Visitor:
    """One connection that has a place."""

    def __init__(self, socket: WebSocket, inbox: Inbox, house: House) -> None:
        self.house = house
        self.owner = caller_of(socket).holder
        """The id of the client's key, "" without one."""
        self._socket = socket
        self._inbox = inbox

    async def say(self, message: dict[str, Any] | bytes) -> None:
        """Sends JSON or bytes. Raises WebSocketDisconnect when the client has gone, or reads nothing any more."""
        try:
            async with asyncio.timeout(_STALLED):
                if isinstance(message, bytes):
                    await self._socket.send_bytes(message)
                else:
                    await self._socket.send_json(message)
        except (RuntimeError, OSError) as error:
            raise WebSocketDisconnect(1006) from error

    async def excuse(self, error: VisavisError) -> None:
        """Says what was wrong; the conversation goes on."""
        await self.say(excuse(error))

    async def next(self, guest: Guest) -> Message | None:
        """The client's next message; None when it has left or the conversation has ended, which it is told."""
        message = asyncio.ensure_future(self._inbox.next())
        over = asyncio.ensure_future(guest.ended.wait())
        try:
            await asyncio.wait((message, over), return_when=asyncio.FIRST_COMPLETED)
            if message.done():
                return message.result()
        finally:
            message.cancel()
            over.cancel()
        await self.say({"type": "notice", "code": "session.ended", "message": await guest.farewell()})
        return None

    async def unless_gone(self, work: Awaitable[None]) -> None:
        """Awaits `work`. Raises GoneError when the client leaves first."""
        await self._inbox.unless_gone(work)


def excuse(error: VisavisError) -> dict[str, Any]:
    """An error in the words of the seeds' doors."""
    return {"type": "error", "code": error.code, "message": error.message}


async def serve(socket: WebSocket, talk: Callable[[Visitor], Awaitable[None]]) -> None:
    """Lets a client in, has it wait for the engines and for a place, and `talk`s until either has enough."""
    house: House = socket.app.state.house
    await socket.accept(subprotocol=subprotocol_of(socket))
    inbox = Inbox(socket)
    visitor = Visitor(socket, inbox, house)
    waiting: set[asyncio.Task[None]] = set()

    def tell(position: int, length: int) -> None:
        if not any(not task.done() for task in waiting):
            message = f"All places are taken; you are number {position} of those who wait."
            waiting.add(asyncio.create_task(_notify(socket, "sessions.waiting", message)))

    try:
        if not house.loader.ready:
            await _notify(socket, "server.loading", "The models are still loading.")
            await inbox.unless_gone(house.loader.wait())
        async with AsyncExitStack() as stack:
            await inbox.unless_gone(stack.enter_async_context(house.sessions.place(tell)))
            await talk(visitor)
        await socket.close()
    except VisavisError as error:
        await _refuse(socket, error)
    except (GoneError, WebSocketDisconnect, RuntimeError):
        return
    finally:
        for task in waiting:
            task.cancel()


async def _notify(socket: WebSocket, code: str, message: str) -> None:
    try:
        await socket.send_json({"type": "notice", "code": code, "message": message})
    except (GoneError, WebSocketDisconnect, RuntimeError):
        return


async def _refuse(socket: WebSocket, error: VisavisError) -> None:
    try:
        await socket.send_json(excuse(error))
        await socket.close(_TRY_LATER if error.retryable else _REFUSED, error.code)
    except (WebSocketDisconnect, RuntimeError):
        return
