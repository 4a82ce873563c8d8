"""Keeps what a request may make the server hold in memory within bounds."""

from __future__ import annotations

from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from visavis.server.problems import error_body


class BodyLimit:
    """An ASGI middleware that refuses bodies of more than `largest` bytes, but where the path begins with `streamed` or
    one of them: what is written to disk as it comes has limits of its own."""

    def __init__(self, app: ASGIApp, largest: int, streamed: str | tuple[str, ...]) -> None:
        self._app, self._largest, self._streamed = app, largest, streamed

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serves one request."""
        if scope["type"] != "http" or scope["path"].startswith(self._streamed):
            await self._app(scope, receive, send)
            return
        announced = Headers(scope=scope).get("content-length", "")
        if announced.isdecimal() and int(announced) > self._largest:
            await JSONResponse(error_body("request.too_large", self._sentence), 413)(scope, receive, send)
            return
        taken = 0

        async def counted() -> Message:
            nonlocal taken
            message = await receive()
            taken += len(message.get("body", b""))
            if taken > self._largest:
                raise HTTPException(413, self._sentence)
            return message

        await self._app(scope, counted, send)

    @property
    def _sentence(self) -> str:
        return f"The request is too large; send one of at most {self._largest / 1e6:.0f} MB."
