"""`WS /api/v1/ws`: the learning advisor's conversation in the words of seed 000."""

from __future__ import annotations

import base64
import json
from collections.abc import AsyncIterator, Mapping
from typing import Any, Literal

from fastapi import APIRouter, WebSocket
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from visavis.core.errors import VisavisError
from visavis.core.session import Modality
from visavis.server.doors import sound_file
from visavis.server.doors.admission import role_of, talking
from visavis.server.doors.guest import Guest
from visavis.server.doors.guests import Remembered
from visavis.server.doors.replies import Courses, Spoken, replies
from visavis.server.doors.visitor import Visitor, serve

router = APIRouter()


class AdvisorMessage(BaseModel):
    """What a client sends: typed `text`, or `audio` as base64 of any file that a browser records."""

    model_config = ConfigDict(extra="ignore")

    type: Literal["text", "audio"]
    text: str = Field("", max_length=8000)
    audio: str = ""


@router.websocket("/api/v1/ws")
async def advisor(socket: WebSocket, persona: str = "") -> None:
    """Greets, then answers each message with `response`, and `recommendations` when she has some."""
    await serve(socket, lambda visitor: _converse(visitor, persona))


async def _converse(visitor: Visitor, persona: str) -> None:
    house = visitor.house
    one = house.guests.open(role_of(house, persona, house.settings.sessions.persona), visitor.owner)
    async with talking(house, one.memory) as guest:
        await visitor.unless_gone(_answer(visitor, guest, one))
        while (received := await visitor.next(guest)) is not None:
            house.guests.touch(one)
            try:
                message = parsed(received.get("text"), house.settings.server.max_message_bytes)
                await visitor.unless_gone(_exchange(visitor, guest, one, message))
            except VisavisError as error:
                await visitor.excuse(error)


def parsed(text: object, limit: int) -> AdvisorMessage:
    """A message of at most `limit` characters. Raises VisavisError `event.…`."""
    if not isinstance(text, str):
        raise VisavisError("event.binary", "Messages are JSON text; binary ones are not taken here.")
    if len(text) > limit:
        raise VisavisError("event.too_large", f"The message has {len(text)} bytes; at most {limit} are taken.")
    try:
        return AdvisorMessage.model_validate(json.loads(text))
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"]) or "message"
        raise VisavisError("event.invalid", f"`{where}`: {first['msg']}.") from error
    except (ValueError, RecursionError) as error:
        raise VisavisError("event.malformed", "The message is not valid JSON.") from error


async def _exchange(visitor: Visitor, guest: Guest, one: Remembered, message: AdvisorMessage) -> None:
    async with one.exchange():
        if message.type == "audio":
            longest = visitor.house.settings.turns.longest
            heard = await guest.hear(await sound_file.read_base64(message.audio, longest))
            await _answer(visitor, guest, one, {"transcript": heard})
        elif message.text.strip():
            await guest.say(message.text.strip())
            await _answer(visitor, guest, one)
        else:
            raise VisavisError("item.empty", "The message holds no text.")


async def _answer(visitor: Visitor, guest: Guest, one: Remembered, more: Mapping[str, str] | None = None) -> None:
    """Sends the answer, with `more` in its first message; when no voice can be had, its text alone."""
    try:
        await _send(visitor, guest, one, "audio", more or {})
    except VisavisError as error:
        if not error.code.startswith("tts."):
            raise
        await _send(visitor, guest, one, "text", more or {})


async def _send(visitor: Visitor, guest: Guest, one: Remembered, modality: Modality, more: Mapping[str, str]) -> None:
    async for wire in _wires(guest, one, modality):
        await visitor.say({**wire, **more})
        more = {}


async def _wires(guest: Guest, one: Remembered, modality: Modality) -> AsyncIterator[dict[str, Any]]:
    async for piece in replies(guest.answer(modality), one):
        match piece:
            case Spoken():
                sound = await sound_file.mp3(piece.sound) if piece.sound else b""
                yield {
                    "type": "response",
                    "text": piece.text,
                    "audio": base64.b64encode(sound).decode("ascii"),
                    "collected_info": one.collected,
                    "session_id": one.id,
                }
            case Courses():
                yield {"type": "recommendations", "courses": list(piece.courses), "session_id": one.id}
