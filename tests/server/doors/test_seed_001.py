"""Every example of the low-latency chatbot's page (seed 001), named after it."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import httpx
import pytest

from tests.server.serving import Served

pytestmark = pytest.mark.asyncio(loop_scope="module")

HELLO = {"messages": [{"role": "user", "content": "Hello!"}]}
"""The page's own request."""


def events_of(text: str) -> list[tuple[str, dict[str, Any]]]:
    """Server-sent events as names and data."""
    found = []
    for block in text.strip().split("\n\n"):
        fields = dict(line.split(": ", 1) for line in block.splitlines())
        found.append((fields.get("event", "message"), json.loads(fields["data"])))
    return found


async def test_curl_healthz(http: httpx.AsyncClient) -> None:
    first = (await http.get("/healthz")).json()
    assert (first["status"], first["model_loaded"]) == ("ok", True)
    await asyncio.sleep(0.02)
    second = (await http.get("/healthz")).json()
    assert 0 < first["uptime"] < second["uptime"] < 300


async def test_curl_chat_completions(http: httpx.AsyncClient) -> None:
    answer = (await http.post("/v1/chat/completions", json=HELLO)).json()
    assert answer["object"] == "chat.completion"
    assert answer["choices"][0]["message"] == {**answer["choices"][0]["message"], "role": "assistant"}
    assert answer["choices"][0]["message"]["content"]


async def test_curl_chat_completions_streaming(http: httpx.AsyncClient) -> None:
    reply = await http.post("/v1/chat/completions", json={**HELLO, "stream": True})
    assert reply.headers["content-type"].startswith("text/event-stream")
    lines = [line.removeprefix("data: ") for line in reply.text.splitlines() if line.startswith("data: ")]
    assert lines[-1] == "[DONE]"
    pieces = [json.loads(line)["choices"] for line in lines[:-1]]
    assert "".join(one[0]["delta"].get("content") or "" for one in pieces if one)


async def test_fast_streaming_text_responses_over_sse(http: httpx.AsyncClient) -> None:
    reply = await http.post("/api/v1/chat/stream", json={"message": "one two three"})
    assert reply.headers["content-type"].startswith("text/event-stream")
    events = events_of(reply.text)
    deltas = [data["text"] for name, data in events if name == "delta"]
    assert len(deltas) > 1
    assert [name for name, _ in events if name != "delta"] == ["session", "done"]
    assert events[-1][1]["text"] == "".join(deltas) == "one two three"
    assert events[-1][1]["session_id"] == events[0][1]["session_id"]


async def test_sse_goes_on_with_a_session_and_shows_recommendations(http: httpx.AsyncClient) -> None:
    body = {"message": "Python", "session_id": "sse", "persona": "genevieve"}
    await http.post("/api/v1/chat/stream", json=body)
    body["message"] = "I am a beginner and I want to become a data scientist"
    events = dict(events_of((await http.post("/api/v1/chat/stream", json=body)).text))
    assert len(events["recommendations"]["courses"]) == 3
    assert "done" in events


async def test_metrics_for_prometheus(server: Served, http: httpx.AsyncClient) -> None:
    before = await answers(http)
    await http.post("/api/v1/chat/stream", json={"message": "count me"})
    assert await answers(http) == before + 1
    assert server.app.state.house.sessions.busy == 0


async def answers(http: httpx.AsyncClient) -> float:
    lines = (await http.get("/metrics")).text.splitlines()
    found = [line for line in lines if line.startswith('visavis_responses_total{status="completed"}')]
    return float(found[0].split()[-1]) if found else 0.0


async def test_readyz(http: httpx.AsyncClient) -> None:
    ready = await http.get("/readyz")
    assert (ready.status_code, ready.json()["status"]) == (200, "ready")
