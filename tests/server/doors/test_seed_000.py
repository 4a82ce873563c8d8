"""Every example of the learning advisor's page (seed 000), named after it."""

from __future__ import annotations

from pathlib import Path

import httpx
import pytest

from tests.server.doors.advisor_client import Advisor, advisor, sound_of
from tests.server.doors.browser_sound import recording, words_in
from tests.server.serving import Served, serving, settings
from visavis.core.errors import VisavisError
from visavis.engines.fake.tts import FakeTTS
from visavis.engines.registry import EngineInfo, Registry
from visavis.settings import Settings

pytestmark = pytest.mark.asyncio(loop_scope="module")

BEGINNER = "I'm a complete beginner and I want to learn Python to become a data scientist."
"""The page's own example."""

NOTHING = {"goal": None, "level": None, "career": None}

DOTENV = """LIPSYNC_MODE=viseme
OLLAMA_BASE_URL=http://localhost:11434
OLLAMA_MODEL=gemma3:4b
OLLAMA_TIMEOUT=30
WHISPER_MODEL=tiny
EDGE_TTS_VOICE=en-US-JennyNeural
EDGE_TTS_RATE=+0%
EDGE_TTS_PITCH=+0%
# PIPER_MODEL_PATH=models/piper/en_US-amy-medium.onnx
"""
"""The page's own file."""


async def greeted(client: Advisor) -> None:
    """Takes the greeting."""
    await client.receive("response")


async def test_greeting_the_instant_the_websocket_connects(server: Served) -> None:
    async with advisor(server.http) as client:
        greeting = await client.receive("response")
    genevieve = server.app.state.house.roles["genevieve"].flow
    assert greeting["text"] == genevieve.greeting("en")
    assert greeting["collected_info"] == NOTHING
    assert sound_of(greeting)[:3] == b"ID3" or sound_of(greeting)[0] == 0xFF
    assert words_in(sound_of(greeting)) == greeting["text"].replace(" ", "")


async def test_you_can_give_all_three_in_one_message(server: Served) -> None:
    async with advisor(server.http) as client:
        await greeted(client)
        await client.type(BEGINNER)
        intro = await client.receive("response")
        courses = (await client.receive("recommendations"))["courses"]
        bridge = await client.receive("response")
    assert intro["collected_info"] == {"goal": "Python", "level": "beginner", "career": "Data scientist"}
    assert len(courses) == 3
    assert all("Python" in f"{course['title']} {course['topic']} {course['why']}" for course in courses)
    assert intro["text"] != bridge["text"]
    assert bridge["collected_info"] == NOTHING
    for said in (intro, bridge):
        assert words_in(sound_of(said)) == said["text"].replace(" ", "")


async def test_or_answer_her_questions_one_at_a_time(server: Served) -> None:
    async with advisor(server.http) as client:
        await greeted(client)
        await client.type("Python")
        first = await client.receive("response")
        assert first["collected_info"] == {**NOTHING, "goal": "Python"}
        assert first["text"].endswith("?")
        await client.type("beginner")
        second = await client.receive("response")
        assert second["collected_info"] == {**NOTHING, "goal": "Python", "level": "beginner"}
        await client.type("data scientist")
        await client.receive("response")
        assert len((await client.receive("recommendations"))["courses"]) == 3


async def test_if_you_mention_a_new_topic_she_collects_fresh_information(server: Served) -> None:
    async with advisor(server.http) as client:
        await greeted(client)
        await client.type(BEGINNER)
        for kind in ("response", "recommendations", "response"):
            await client.receive(kind)
        await client.type("Now I want to learn SQL.")
        again = await client.receive("response")
    assert again["collected_info"] == {**NOTHING, "goal": "SQL and databases"}


async def test_click_the_microphone_speak_then_click_stop(server: Served) -> None:
    async with advisor(server.http) as client:
        await greeted(client)
        await client.record(recording(BEGINNER, "webm", "libopus"))
        intro = await client.receive("response")
        assert intro["transcript"] == BEGINNER
        assert len((await client.receive("recommendations"))["courses"]) == 3


@pytest.mark.parametrize(("container", "codec"), [("mp4", "aac"), ("ogg", "libopus"), ("wav", "pcm_s16le")])
async def test_accepts_any_browser_audio_format(http: httpx.AsyncClient, container: str, codec: str) -> None:
    if container == "mp4":
        container = "ipod"  # FFmpeg's writer of M4A that needs no seeking back
    data = recording("I want to learn Python.", container, codec)
    answer = (await http.post("/api/v1/chat/audio", files={"file": ("speech", data)})).json()
    assert answer["transcript"] == "I want to learn Python."


