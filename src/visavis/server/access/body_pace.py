"""Gives up on senders who keep a request open by hardly sending it."""

from __future__ import annotations

import asyncio
import time
from typing import Final

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from visavis.server.problems import SlowBodyError

SLOWEST: Final = 2_000
"""Bytes a second, on average, that a body has to come at once the patience is used up."""


class BodyPace:
    """An ASGI middleware that ends requests whose bodies come too slowly."""

    def __init__(self, app: ASGIApp, patience: float) -> None:
        """`patience` is in seconds: the longest wait for more of a body, and what a slow one has in reserve."""
        self._app, self._patience = app, patience

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serves one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        waited, taken, whole = 0.0, 0, False

        async def timed() -> Message:
            nonlocal waited, taken, whole
            if whole:
                return await receive()
            begin = time.monotonic()
            try:
                async with asyncio.timeout(self._patience):
                    message = await receive()
            except TimeoutError as error:
                raise SlowBodyError from error
            waited += time.monotonic() - begin
            taken += len(message.get("body", b""))
            whole = message["type"] == "http.disconnect" or not message.get("more_body", False)
            if not whole and waited > self._patience + taken / SLOWEST:
                raise SlowBodyError
            return message

        await self._app(scope, timed, send)
