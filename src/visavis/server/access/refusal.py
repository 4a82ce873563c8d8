"""How somebody is turned away."""

from __future__ import annotations

import asyncio
import math
import secrets
from contextlib import suppress
from typing import Final

from starlette.responses import JSONResponse
from starlette.types import Receive, Scope, Send
from starlette.websockets import WebSocket, WebSocketDisconnect

from visavis.core.errors import VisavisError
from visavis.server.access.rates import LimitedError
from visavis.server.problems import error_body, error_event, status_of

_HEARD_OUT: Final = 1 << 20
_PATIENCE: Final = 2.0
"""A body of so many bytes, and for so many seconds, is read and thrown away, so that its sender gets the answer."""

_POLICY, _LATER = 1008, 1013


async def refuse(scope: Scope, receive: Receive, send: Send, error: VisavisError) -> None:
    """Answers with the error. A browser's WebSocket cannot see a status: it is opened, told, and closed."""
    status = status_of(error.code)
    headers = {"Cache-Control": "no-store"}
    if status == 401:
        headers["WWW-Authenticate"] = "Bearer"
    if isinstance(error, LimitedError):
        headers["Retry-After"] = str(math.ceil(error.wait))
    answer = JSONResponse(error_body(error.code, error.message), status, headers)
    if scope["type"] == "http":
        if not await _read_out(receive):
            answer.headers["Connection"] = "close"
        await answer(scope, receive, send)
        return
    socket = WebSocket(scope, receive, send)
    with suppress(WebSocketDisconnect, RuntimeError, OSError):
        if "origin" not in socket.headers:
            await socket.send_denial_response(answer)
            return
        await socket.accept(subprotocol_of(socket))
        told = {"event_id": f"event_{secrets.token_hex(8)}", **error_event(error.code, error.message)}
        await socket.send_json(told)
        await socket.close(_LATER if error.retryable else _POLICY, error.code)


def subprotocol_of(socket: WebSocket) -> str | None:
    """What a WebSocket agrees to speak: `realtime` beside a key, which is never echoed."""
    return "realtime" if "realtime" in socket.scope.get("subprotocols", []) else None


async def _read_out(receive: Receive) -> bool:
    """Whether the whole body came."""
    taken = 0
    with suppress(TimeoutError):
        async with asyncio.timeout(_PATIENCE):
            while taken <= _HEARD_OUT:
                message = await receive()
                taken += len(message.get("body", b""))
                if message["type"] == "http.disconnect" or not message.get("more_body", False):
                    return True
    return False
