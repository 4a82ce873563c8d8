from __future__ import annotations

import asyncio
import json
import threading
import time
from collections.abc import Iterator
from contextlib import aclosing
from pathlib import Path

import httpx
import psutil
import pytest
import xllamacpp

from tests.engines.contracts.llm import HELLO, LLMContract, collect, text_of
from visavis.core.conversation import Message
from visavis.core.errors import VisavisError
from visavis.engines.builtin.llamacpp import DEFAULT_MODEL, MODEL_FILE, LlamaCpp, LlamaCppOptions
from visavis.engines.builtin.openai_llm import OpenAILLM, OpenAIOptions
from visavis.engines.llm import LLMOptions
from visavis.weights.store import WeightStore

pytestmark = pytest.mark.real


@pytest.fixture(scope="module")
def store() -> WeightStore:
    store = WeightStore()
    store.pull(DEFAULT_MODEL)
    return store


@pytest.fixture(scope="module")
def loaded(store: WeightStore) -> Iterator[LlamaCpp]:
    llm = LlamaCpp(store, LlamaCppOptions(context=512, slots=2))
    yield llm
    asyncio.run(llm.aclose())


class TestLlamaCpp(LLMContract):
    @pytest.fixture
    def llm(self, store: WeightStore, loaded: LlamaCpp, request: pytest.FixtureRequest) -> LlamaCpp:
        if request.node.name == "test_closed_is_unavailable":
            return LlamaCpp(store, LlamaCppOptions(context=512, slots=2))
        return loaded

    async def test_json_schema_holds(self, llm: LlamaCpp) -> None:
        schema = {
            "type": "object",
            "properties": {"name": {"type": "string"}, "age": {"type": "integer"}},
            "required": ["name", "age"],
        }
        ask = (Message("user", "Bob is 42 years old. Give his name and age."),)
        said = text_of(await collect(llm, ask, LLMOptions(max_tokens=48, temperature=0.0, json_schema=schema)))
        assert isinstance(json.loads(said)["age"], int)

    async def test_a_schema_it_cannot_hold_is_an_error(self, llm: LlamaCpp) -> None:
        with pytest.raises(VisavisError) as caught:
            await collect(llm, HELLO, LLMOptions(max_tokens=4, json_schema={"type": "nonsense"}))
        assert caught.value.code == "llm.refused"

    async def test_a_long_prompt_can_be_cancelled_while_it_is_read(self, llm: LlamaCpp) -> None:
        await llm.warm()
        prompt = (Message("user", "one two three four five six seven eight " * 50),)
        task = asyncio.create_task(collect(llm, prompt, LLMOptions(max_tokens=64)))
        await asyncio.sleep(0.05)
        began = time.perf_counter()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert time.perf_counter() - began < 0.1

    async def test_it_pauses_while_nobody_takes_its_words(self, llm: LlamaCpp) -> None:
        busy = psutil.Process()
        async with aclosing(llm.generate(HELLO, LLMOptions(max_tokens=400, temperature=0.0))) as stream:  # type: ignore[type-var]
            await anext(stream)
            await asyncio.sleep(0.4)  # for what is in flight
            before = sum(busy.cpu_times()[:2])
            await asyncio.sleep(1.0)
            assert sum(busy.cpu_times()[:2]) - before < 0.3

    async def test_it_does_not_run_in_circles(self, llm: LlamaCpp) -> None:
        ask = (Message("user", "Say 'cheese, cheese, cheese, cheese, cheese, cheese' and go on like that."),)
        said = text_of(await collect(llm, ask, LLMOptions(max_tokens=120, temperature=0.7, seed=3)))
        assert said.lower().count("cheese") < 30

    async def test_many_callers_share_few_slots(self, llm: LlamaCpp) -> None:
        options = LLMOptions(max_tokens=3, temperature=0.0)
        answers = await asyncio.gather(*(collect(llm, HELLO, options) for _ in range(6)))
        assert len({text_of(answer) for answer in answers}) == 1

    async def test_its_own_http_door_is_locked(self, llm: LlamaCpp) -> None:
        await llm.warm()
        async with httpx.AsyncClient(base_url=llm._server.listening_address) as client:
            assert (await client.post("/v1/chat/completions", json={"messages": []})).status_code == 401


async def test_the_event_loop_stays_free_and_closing_ends_the_threads(store: WeightStore) -> None:
    before = set(threading.enumerate())
    llm = LlamaCpp(store, LlamaCppOptions(context=512, slots=2))
    ticks = 0

    async def tick() -> None:
        nonlocal ticks
        while True:
            await asyncio.sleep(0.02)
            ticks += 1

    ticking = asyncio.create_task(tick())
    began = time.perf_counter()
    await collect(llm, HELLO, LLMOptions(max_tokens=16))
    elapsed = time.perf_counter() - began
    ticking.cancel()
    assert ticks > elapsed / 0.02 / 4
    async with aclosing(llm.generate(HELLO, LLMOptions(max_tokens=400))) as stream:  # type: ignore[type-var]
        async for _ in stream:
            break
    await llm.aclose()
    assert not [t for t in set(threading.enumerate()) - before if t.name.startswith("llamacpp")]


async def test_weights_that_are_not_there(tmp_path: Path) -> None:
    llm = LlamaCpp(WeightStore(tmp_path), LlamaCppOptions())
    with pytest.raises(VisavisError) as caught:
        await llm.warm()
    assert caught.value.code == "weights.missing"
    await llm.aclose()


async def test_a_real_llama_server_speaks_to_the_openai_engine(store: WeightStore) -> None:
    params = xllamacpp.CommonParams()
    params.model.path = str(store.file(DEFAULT_MODEL, MODEL_FILE))
    params.n_ctx, params.verbosity, params.api_keys, params.warmup = 512, -1, ["key"], False
    params.cpuparams.n_threads = params.cpuparams_batch.n_threads = 1
    server = await asyncio.to_thread(xllamacpp.Server, params)
    url = server.listening_address
    llm = OpenAILLM(OpenAIOptions(base_url=url, model="any", api_key="key", timeout_s=60))
    deltas = await collect(llm, HELLO, LLMOptions(max_tokens=8, temperature=0.0))
    assert len(deltas) >= 4 and deltas[-1].prompt_tokens
    flood = Message("user", "far too long " * 600)
    with pytest.raises(VisavisError) as caught:
        await collect(llm, (flood,), LLMOptions(max_tokens=4))
    assert caught.value.code == "llm.context"
    assert text_of(await collect(llm, (flood, HELLO[1]), LLMOptions(max_tokens=4)))
    await llm.aclose()
    refused = OpenAILLM(OpenAIOptions(base_url=url, model="any", api_key="wrong"))
    with pytest.raises(VisavisError, match="refuses the key"):
        await collect(refused, HELLO, LLMOptions(max_tokens=4))
    await refused.aclose()
