"""`GET /v1/realtime`: the Realtime protocol over WebSocket."""

from __future__ import annotations

from fastapi import APIRouter, WebSocket

from visavis.core.errors import VisavisError
from visavis.server.access.caller import caller_of
from visavis.server.access.refusal import subprotocol_of
from visavis.server.conversation import Wish, attend, fresh_config
from visavis.server.gone import GoneError
from visavis.server.house import House
from visavis.server.problems import error_event
from visavis.server.remembrance import person_of
from visavis.server.wire import WebSocketClient

router = APIRouter()

_TRY_LATER, _REFUSED = 1013, 1008


@router.websocket("/v1/realtime")
async def realtime(socket: WebSocket, model: str = "", session: str = "", token: str = "") -> None:
    """Serves one connection from handshake to goodbye."""
    house: House = socket.app.state.house
    await socket.accept(subprotocol=subprotocol_of(socket))
    fixed = caller_of(socket).session
    async with WebSocketClient(socket, fresh_config(house), house.settings.server.max_message_bytes) as client:
        try:
            person = person_of(socket.headers, socket.scope.get("subprotocols", ()))
            await attend(house, client, Wish(model, session, token, (fixed,) if fixed else (), person))
        except VisavisError as error:
            client.outbox.say(error_event(error.code, error.message))
            client.leave_with(_TRY_LATER if error.retryable else _REFUSED, error.code)
        except GoneError:
            return
