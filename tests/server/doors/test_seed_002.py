"""Every example of the voice assistant's page (seed 002), named after it."""

from __future__ import annotations

import io
import json
import wave

import httpx
import pytest
from websockets.asyncio.client import ClientConnection, connect

from tests.server.doors.assistant_client import ask
from tests.server.doors.browser_sound import recording, words_in
from tests.server.serving import Served, serving, settings
from visavis.core.errors import VisavisError
from visavis.engines.fake.tts import FakeTTS
from visavis.engines.registry import EngineInfo, Registry

pytestmark = pytest.mark.asyncio(loop_scope="module")

QUANTUM = "I want to learn more about quantum computing. Can you explain to me the basics?"
"""What is said in the page's Clear-Short_16k.wav."""


def calling(server: Served) -> connect:
    """`ws://localhost:8080/ws`, at this server's port."""
    return connect(f"{server.http.replace('http', 'ws', 1)}/ws", max_size=None)


async def refusal(socket: ClientConnection) -> str:
    """The code of an error message."""
    message = json.loads(await socket.recv())
    assert message["type"] == "error"
    assert message["message"]
    return str(message["code"])


async def test_curl_health_of_the_orchestrator(http: httpx.AsyncClient) -> None:
    health = await http.get("/health")
    assert (health.status_code, health.json()["status"]) == (200, "healthy")


async def test_websocket_protocol(server: Served) -> None:
    async with calling(server) as socket:
        answer = await ask(socket, recording(QUANTUM, "wav", "pcm_s16le"))
    assert answer.metadata["transcription"] == QUANTUM
    with wave.open(io.BytesIO(answer.audio)) as file:
        assert file.getsampwidth() * 8 == answer.audio_info["bits_per_sample"] == 16
        assert file.getframerate() == answer.audio_info["sample_rate"]
        assert file.getnframes() / file.getframerate() == pytest.approx(answer.audio_info["duration"], abs=0.01)
        assert file.getnframes() > 0
    assert answer.audio_info["size"] == len(answer.audio)
    # The fake model says what it is told.
    assert words_in(answer.audio) == answer.metadata["response"].replace(" ", "") == QUANTUM.replace(" ", "")


async def test_python_test_websocket_client_all_audio_samples(server: Served) -> None:
    async with calling(server) as socket:
        for text in (QUANTUM, "What is the weather like?", QUANTUM):
            answer = await ask(socket, recording(text, "wav", "pcm_s16le"))
            assert answer.metadata["transcription"] == text


async def test_post_interact(http: httpx.AsyncClient) -> None:
    answer = await http.post(
        "/interact", files={"file": ("Clear-Short_16k.wav", recording(QUANTUM, "wav", "pcm_s16le"))}
    )
    assert (answer.status_code, answer.headers["content-type"]) == (200, "audio/wav")
    assert words_in(answer.content) == QUANTUM.replace(" ", "")


async def test_post_interact_with_the_file_as_the_body(http: httpx.AsyncClient) -> None:
    data = recording("Hello there.", "ogg", "libopus")
    answer = await http.post("/interact", content=data, headers={"Content-Type": "audio/ogg"})
    assert words_in(answer.content) == "Hellothere."


async def test_what_cannot_be_heard_is_said_and_the_connection_stays(server: Served) -> None:
    async with calling(server) as socket:
        await socket.send(json.dumps({"type": "end_stream"}))
        assert await refusal(socket) == "audio.empty"
        await socket.send(b"this is no sound at all, only words in a row")
        await socket.send(json.dumps({"type": "end_stream"}))
        assert await refusal(socket) == "audio.not_audio"
        await socket.send("{")
        assert await refusal(socket) == "event.malformed"
        await socket.send(json.dumps({"type": "start"}))
        assert await refusal(socket) == "event.unknown"
        assert (await ask(socket, recording("Hello there.", "wav", "pcm_s16le"))).metadata["transcription"]


async def test_what_happens_without_a_voice() -> None:
    broken = VisavisError("tts.unavailable", "There is no network.")

    def dumb(_context: object) -> FakeTTS:
        return FakeTTS(failures=iter(lambda: broken, None))

    registry = Registry((EngineInfo("tts", "fake", "Says nothing.", dumb),))
    forgetful = settings().model_copy(update={"keep_lines": False})
    async with serving(forgetful, registry=registry) as served, httpx.AsyncClient(base_url=served.http) as http:
        refused = await http.post("/interact", files={"file": ("a.wav", recording("Hello.", "wav", "pcm_s16le"))})
        assert (refused.status_code, refused.json()["error"]["code"]) == (503, "tts.unavailable")
