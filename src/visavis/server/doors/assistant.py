"""`WS /ws` and `POST /interact`: the voice assistant in the words of seed 002. A recording in, a recording out."""

from __future__ import annotations

import json
from typing import Annotated, Any, Final

import numpy as np
from fastapi import APIRouter, Query, Request, WebSocket
from fastapi.responses import Response

from visavis.core.errors import VisavisError
from visavis.core.events import AudioDelta, TextDelta
from visavis.core.media import AudioChunk
from visavis.live.memory import Memory
from visavis.server.doors import sound_file
from visavis.server.doors.admission import received, role_of, talking
from visavis.server.doors.guest import Guest
from visavis.server.doors.visitor import Visitor, serve
from visavis.server.house import House
from visavis.server.inbox import Message
from visavis.server.openai.caller import while_there

router = APIRouter(tags=["assistant"])

_CHUNK: Final = 65_536
"""Bytes of sound in a message."""

_WAV: Final[dict[int | str, dict[str, Any]]] = {
    200: {"content": {"audio/wav": {"schema": {"type": "string", "format": "binary"}}}, "description": "The answer."}
}


class _Upload:
    """A recording that comes in pieces, of at most `limit` bytes."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._pieces: list[bytes] = []
        self._size = 0

    def add(self, piece: bytes) -> None:
        """One more; what is beyond the limit is not kept."""
        self._size += len(piece)
        if self._size <= self._limit:
            self._pieces.append(piece)
        else:
            self._pieces.clear()

    def take(self) -> bytes:
        """All of it; the next recording begins. Raises VisavisError `event.too_large`, `audio.empty`."""
        data, size = b"".join(self._pieces), self._size
        self._pieces, self._size = [], 0
        if size > self._limit:
            raise VisavisError("event.too_large", f"The recording has {size} bytes; at most {self._limit} are taken.")
        if not data:
            raise VisavisError("audio.empty", "No audio came before `end_stream`; send it as binary messages.")
        return data


@router.websocket("/ws")
async def assistant(socket: WebSocket, persona: str = "") -> None:
    """Takes a recording in binary chunks up to `end_stream`; answers `metadata`, a WAV file in binary chunks,
    `audio_complete`."""
    await serve(socket, lambda visitor: _converse(visitor, persona))


@router.post(
    "/interact",
    openapi_extra=sound_file.FORM,
    response_class=Response,
    responses=_WAV,
)
async def interact(request: Request, persona: Annotated[str, Query(max_length=64)] = "") -> Response:
    """Answers a recording with one: a form with a file, or the file itself; the answer is a WAV file."""
    house: House = request.app.state.house
    data, fields = await sound_file.received(request)
    role = role_of(house, persona or fields.get("persona", ""), house.settings.sessions.assistant)

    async def work() -> bytes:
        async with received(house, Memory.fresh(role)) as guest:
            await guest.hear(await sound_file.read(data, house.settings.turns.longest))
            _, sound = await _answer(guest)
            return await sound_file.wav(sound)

    file = await while_there(request, work())
    return Response(file, media_type="audio/wav", headers={"Cache-Control": "no-store"})


async def _converse(visitor: Visitor, persona: str) -> None:
    house = visitor.house
    role = role_of(house, persona, house.settings.sessions.assistant)
    upload = _Upload(house.settings.server.max_message_bytes)
    async with talking(house, Memory.fresh(role)) as guest:
        while (message := await visitor.next(guest)) is not None:
            try:
                if _ends(message, upload):
                    await visitor.unless_gone(_exchange(visitor, guest, upload.take()))
            except VisavisError as error:
                await visitor.excuse(error)


def _ends(message: Message, upload: _Upload) -> bool:
    """Takes one message; True when the recording is complete. Raises VisavisError `event.…`."""
    piece, text = message.get("bytes"), message.get("text")
    if isinstance(piece, bytes):
        upload.add(piece)
        return False
    try:
        parsed = json.loads(text or "")
    except (ValueError, RecursionError) as error:
        raise VisavisError("event.malformed", "The message is not valid JSON.") from error
    kind = parsed.get("type") if isinstance(parsed, dict) else None
    if kind != "end_stream":
        raise VisavisError("event.unknown", 'Send audio as binary messages, then {"type": "end_stream"}.')
    return True


async def _exchange(visitor: Visitor, guest: Guest, data: bytes) -> None:
    heard = await guest.hear(await sound_file.read(data, visitor.house.settings.turns.longest))
    said, sound = await _answer(guest)
    file = await sound_file.wav(sound)
    info = {
        "format": "wav",
        "sample_rate": sound.rate,
        "channels": 1,
        "bits_per_sample": 16,
        "duration": round(sound.duration, 3),
        "size": len(file),
    }
    await visitor.say({"type": "metadata", "audio_info": info, "transcription": heard, "response": said})
    for begin in range(0, len(file), _CHUNK):
        await visitor.say(file[begin : begin + _CHUNK])
    await visitor.say({"type": "audio_complete"})


async def _answer(guest: Guest) -> tuple[str, AudioChunk]:
    text, chunks = "", list[AudioChunk]()
    async for event in guest.answer("audio"):
        if isinstance(event, TextDelta):
            text += event.text
        elif isinstance(event, AudioDelta):
            chunks.append(event.audio)
    if text.strip() and not chunks:
        raise VisavisError("tts.unavailable", "The voice is away for the moment; try again soon.", retryable=True)
    if not chunks:
        raise VisavisError("response.empty", "There is no answer to that; please say it in other words.")
    return text.strip(), AudioChunk(np.concatenate([chunk.samples for chunk in chunks]), chunks[0].rate)
