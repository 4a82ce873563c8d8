"""`POST /api/v1/chat/stream`: a typed message answered word by word, as server-sent events, for clients of seed 001."""

from __future__ import annotations

import json
from collections.abc import AsyncGenerator, Mapping
from typing import Any, Final

from fastapi import APIRouter, Request
from fastapi.responses import Response

from visavis.core.errors import VisavisError
from visavis.core.events import Event, Notice, Shown, TextDelta
from visavis.server.access.caller import caller_of
from visavis.server.doors.admission import received, role_of
from visavis.server.doors.advisor_chat import ChatBody
from visavis.server.doors.guests import Remembered
from visavis.server.house import House
from visavis.server.openai.caller import EVENTS, Stream

router = APIRouter(prefix="/api/v1/chat", tags=["chat"])

_EVENTS: Final[dict[int | str, dict[str, Any]]] = {
    200: {"content": {"text/event-stream": {"schema": {"type": "string"}}}, "description": "Server-sent events."}
}


@router.post("/stream", response_class=Response, responses=_EVENTS)
async def chat_stream(body: ChatBody, request: Request) -> Stream:
    """Answers a typed message as it is made: events `session`, `delta` with `text`, `recommendations` or `citations`
    where there are some, then one `done` or `error`."""
    house: House = request.app.state.house
    said, role = body.said, role_of(house, body.persona, house.settings.sessions.assistant)
    one = house.guests.open(role, caller_of(request).holder, body.session_id)
    return Stream(_stream(house, one, said), EVENTS, house.settings.api)


async def _stream(house: House, one: Remembered, said: str) -> AsyncGenerator[bytes, None]:
    whole = ""
    try:
        async with one.exchange(), received(house, one.memory) as guest:
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


def _event(name: str, data: Mapping[str, Any]) -> bytes:
    """The type stands in the data too, for clients that read no names."""
    return f"event: {name}\ndata: {json.dumps({'type': name, **data}, ensure_ascii=False)}\n\n".encode()
