"""A small server on the loopback with OpenAI's routes for sound, as others make them: it knows nothing of visavis. The
model's name says how it misbehaves."""

from __future__ import annotations

import asyncio
import io
import wave
from collections.abc import AsyncIterator
from typing import Any

import numpy as np
from starlette.applications import Starlette
from starlette.datastructures import UploadFile
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route

from visavis.core.language import as_language
from visavis.core.media import AudioChunk
from visavis.engines.fake.embedder import FakeEmbedder
from visavis.engines.fake.stt import FakeSTT
from visavis.engines.fake.tts import FakeTTS
from visavis.engines.stt import STTOptions
from visavis.engines.tts import TTSOptions

KEY = "open-sesame"
STATUS = {"failing": 500, "busy": 429, "refused": 422, "absent": 404}
NAMES = {"en": "english", "zh": "chinese", "es": "spanish"}


class VoiceServer:
    """The app; `asked` keeps the fields of each request, `fail_next` so many requests are answered by a 503."""

    def __init__(self) -> None:
        self.stt, self.tts, self.embedder = FakeSTT(), FakeTTS(), FakeEmbedder()
        self.asked: list[dict[str, Any]] = []
        self.fail_next = 0
        self.app = Starlette(
            routes=[
                Route("/v1/models", self.models),
                Route("/v1/audio/transcriptions", self.transcriptions, methods=["POST"]),
                Route("/v1/audio/speech", self.speech, methods=["POST"]),
                Route("/v1/embeddings", self.embeddings, methods=["POST"]),
            ]
        )

    async def models(self, request: Request) -> Response:
        if request.headers.get("authorization") == "Bearer wrong":
            return JSONResponse({"error": {"message": "bad key"}}, 401)
        return JSONResponse({"object": "list", "data": [{"id": "house-model"}]})

    def refusal(self, request: Request, asked: dict[str, Any]) -> Response | None:
        self.asked.append(asked)
        model = str(asked.get("model"))
        if self.fail_next > 0:
            self.fail_next -= 1
            return JSONResponse({"error": {"message": "overloaded"}}, 503)
        if model == "locked" and request.headers.get("authorization") != f"Bearer {KEY}":
            return JSONResponse({"error": {"message": "bad key"}}, 401)
        if model in STATUS:
            return JSONResponse({"error": {"message": "no"}}, STATUS[model])
        if model == "garbled":
            return Response(b"<html>hello</html>")
        return None

    async def transcriptions(self, request: Request) -> Response:
        async with request.form() as form:
            upload = form["file"]
            assert isinstance(upload, UploadFile)
            sound = await upload.read()
            asked = {key: form.getlist(key) if key.endswith("[]") else form[key] for key in form if key != "file"}
        refusal = self.refusal(request, asked)
        if asked["model"] == "silent":
            await asyncio.sleep(30)
        if refusal is not None:
            return refusal
        with wave.open(io.BytesIO(sound)) as file:
            audio = AudioChunk.from_pcm16(file.readframes(file.getnframes()), file.getframerate())
        language = as_language(str(asked["language"])) if "language" in asked else None
        heard = await self.stt.transcribe(audio, STTOptions(language, word_times=True))
        words = [{"word": w.text.strip(",.!?，。"), "start": w.start, "end": w.end} for w in heard.words]
        segments = [{"avg_logprob": -0.1, "text": heard.text}] if heard.text else []
        body = {"text": heard.text, "language": NAMES[heard.language], "duration": audio.duration}
        return JSONResponse({**body, "words": words, "segments": segments})

    async def speech(self, request: Request) -> Response:
        asked = await request.json()
        refusal = self.refusal(request, asked)
        if refusal is not None:
            return refusal
        return StreamingResponse(self._sound(asked), media_type="audio/pcm")

    async def _sound(self, asked: dict[str, Any]) -> AsyncIterator[bytes]:
        model, samples = asked["model"], []
        if model == "mute":
            return
        async for chunk in self.tts.synthesize(asked["input"], TTSOptions("en")):
            samples.append(chunk.audio.samples)
            if model != "boxed":
                yield chunk.audio.pcm16()
            if model == "dropping":
                raise ConnectionResetError("the cable is out")
            if model == "stalling":
                await asyncio.sleep(30)
        if model == "boxed":
            box = io.BytesIO()
            with wave.open(box, "wb") as file:
                file.setnchannels(1)
                file.setsampwidth(2)
                file.setframerate(24_000)
                file.writeframes(AudioChunk(np.concatenate(samples), 24_000).pcm16())
            yield box.getvalue()

    async def embeddings(self, request: Request) -> Response:
        asked = await request.json()
        refusal = self.refusal(request, asked)
        if refusal is not None:
            return refusal
        vectors = await self.embedder.embed(asked["input"], "query")
        # Not in order, and not of unit length: neither is promised.
        data = [{"object": "embedding", "index": row, "embedding": (3 * v).tolist()} for row, v in enumerate(vectors)]
        return JSONResponse({"object": "list", "data": data[::-1], "model": asked["model"]})
