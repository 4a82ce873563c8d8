"""`visavis serve --only …`: one engine, its routes, and how it is."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

import httpx
import pytest

from tests.server.serving import Served, running, settings
from visavis.core.conversation import Message
from visavis.core.errors import VisavisError
from visavis.engines.fake.llm import FakeLLM
from visavis.engines.registry import EngineInfo, Registry
from visavis.server.annex import PORTS, Part
from visavis.server.annex_app import create_annex
from visavis.server.plan import plan_one
from visavis.settings import EngineSettings, ServiceSettings

ROUTE: dict[Part, str] = {
    "stt": "/v1/audio/transcriptions",
    "tts": "/v1/audio/speech",
    "llm": "/v1/chat/completions",
    "embedder": "/v1/embeddings",
}


@asynccontextmanager
async def annex(
    part: Part, *, wait: bool = True, registry: Registry | None = None
) -> AsyncIterator[tuple[httpx.AsyncClient, Served]]:
    app = create_annex(settings(), registry or Registry(), part)
    async with (
        running(app, wait=wait) as served,
        httpx.AsyncClient(base_url=served.http, timeout=30) as client,
    ):
        yield client, served


@pytest.mark.parametrize("part", ["stt", "tts", "llm", "embedder"])
async def test_it_says_how_its_engine_is_and_has_the_routes_of_no_other(part: Part) -> None:
    async with annex(part) as (client, _):
        health = await client.get("/health")
        assert health.status_code == 200
        assert {**health.json(), "model": ""} == {
            "status": "healthy", "service": part, "engine": "fake", "model": "", "detail": "",
        }  # fmt: skip
        alive = (await client.get("/healthz")).json()
        assert (alive["status"], alive["model_loaded"]) == ("ok", True) and alive["uptime"] >= 0
        assert (await client.get("/readyz")).status_code == 200
        (engine,) = (await client.get("/v1/engines")).json()["data"]
        assert (engine["kind"], engine["name"], engine["state"]) == (part, "fake", "ready")
        assert engine["capabilities"]
        assert (await client.get("/v1/models")).json()["data"]
        for other, route in ROUTE.items():
            status = (await client.post(route, json={})).status_code
            assert (status == 404) == (other != part), route


async def test_while_its_model_loads_it_lives_but_is_not_healthy() -> None:
    loaded = asyncio.Event()

    class Slow(FakeLLM):
        async def warm(self, prompts: Sequence[Sequence[Message]] = ()) -> None:
            await loaded.wait()

    slow = EngineInfo("llm", "fake", "Loads when told.", lambda _context: Slow())
    async with annex("llm", wait=False, registry=Registry((slow,))) as (client, served):
        health = await client.get("/health")
        assert (health.status_code, health.json()["status"]) == (503, "loading")
        alive = await client.get("/healthz")
        assert (alive.status_code, alive.json()["model_loaded"]) == (200, False)
        early = await client.post(ROUTE["llm"], json={"messages": [{"role": "user", "content": "Hello!"}]})
        assert (early.status_code, early.json()["error"]["code"]) == (503, "server.loading")
        loaded.set()
        await served.app.state.house.loader.wait()
        assert (await client.get("/health")).status_code == 200


async def test_an_engine_that_cannot_be_made_is_told_of() -> None:
    def fail(_context: object) -> None:
        raise VisavisError("stt.unavailable", "The model is broken; fetch it again.")

    broken = EngineInfo("stt", "fake", "Does not work.", fail)
    async with annex("stt", wait=False, registry=Registry((broken,))) as (client, served):
        with pytest.raises(VisavisError):
            await served.app.state.house.loader.wait()
        health = await client.get("/health")
        assert (health.status_code, health.json()["status"]) == (503, "failed")
        assert health.json()["detail"] == "The model is broken; fetch it again."


async def test_it_never_uses_a_service_by_url_itself() -> None:
    """All services are often given one and the same environment."""
    urls = {f"{kind}_url": f"http://{kind}.example" for kind in ("stt", "tts", "llm", "embedder")}
    made = settings(engines=EngineSettings(ollama_base_url="")).model_copy(update={"services": ServiceSettings(**urls)})
    for part in PORTS:
        wanted = await plan_one(made, part)
        assert {one.kind for one in wanted} == {part}
        assert "openai" not in {one.name for one in wanted}
