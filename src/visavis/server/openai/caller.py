"""Whoever waits for an answer: they may leave, which stops the work, or read too slowly, which ends the answer."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncGenerator, Awaitable, Mapping
from contextlib import aclosing
from typing import Any, Final, TypeVar

import structlog
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Message, Receive, Scope, Send

from visavis.core.errors import VisavisError
from visavis.settings import ApiSettings

T = TypeVar("T")

EVENTS: Final = "text/event-stream"
"""The media type of server-sent events."""

_log = structlog.get_logger(__name__)


async def while_there(request: Request, work: Awaitable[T]) -> T:
    """The result of `work`, which is cancelled when the caller leaves: then raises HTTPException 499, for nobody.

    The request's body must have been read.
    """
    task = asyncio.ensure_future(work)
    leaving = asyncio.create_task(_left(request.receive))
    try:
        await asyncio.wait({task, leaving}, return_when=asyncio.FIRST_COMPLETED)
        if task.done():
            return task.result()
        raise HTTPException(499, "The caller has left.")
    finally:
        await _stopped(task, leaving)


class Stream(Response):
    """A body that is sent as it is made.

    The source is closed when the caller leaves, takes nothing for `limits.patience` seconds, or has not taken all after
    `limits.longest`. A source that fails ends the connection without the body's end, so that nobody takes half an
    answer for a whole one.
    """

    def __init__(self, source: AsyncGenerator[bytes, None], media_type: str, limits: ApiSettings) -> None:
        self._source, self._limits = source, limits
        self.status_code, self.background, self.media_type = 200, None, media_type
        self.init_headers({"Cache-Control": "no-store", "X-Accel-Buffering": "no"})

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Sends it."""
        sending = asyncio.create_task(self._send(send))
        leaving = asyncio.create_task(_left(receive))
        try:
            await asyncio.wait({sending, leaving}, return_when=asyncio.FIRST_COMPLETED)
            if sending.done():
                sending.result()
        finally:
            await _stopped(sending, leaving)
            # Where the caller left before the first piece was asked for, nobody else closes it.
            await self._source.aclose()

    async def _send(self, send: Send) -> None:
        start = {"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers}
        body = {"type": "http.response.body", "body": b"", "more_body": True}
        try:
            async with aclosing(self._source), asyncio.timeout(self._limits.longest):
                await self._patiently(send, start)
                async for piece in self._source:
                    await self._patiently(send, {**body, "body": piece})
                await self._patiently(send, {**body, "more_body": False})
        except VisavisError as error:
            _log.warning("answer.broken_off", code=error.code, message=error.message)
        except TimeoutError:
            _log.warning("answer.not_read", patience=self._limits.patience, longest=self._limits.longest)

    async def _patiently(self, send: Send, message: Message) -> None:
        async with asyncio.timeout(self._limits.patience):
            await send(message)


def event(payload: Mapping[str, Any]) -> bytes:
    """One server-sent event."""
    return f"data: {json.dumps(payload, ensure_ascii=False, separators=(',', ':'))}\n\n".encode()


async def _left(receive: Receive) -> None:
    """Returns when the caller has left."""
    while (await receive())["type"] != "http.disconnect":
        pass


async def _stopped(*tasks: asyncio.Future[Any]) -> None:
    """Cancels what still runs and waits for its end."""
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
