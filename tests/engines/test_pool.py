"""How a server's engines are made: side by side, and told of part by part."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from visavis.core.errors import VisavisError
from visavis.engines.fake.llm import FakeLLM
from visavis.engines.fake.stt import FakeSTT
from visavis.engines.fake.tts import FakeTTS
from visavis.engines.fallback import FallbackTTS
from visavis.engines.health import Health
from visavis.engines.pool import PoolMaker, Wanted
from visavis.engines.registry import EngineInfo, Kind, Registry
from visavis.weights.store import WeightStore

KINDS: tuple[Kind, ...] = ("vad", "turn_detector", "stt", "embedder", "llm", "tts")
PLAN = tuple(Wanted(kind, "fake") for kind in KINDS)


def engine(kind: Kind, name: str, create: Callable[[], Any]) -> EngineInfo:
    return EngineInfo(kind, name, "For this test.", lambda _context: create())


def broken(kind: Kind, name: str, code: str) -> EngineInfo:
    """An engine that cannot be made."""

    def fail() -> Any:
        raise VisavisError(code, f"{name} cannot be made; choose another one.")

    return engine(kind, name, fail)


def maker(root: Path, plan: tuple[Wanted, ...], *extra: EngineInfo) -> PoolMaker:
    return PoolMaker(plan, Registry(extra), WeightStore(root))


async def test_all_engines_are_made_and_named_in_the_order_of_the_plan(tmp_path: Path) -> None:
    making = maker(tmp_path, PLAN)
    assert [(one.kind, one.state, one.progress) for one in making.components] == [(k, "waiting", 0.0) for k in KINDS]
    pool = await making.make()
    assert [(one.kind, one.state, one.progress) for one in making.components] == [(k, "ready", 1.0) for k in KINDS]
    assert all(one.model and not one.detail for one in making.components)
    assert isinstance(pool.stt, FakeSTT)
    assert isinstance(pool.llm, FakeLLM)
    assert isinstance(pool.tts, FakeTTS)
    await pool.aclose()


async def test_a_slow_engine_holds_up_no_other_and_each_tells_its_own_progress(tmp_path: Path) -> None:
    loaded = asyncio.Event()

    class Slow(FakeLLM):
        async def warm(self, prompts: Any = ()) -> None:
            await loaded.wait()

    making = maker(tmp_path, PLAN, engine("llm", "fake", Slow))
    task = asyncio.create_task(making.make())
    async with asyncio.timeout(30):
        while [one.kind for one in making.components if one.state != "ready"] != ["llm"]:  # noqa: ASYNC110
            await asyncio.sleep(0.01)
    assert [(one.state, one.progress) for one in making.components if one.kind == "llm"] == [("loading", 0.0)]
    assert not task.done()
    loaded.set()
    pool = await task
    assert {one.state for one in making.components} == {"ready"}
    await pool.aclose()


async def test_an_optional_engine_that_fails_is_left_out_and_reported(tmp_path: Path) -> None:
    plan = (*PLAN, Wanted("tts", "hoarse", optional=True))
    making = maker(tmp_path, plan, broken("tts", "hoarse", "tts.unavailable"))
    pool = await making.make()
    assert isinstance(pool.tts, FakeTTS)
    last = making.components[-1]
    assert (last.kind, last.name, last.state, last.progress) == ("tts", "hoarse", "failed", 0.0)
    assert last.detail == "hoarse cannot be made; choose another one."
    assert {one.state for one in making.components[:-1]} == {"ready"}
    await pool.aclose()


async def test_an_optional_engine_is_loaded_only_when_it_is_needed(tmp_path: Path) -> None:
    class Unhurried(FakeTTS):
        async def warm(self) -> None:
            raise AssertionError("nobody needed it")

    making = maker(tmp_path, (*PLAN, Wanted("tts", "spare", optional=True)), engine("tts", "spare", Unhurried))
    pool = await making.make()
    assert isinstance(pool.tts, FallbackTTS)
    assert making.components[-1].state == "ready"
    await pool.aclose()


async def test_a_needed_engine_that_fails_raises_its_own_error(tmp_path: Path) -> None:
    making = maker(tmp_path, PLAN, broken("stt", "fake", "stt.unavailable"))
    with pytest.raises(VisavisError, match="cannot be made") as caught:
        await making.make()
    assert caught.value.code == "stt.unavailable"
    assert [(one.kind, one.detail) for one in making.components if one.state == "failed"] == [
        ("stt", caught.value.message)
    ]
    assert [one.kind for one in making.components] == list(KINDS)


async def test_of_several_failures_one_is_raised(tmp_path: Path) -> None:
    making = maker(tmp_path, PLAN, broken("stt", "fake", "stt.unavailable"), broken("llm", "fake", "llm.unavailable"))
    with pytest.raises(VisavisError) as caught:
        await making.make()
    assert caught.value.code in {"stt.unavailable", "llm.unavailable"}


async def test_an_engine_that_nobody_installed_is_named(tmp_path: Path) -> None:
    plan = tuple(Wanted(one.kind, "nothing" if one.kind == "vad" else "fake") for one in PLAN)
    with pytest.raises(VisavisError) as caught:
        await maker(tmp_path, plan).make()
    assert caught.value.code == "engine.unknown"
    assert "nothing" in caught.value.message


class Distant(FakeSTT):
    """Lives elsewhere, and is away at first."""

    def __init__(self) -> None:
        super().__init__()
        self.health = Health()

    async def warm(self) -> None:
        error = VisavisError("stt.unavailable", "Nobody answers there.", retryable=True)
        self.health.fail(error)
        raise error


async def test_an_engine_that_is_only_away_is_waited_for_and_told_of(tmp_path: Path) -> None:
    told: list[tuple[str, str, str]] = []
    making = PoolMaker(
        PLAN,
        Registry((engine("stt", "fake", Distant),)),
        WeightStore(tmp_path),
        on_change=lambda one: told.append((one.kind, one.state, one.detail)),
    )
    pool = await making.make()
    assert isinstance(pool.stt, Distant)
    assert [(one.kind, one.detail) for one in making.components if one.state == "failed"] == [
        ("stt", "Nobody answers there.")
    ]
    assert told == []
    pool.stt.health.recover()
    pool.stt.health.fail(VisavisError("stt.unavailable", "Gone again."))
    assert told == [("stt", "ready", ""), ("stt", "failed", "Gone again.")]
    await pool.aclose()


async def test_a_plan_of_one_kind_makes_that_engine_alone(tmp_path: Path) -> None:
    making = maker(tmp_path, (Wanted("tts", "fake"),))
    made = await making.engines()
    assert list(made) == ["tts"] and isinstance(made["tts"], FakeTTS)
