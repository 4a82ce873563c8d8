"""`POST /api/v1/chat/stream`: a typed message answered word by word, as server-sent events, for clients of seed 001."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack
from typing import Any, Final

from fastapi import APIRouter, Request
from fastapi.responses import StreamingResponse

from visavis.core.errors import VisavisError
from visavis.core.events import Event, Notice, Shown, TextDelta
from visavis.server.access.caller import caller_of
from visavis.server.doors.admission import received, role_of
from visavis.server.doors.advisor_chat import ChatBody
from visavis.server.doors.guests import Remembered
from visavis.server.house import House

router = APIRouter(prefix="/api/v1/chat", tags=["chat"])

_HEADERS: Final = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
_EVENTS: Final[dict[int | str, dict[str, Any]]] = {
    200: {"content": {"text/event-stream": {"schema": {"type": "string"}}}, "description": "Server-sent events."}
}


@router.post("/stream", response_class=StreamingResponse, responses=_EVENTS)
async def chat_stream(body: ChatBody, request: Request) -> StreamingResponse:
    """Answers a typed message as it is made: events `session`, `delta` with `text`, `recommendations` or `citations`
    where there are some, then one `done` or `error`."""
    house: House = request.app.state.house
    said, role = body.said, role_of(house, body.persona, house.settings.sessions.assistant)
    one = house.guests.open(role, caller_of(request).holder, body.session_id)
    return StreamingResponse(_stream(house, one, said), media_type="text/event-stream", headers=_HEADERS)


async def _stream(house: House, one: Remembered, said: str) -> AsyncIterator[str]:
    whole = ""
    try:
        async with AsyncExitStack() as stack:
            await stack.enter_async_context(one.exchange())
            guest = await stack.enter_async_context(received(house, one.memory))
            yield _event("session", {"session_id": one.id})
            await guest.say(said)
            async for event in guest.answer("text"):
                whole += event.text if isinstance(event, TextDelta) else ""
                if (named := _named(event)) is not None:
                    yield _event(*named)
        yield _event("done", {"session_id": one.id, "text": whole.strip()})
    except VisavisError as error:
        yield _event("error", {"code": error.code, "message": error.message})


def _named(event: Event) -> tuple[str, Mapping[str, Any]] | None:
    """The name and the data of an event that the client is told of."""
    match event:
        case TextDelta():
            return "delta", {"text": event.text}
        case Shown():
            return event.name, event.payload
        case Notice():
            return "notice", {"code": event.code, "message": event.message}
    return None


def _event(name: str, data: Mapping[str, Any]) -> str:
    """The type stands in the data too, for clients that read no names."""
    return f"event: {name}\ndata: {json.dumps({'type': name, **data}, ensure_ascii=False)}\n\n"
