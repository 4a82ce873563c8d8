"""What the server answers while its models load."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
import pytest

from tests.server.serving import Served, serving, settings
from visavis.core.conversation import Message
from visavis.core.errors import VisavisError
from visavis.engines.fake.llm import FakeLLM
from visavis.engines.registry import EngineInfo, Registry
from visavis.face.landmarks import MODEL
from visavis.settings import SessionSettings, Settings
from visavis.weights.store import WeightStore


class SlowLLM(FakeLLM):
    """Loads until it is told that it has."""

    def __init__(self, loaded: asyncio.Event) -> None:
        super().__init__()
        self._loaded = loaded

    async def warm(self, prompts: Sequence[Sequence[Message]] = ()) -> None:
        await self._loaded.wait()
        await super().warm(prompts)


@asynccontextmanager
async def loading(made: Settings) -> AsyncIterator[tuple[Served, httpx.AsyncClient, asyncio.Event]]:
    """A server whose LLM loads until the event is set."""
    loaded = asyncio.Event()
    slow = EngineInfo("llm", "fake", "Loads when told.", lambda _context: SlowLLM(loaded))
    async with (
        serving(made, wait=False, registry=Registry((slow,))) as served,
        httpx.AsyncClient(base_url=served.http, timeout=60) as client,
    ):
        yield served, client, loaded


async def test_the_personas_are_known_before_the_engines_are(tmp_path: Path) -> None:
    async with loading(settings(avatars=tmp_path)) as (served, client, loaded):
        early = (await client.get("/v1/personas")).json()
        assert (await client.get("/readyz")).status_code == 503
        loaded.set()
        await served.app.state.house.loader.wait()
        assert (await client.get("/v1/personas")).json() == early
        roles = served.app.state.house.roles
    assert [one["id"] for one in early["data"]] == ["genevieve", "open"]
    for one in early["data"]:
        role = roles[one["id"]]
        assert (one["name"], one["avatar"], one["accent"]) == (role.name, role.avatar, role.accent)
        assert one["greeting"] == {language: role.flow.greeting(language) for language in role.languages}


@pytest.mark.real
async def test_the_face_is_drawn_unasked_while_the_engines_load(tmp_path: Path) -> None:
    await asyncio.to_thread(WeightStore().pull, MODEL)
    manifest = tmp_path / "genevieve" / "rig.json"
    async with loading(settings(avatars=tmp_path)) as (_served, client, _loaded), asyncio.timeout(60):
        while not await asyncio.to_thread(manifest.exists):  # noqa: ASYNC110
            await asyncio.sleep(0.05)
        assert (await client.get("/readyz")).status_code == 503


@pytest.mark.real
async def test_whoever_asks_for_the_face_meanwhile_waits_for_it(tmp_path: Path) -> None:
    await asyncio.to_thread(WeightStore().pull, MODEL)
    async with loading(settings(avatars=tmp_path)) as (_served, client, _loaded):
        asked = asyncio.gather(*(client.get("/v1/avatars/genevieve/rig.json") for _ in range(2)))
        assert (await client.get("/healthz")).status_code == 200
        assert not asked.done()
        first, second = await asked
        assert (first.status_code, second.status_code) == (200, 200)
        assert first.json() == second.json()
        assert (await client.get("/readyz")).status_code == 503


async def test_a_face_that_cannot_be_drawn_keeps_nobody_from_talking(tmp_path: Path) -> None:
    (tmp_path / "avatars").write_text("a file where the folder should be")
    async with serving(settings(avatars=tmp_path / "avatars")) as served, httpx.AsyncClient() as client:
        assert (await client.get(f"{served.http}/readyz")).status_code == 200


@pytest.mark.parametrize("personas", [None, Path("nowhere")])
async def test_a_persona_that_is_not_there_ends_the_start(personas: Path | None) -> None:
    made = settings(sessions=SessionSettings(persona="nobody"), personas=personas)
    with pytest.raises(VisavisError) as caught:
        async with serving(made):
            pass
    assert caught.value.code == ("personas.unknown" if personas is None else "personas.invalid")
