"""Sound as the seeds' clients send and get it: whole files."""

from __future__ import annotations

import asyncio
import base64
import binascii
import io
from typing import Any

import av
import numpy as np
from starlette.datastructures import UploadFile
from starlette.requests import ClientDisconnect, Request

from visavis.core.errors import VisavisError
from visavis.core.media import SPEECH_RATE, AudioChunk
from visavis.engines.resample import at_rate
from visavis.studio.sound import Recording, read_sound, write_wav

_BIT_RATE = 64_000
"""Of MP3: at 24 kHz mono, speech has nothing left to gain."""

FORM: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "required": ["file"],
                    "properties": {
                        "file": {"type": "string", "format": "binary"},
                        "session_id": {"type": "string"},
                        "persona": {"type": "string"},
                    },
                }
            },
            "audio/*": {"schema": {"type": "string", "format": "binary"}},
        },
    }
}
"""The body of a route that takes a recording, for the description of the routes."""


async def read(data: bytes, longest: float) -> AudioChunk:
    """Speech at 16 kHz from any container that a browser records.

    Raises VisavisError `audio.…` as `studio.sound.read_sound`.
    """

    def decoded() -> AudioChunk:
        recording = read_sound(data, longest=longest)
        return AudioChunk(at_rate(recording.chunk(), SPEECH_RATE), SPEECH_RATE)

    return await asyncio.to_thread(decoded)


async def read_base64(text: str, longest: float) -> AudioChunk:
    """The same from base64, with or without the beginning of a `data:` address. Raises also `audio.base64`."""
    encoded = text.split(",", 1)[-1] if text.startswith("data:") else text
    try:
        data = await asyncio.to_thread(base64.b64decode, encoded, validate=True)
    except (binascii.Error, ValueError) as error:
        raise VisavisError("audio.base64", "`audio` is not valid base64.") from error
    return await read(data, longest)


async def received(request: Request) -> tuple[bytes, dict[str, str]]:
    """The file that a request holds, as the body itself or as the first file of a form, and the form's other fields.

    Raises VisavisError `upload.form`, `upload.broken`; the body is bounded before it comes here.
    """
    try:
        return await _received(request)
    except ClientDisconnect as error:
        raise VisavisError("upload.broken", "The upload broke off; please send it again.", retryable=True) from error


async def _received(request: Request) -> tuple[bytes, dict[str, str]]:
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != "multipart/form-data":
        return await request.body(), {}
    async with request.form(max_files=1, max_fields=8) as form:
        file = next((value for _, value in form.multi_items() if isinstance(value, UploadFile)), None)
        if file is None:
            raise VisavisError("upload.form", "Send the recording in a form, in a field named `file`.")
        return await file.read(), {name: value for name, value in form.multi_items() if isinstance(value, str)}


async def mp3(sound: AudioChunk) -> bytes:
    """An MP3 file."""
    return await asyncio.to_thread(_mp3, sound)


async def wav(sound: AudioChunk) -> bytes:
    """A WAV file: 16 bit, mono."""
    return await asyncio.to_thread(write_wav, Recording(sound.samples, sound.rate))


def _mp3(sound: AudioChunk) -> bytes:
    stream = io.BytesIO()
    with av.open(stream, "w", format="mp3") as out:
        track = out.add_stream("libmp3lame", rate=sound.rate, layout="mono", options={"b": str(_BIT_RATE)})
        frame = av.AudioFrame.from_ndarray(np.ascontiguousarray(sound.samples[None]), format="fltp", layout="mono")
        frame.sample_rate, frame.pts = sound.rate, 0
        for packet in (*track.encode(frame), *track.encode(None)):
            out.mux(packet)
    return stream.getvalue()