async def test_post_api_v1_chat(http: httpx.AsyncClient) -> None:
    answer = (await http.post("/api/v1/chat", json={"message": BEGINNER})).json()
    assert answer["courses"][0]["level"] == "beginner"
    assert len(answer["courses"]) == 3
    assert answer["text"]


async def test_post_api_v1_chat_goes_on_with_a_session(http: httpx.AsyncClient) -> None:
    first = (await http.post("/api/v1/chat", json={"text": "Python"})).json()
    name = first["session_id"]
    second = (await http.post("/api/v1/chat", json={"text": "beginner", "session_id": name})).json()
    assert second["session_id"] == name
    assert second["collected_info"] == {**NOTHING, "goal": "Python", "level": "beginner"}


async def test_post_api_v1_chat_audio(http: httpx.AsyncClient) -> None:
    files = {"audio": ("recording.webm", recording(BEGINNER))}
    answer = (await http.post("/api/v1/chat/audio", files=files, data={"session_id": "by-voice"})).json()
    assert (answer["session_id"], answer["transcript"]) == ("by-voice", BEGINNER)
    assert len(answer["courses"]) == 3


async def test_get_api_v1_session(http: httpx.AsyncClient) -> None:
    said = (await http.post("/api/v1/chat", json={"message": "Python", "session_id": "mine"})).json()["text"]
    state = (await http.get("/api/v1/session/mine")).json()
    assert state["phase"] == "collecting"
    assert state["collected"] == {**NOTHING, "goal": "Python"}
    assert state["history"] == [{"role": "user", "content": "Python"}, {"role": "assistant", "content": said}]


async def test_get_api_v1_session_of_a_websocket(server: Served, http: httpx.AsyncClient) -> None:
    async with advisor(server.http) as client:
        greeting = await client.receive("response")
        state = (await http.get(f"/api/v1/session/{greeting['session_id']}")).json()
    assert state["history"] == [{"role": "assistant", "content": greeting["text"]}]


async def test_delete_api_v1_session(http: httpx.AsyncClient) -> None:
    await http.post("/api/v1/chat", json={"message": "Python", "session_id": "gone"})
    assert (await http.delete("/api/v1/session/gone")).status_code == 200
    missing = await http.get("/api/v1/session/gone")
    assert (missing.status_code, missing.json()["error"]["code"]) == (404, "session.unknown")


async def test_get_api_v1_health(http: httpx.AsyncClient) -> None:
    health = (await http.get("/api/v1/health")).json()
    assert health["status"] == "healthy"
    assert {"stt", "llm", "tts"} <= set(health["components"])
    assert all(part["state"] == "ready" for part in health["components"].values())


async def test_get_docs(http: httpx.AsyncClient) -> None:
    page = await http.get("/docs")
    assert page.status_code == 200
    assert "swagger" in page.text.lower()
    assert "/api/v1/chat" in (await http.get("/openapi.json")).json()["paths"]


async def test_open_static_index_html(http: httpx.AsyncClient) -> None:
    page = await http.get("/static/index.html")
    assert (page.status_code, page.headers["location"]) == (307, "/")


async def test_cat_dotenv(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / ".env").write_text(DOTENV, "utf-8")
    engines = Settings().engines
    assert (engines.ollama_model, engines.ollama_timeout, engines.whisper_model) == ("gemma3:4b", 30.0, "tiny")
    assert (engines.edge_tts_voice, engines.edge_tts_pitch) == ("en-US-JennyNeural", "+0%")


async def test_audio_is_empty_and_the_text_is_still_shown_when_no_voice_can_be_had() -> None:
    broken = VisavisError("tts.unavailable", "There is no network.")

    def dumb(_context: object) -> FakeTTS:
        return FakeTTS(failures=iter(lambda: broken, None))

    registry = Registry((EngineInfo("tts", "fake", "Says nothing.", dumb),))
    forgetful = settings().model_copy(update={"keep_lines": False})
    async with serving(forgetful, registry=registry) as served, advisor(served.http) as client:
        greeting = await client.receive("response")
        assert greeting["audio"] == ""
        assert greeting["text"] == served.app.state.house.roles["genevieve"].flow.greeting("en")
        await client.type("Python")
        answer = await client.receive("response")
        assert (answer["audio"], answer["collected_info"]["goal"]) == ("", "Python")
