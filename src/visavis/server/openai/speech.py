"""`POST /v1/audio/speech`."""

from __future__ import annotations

import asyncio
import base64
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from typing import Any, Final

from fastapi import APIRouter, Request
from starlette.responses import Response

from visavis.core.errors import VisavisError
from visavis.core.media import AudioChunk
from visavis.core.sentences import sentences
from visavis.core.speech import Timeline
from visavis.engines.timeline_wire import timeline_to_wire
from visavis.engines.tts import TTS, TTSOptions
from visavis.live.prefetch import as_generator
from visavis.server.openai.caller import EVENTS, Stream, event, while_there
from visavis.server.openai.engines import house_of
from visavis.server.openai.gates import Gate
from visavis.server.openai.pump import Pump
from visavis.server.openai.sound_file import MEDIA_TYPES, SoundFile
from visavis.server.openai.speech_body import SpeechBody
from visavis.server.problems import error_body

router = APIRouter(tags=["openai"])

_ANSWERS: Final[dict[int | str, dict[str, Any]]] = {
    200: {
        "content": {
            **{kind: {"schema": {"type": "string", "format": "binary"}} for kind in MEDIA_TYPES.values()},
            EVENTS: {"schema": {"type": "string"}},
        }
    }
}
_PIECES_A_CHARACTER: Final = 4
"""Pieces of sound that a character makes at most: numbers are read as words."""


@dataclass(frozen=True, slots=True)
class Spoken:
    """A piece of the file with the `seconds` of sound that went into it, after `timeline` where that is new; `final`
    ends an utterance."""

    data: bytes
    seconds: float = 0.0
    timeline: Timeline | None = None
    final: bool = False


@router.post("/v1/audio/speech", response_class=Response, responses=_ANSWERS)
async def speech(request: Request, body: SpeechBody) -> Response:
    """Says `input` aloud as MP3, Opus (Ogg), AAC, FLAC, WAV or PCM, sent while it is spoken; `speed` 0.25 … 4."""
    house = house_of(request)
    options, gate, tts = body.options(house), house.gates.speech, house.resources.engines.tts
    texts = [body.input] if body.timeline else sentences(body.input, options.language)
    source = _spoken(tts, texts, options, SoundFile(body.response_format, body.tempo), gate)
    pump = Pump([source], _PIECES_A_CHARACTER * len(body.input) + 16, gate.visit())
    try:
        first = await while_there(request, _first(pump))
    except BaseException:
        await pump.aclose()
        raise
    if body.timeline or body.stream_format == "sse":
        return Stream(_events(pump, first, len(body.input), timed=body.timeline), EVENTS, house.settings.api)
    return Stream(_bytes(pump, first), MEDIA_TYPES[body.response_format], house.settings.api)


async def _spoken(
    tts: TTS, texts: Sequence[str], options: TTSOptions, file: SoundFile, gate: Gate
) -> AsyncGenerator[Spoken, None]:
    """The whole file, sentence after sentence."""
    timeline: Timeline | None = None
    async with gate.place():
        for number, text in enumerate(texts, 1):
            async with aclosing(as_generator(tts.synthesize(text.strip(), options))) as chunks:
                async for chunk in chunks:
                    last = chunk.final and number == len(texts)
                    data = await asyncio.to_thread(_encoded, file, chunk.audio, last=last)
                    fresh = None if chunk.timeline is timeline else chunk.timeline
                    timeline = chunk.timeline
                    yield Spoken(data, chunk.audio.duration, fresh, chunk.final)
    if not file.finished:
        yield Spoken(await asyncio.to_thread(file.finish))


def _encoded(file: SoundFile, audio: AudioChunk, *, last: bool) -> bytes:
    return file.push(audio) + (file.finish() if last else b"")


async def _first(pump: Pump[Spoken]) -> Spoken:
    """The first piece with sound in it, so that a voice that fails fails before anything is sent."""
    async for _, piece in pump:
        if piece.data or piece.timeline is not None:
            return piece
    raise VisavisError("speech.empty", "There is nothing to say in `input`; send words.")


async def _bytes(pump: Pump[Spoken], first: Spoken) -> AsyncGenerator[bytes, None]:
    async with aclosing(pump):
        yield first.data
        async for _, piece in pump:
            if piece.data:
                yield piece.data


async def _events(pump: Pump[Spoken], first: Spoken, characters: int, *, timed: bool) -> AsyncGenerator[bytes, None]:
    """Usage counts characters in, and 20 ms of sound out. `start` is in seconds, `final` ends an utterance."""
    async with aclosing(pump):
        seconds = 0.0
        try:
            piece: Spoken | None = first
            while piece is not None:
                if timed and piece.timeline is not None:
                    yield event({"type": "visavis.speech.timeline", "timeline": timeline_to_wire(piece.timeline)})
                if piece.data or (timed and piece.final):
                    audio = base64.b64encode(piece.data).decode("ascii")
                    place = {"start": round(seconds, 5), "final": piece.final} if timed else {}
                    yield event({"type": "speech.audio.delta", "audio": audio, **place})
                seconds += piece.seconds
                piece = await _next(pump)
            made = round(seconds * 50)
            usage = {"input_tokens": characters, "output_tokens": made, "total_tokens": characters + made}
            yield event({"type": "speech.audio.done", "usage": usage})
        except VisavisError as error:
            yield event({"type": "error", **error_body(error.code, error.message)})


async def _next(pump: Pump[Spoken]) -> Spoken | None:
    async for _, piece in pump:
        return piece
    return None
