from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator, Iterator
from contextlib import aclosing

import pytest

from tests.engines.builtin.openai_server import CONTEXT, KEY, FakeOpenAI, serving
from tests.engines.contracts.llm import HELLO, TIME, WEATHER, LLMContract, collect, text_of
from visavis.core.conversation import Message, ToolCall
from visavis.core.errors import VisavisError
from visavis.engines.builtin.openai_llm import OpenAILLM, OpenAIOptions, probe
from visavis.engines.llm import LLMOptions
from visavis.engines.registry import EngineContext, Registry
from visavis.weights.store import WeightStore


@pytest.fixture(scope="module")
def fake() -> FakeOpenAI:
    return FakeOpenAI()


@pytest.fixture(scope="module")
def url(fake: FakeOpenAI) -> Iterator[str]:
    with serving(fake.app) as base_url:
        yield base_url


def make(url: str, model: str = "echo", timeout_s: float = 10.0, api_key: str = "") -> OpenAILLM:
    return OpenAILLM(OpenAIOptions(base_url=url, model=model, timeout_s=timeout_s, api_key=api_key, context=CONTEXT))


class TestOpenAILLM(LLMContract):
    @pytest.fixture
    async def llm(self, url: str) -> AsyncIterator[OpenAILLM]:
        llm = make(url)
        yield llm
        await llm.aclose()


@pytest.mark.parametrize(
    ("model", "code", "retryable", "hint"),
    [
        ("locked", "llm.unavailable", False, "LLM_API_KEY"),
        ("absent", "llm.unavailable", False, "pull it"),
        ("failing", "llm.unavailable", True, "status 500"),
        ("busy", "llm.unavailable", True, "try again"),
        ("refused", "llm.unavailable", False, "check"),
        ("dropping", "llm.unavailable", True, "broke the answer off"),
        ("leaving", "llm.unavailable", True, "broke the answer off"),
        ("crashing", "llm.unavailable", True, "failed while it answered"),
        ("garbled", "llm.unavailable", False, "not OpenAI's stream"),
        ("silent", "llm.timeout", True, "0.3 s"),
        ("stalling", "llm.timeout", True, "0.3 s"),
    ],
)
async def test_every_failure_has_a_code_and_a_hint(url: str, model: str, code: str, retryable: bool, hint: str) -> None:
    llm = make(url, model, timeout_s=0.3)
    with pytest.raises(VisavisError) as caught:
        await collect(llm, HELLO, LLMOptions(max_tokens=16))
    assert (caught.value.code, caught.value.retryable) == (code, retryable)
    assert hint in caught.value.message
    await llm.aclose()


async def test_a_key_is_sent(url: str) -> None:
    llm = make(url, "locked", api_key=KEY)
    assert text_of(await collect(llm, HELLO, LLMOptions(max_tokens=4)))
    assert KEY not in repr(llm._options)
    await llm.aclose()


async def test_nobody_there() -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{closed.getsockname()[1]}"
        llm = make(url, timeout_s=1.0)
        with pytest.raises(VisavisError, match="does not answer") as caught:
            await collect(llm, HELLO, LLMOptions())
        assert caught.value.code == "llm.unavailable"
        assert await probe(url) is None
        with pytest.raises(VisavisError, match="does not answer"):
            await llm.warm()
        await llm.aclose()


async def test_leaving_early_stops_the_server(url: str, fake: FakeOpenAI) -> None:
    llm = make(url, "endless")
    before = fake.dropped
    async with aclosing(llm.generate(HELLO, LLMOptions())) as stream:  # type: ignore[type-var]
        async for _ in stream:
            break
    for _ in range(200):
        if fake.dropped > before:
            break
        await asyncio.sleep(0.02)
    assert fake.dropped == before + 1
    await llm.aclose()


async def test_the_request_holds_what_was_asked(url: str, fake: FakeOpenAI) -> None:
    llm = make(url)
    schema = {"type": "object", "properties": {"name": {"type": "string"}}}
    await collect(llm, HELLO, LLMOptions(max_tokens=5, temperature=0.2, stop=("\n",), seed=3, json_schema=schema))
    sent = fake.requests[-1]
    assert (sent["max_tokens"], sent["temperature"], sent["stop"], sent["seed"]) == (5, 0.2, ["\n"], 3)
    assert sent["response_format"]["json_schema"]["schema"] == schema
    assert [entry["role"] for entry in sent["messages"]] == ["system", "user"]
    assert not {"top_p", "presence_penalty", "frequency_penalty", "tools", "tool_choice"} & set(sent)
    options = LLMOptions(top_p=0.5, presence_penalty=1.0, tools=(WEATHER, TIME), parallel_tool_calls=False)
    called = Message("assistant", "", calls=(ToolCall("call_1", "get_time", "{}"),))
    await collect(llm, (*HELLO, called, Message("tool", "Noon.", call_id="call_1")), options)
    sent = fake.requests[-1]
    assert (sent["top_p"], sent["presence_penalty"], sent["parallel_tool_calls"]) == (0.5, 1.0, False)
    assert (sent["tools"], sent["tool_choice"]) == ([WEATHER, TIME], "auto")
    function = {"name": "get_time", "arguments": "{}"}
    assert sent["messages"][2]["tool_calls"] == [{"id": "call_1", "type": "function", "function": function}]
    assert sent["messages"][3] == {"role": "tool", "content": "Noon.", "tool_call_id": "call_1"}
    await llm.aclose()


async def test_a_refused_schema_is_the_callers_affair(url: str) -> None:
    llm = make(url, "refused")
    with pytest.raises(VisavisError) as caught:
        await collect(llm, HELLO, LLMOptions(json_schema={"type": "nonsense"}))
    assert caught.value.code == "llm.refused"
    await llm.aclose()


async def test_warm_names_a_missing_model_and_knows_ollamas_tags(url: str) -> None:
    llm = make(url, "llama9")
    with pytest.raises(VisavisError, match="does not have the model 'llama9'"):
        await llm.warm()
    await llm.aclose()
    tagged = make(url, "gemma3")
    await tagged.warm([HELLO])
    await tagged.aclose()


async def test_probe(url: str) -> None:
    assert await probe(url) == ("echo", "gemma3:latest")
    assert await probe(f"{url}/v1/") == ("echo", "gemma3:latest")
    assert await probe(f"{url}/web") is None
    assert await probe("not a url") is None
    assert await probe("http://[::") is None


def test_the_registry_makes_it_from_options(url: str) -> None:
    llm = Registry().create("llm", "openai", EngineContext(WeightStore(), options={"base_url": url, "model": "echo"}))
    assert llm.model == "echo"
