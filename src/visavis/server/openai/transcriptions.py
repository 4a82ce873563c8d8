"""`POST /v1/audio/transcriptions` and the refusal of translations."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import AsyncGenerator, AsyncIterator, Mapping, Sequence
from contextlib import ExitStack, aclosing, asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, PlainTextResponse
from starlette.responses import Response

from visavis.core.errors import VisavisError
from visavis.core.media import SPEECH_RATE, AudioChunk
from visavis.engines.quiet_cuts import cut_at_quiet
from visavis.engines.resample import at_rate
from visavis.engines.stt import STT, STTOptions, Transcript
from visavis.server.form_file import receive_form
from visavis.server.openai.caller import EVENTS, Stream, event, while_there
from visavis.server.openai.engines import EngineHouse, house_of
from visavis.server.openai.gates import Gate
from visavis.server.openai.pump import Pump
from visavis.server.openai.transcript_view import Heard, joint, rendered
from visavis.server.openai.transcription_form import TranscriptionForm
from visavis.server.problems import error_body
from visavis.studio.sound import read_sound

router = APIRouter(tags=["openai"])

UPLOADS: Final = ("/v1/audio/transcriptions", "/v1/audio/translations")
"""Paths whose bodies are written to disk as they come, with a limit of their own."""

_MOST_PIECES: Final = 1024
_FORM: Final[dict[str, Any]] = {
    "requestBody": {
        "required": True,
        "content": {
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "required": ["file"],
                    "properties": {
                        "file": {"type": "string", "format": "binary"},
                        **TranscriptionForm.model_json_schema()["properties"],
                    },
                }
            }
        },
    }
}
_ANSWERS: Final[dict[int | str, dict[str, Any]]] = {
    200: {
        "content": {
            "application/json": {"schema": {"type": "object", "properties": {"text": {"type": "string"}}}},
            "text/plain": {"schema": {"type": "string"}},
            EVENTS: {"schema": {"type": "string"}},
        }
    }
}


@router.post("/v1/audio/transcriptions", response_class=Response, openapi_extra=_FORM, responses=_ANSWERS)
async def transcriptions(request: Request) -> Response:
    """Writes down a recording in English, Chinese or Spanish, as `json`, `text`, `srt`, `vtt` or `verbose_json` with
    word times; any container that browsers and recorders make; `stream` gives events as it is heard."""
    house = house_of(request)
    stt, gate = house.resources.engines.stt, house.gates.transcriptions
    with ExitStack() as visit:
        visit.enter_context(gate.visit())
        async with _received(request, house) as (path, form):
            options = form.options(stt)
            async with gate.place():
                chunk = await asyncio.to_thread(_sound, path, house.settings.api.longest_recording)
        pump = Pump([_heard(stt, chunk, options, gate)], _MOST_PIECES, visit.pop_all())
    if not form.stream:
        async with aclosing(pump):
            heard = await while_there(request, _whole(pump, chunk.duration))
        answer = rendered(heard, form)
        return PlainTextResponse(answer) if isinstance(answer, str) else JSONResponse(answer)
    try:
        _, first = await while_there(request, anext(pump))
    except BaseException:
        await pump.aclose()
        raise
    return Stream(_events(pump, first, chunk.duration), EVENTS, house.settings.api)


@router.post("/v1/audio/translations", include_in_schema=True)
async def translations(request: Request) -> Response:
    """Refused: recordings are written down in the language they are in."""
    raise VisavisError(
        "translation.unsupported",
        "This server does not translate; use /v1/audio/transcriptions and translate the text.",
    )


@asynccontextmanager
async def _received(request: Request, house: EngineHouse) -> AsyncIterator[tuple[Path, TranscriptionForm]]:
    """The form and its file, which is gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="visavis-") as folder:
        path = Path(folder) / "recording"
        fields = await receive_form(request, path, house.settings.api.max_audio_bytes)
        yield path, TranscriptionForm.of(fields)


def _sound(path: Path, longest: float) -> AudioChunk:
    """The recording as engines hear it, silent or not."""
    return AudioChunk(at_rate(read_sound(path, longest=longest, speakable=False).chunk(), SPEECH_RATE), SPEECH_RATE)


async def _heard(stt: STT, audio: AudioChunk, options: STTOptions, gate: Gate) -> AsyncGenerator[Transcript, None]:
    """The transcripts of its pieces. They are short, so that conversations can be heard between them."""
    for begin, piece in await asyncio.to_thread(cut_at_quiet, audio.samples):
        async with gate.place():
            heard = await stt.transcribe(AudioChunk(piece, SPEECH_RATE, begin), options)
        yield heard
        if heard.text and options.language is None:
            options = replace(options, language=heard.language)


async def _whole(pump: Pump[Transcript], duration: float) -> Heard:
    return _joined([piece async for _, piece in pump], duration)


def _joined(pieces: Sequence[Transcript], duration: float) -> Heard:
    language = next((piece.language for piece in pieces if piece.text), pieces[0].language)
    return Heard.of(pieces, language, duration)


async def _events(pump: Pump[Transcript], first: Transcript, duration: float) -> AsyncGenerator[bytes, None]:
    async with aclosing(pump):
        pieces = [first]
        try:
            yield event(_delta("", first))
            async for _, piece in pump:
                yield event(_delta(pieces[-1].text, piece))
                pieces.append(piece)
            heard = _joined(pieces, duration)
            yield event({"type": "transcript.text.done", "text": heard.text, "usage": heard.usage})
        except VisavisError as error:
            yield event({"type": "error", **error_body(error.code, error.message)})


def _delta(before: str, piece: Transcript) -> Mapping[str, Any]:
    return {"type": "transcript.text.delta", "delta": joint(before, piece.text, piece.language) + piece.text}
