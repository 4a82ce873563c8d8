"""What every LLM engine must do; a test module inherits it and gives the fixture `llm`."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Sequence
from contextlib import aclosing

import pytest

from visavis.core.conversation import Message, ToolCall
from visavis.core.errors import VisavisError
from visavis.engines.llm import LLM, LLMDelta, LLMOptions, ToolCallDelta

SYSTEM = Message("system", "You are a friendly advisor who answers in one short sentence. " * 4)
HELLO = (SYSTEM, Message("user", "Say hello to the people who are here today, and tell them who you are."))


async def collect(llm: LLM, messages: Sequence[Message], options: LLMOptions) -> list[LLMDelta]:
    """All deltas of one answer."""
    return [delta async for delta in llm.generate(messages, options)]


def text_of(deltas: Sequence[LLMDelta]) -> str:
    """What was said."""
    return "".join(delta.text for delta in deltas)


WEATHER = {
    "type": "function",
    "function": {
        "name": "get_weather",
        "description": "Tells the weather in a city.",
        "parameters": {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]},
    },
}
TIME = {"type": "function", "function": {"name": "get_time", "parameters": {"type": "object", "properties": {}}}}


def calls_of(deltas: Sequence[LLMDelta]) -> list[ToolCallDelta]:
    """The calls, put together."""
    calls: dict[int, ToolCallDelta] = {}
    for piece in (call for delta in deltas for call in delta.calls):
        known = calls.get(piece.index, ToolCallDelta(piece.index))
        whole = ToolCallDelta(
            piece.index, known.id + piece.id, known.name + piece.name, known.arguments + piece.arguments
        )
        calls[piece.index] = whole
    return [calls[index] for index in sorted(calls)]


class LLMContract:
    """The contract of `visavis.engines.llm.LLM`."""

    async def test_streams_and_ends_once(self, llm: LLM) -> None:
        deltas = await collect(llm, HELLO, LLMOptions(max_tokens=24, temperature=0.0))
        assert len(deltas) >= 3
        assert text_of(deltas).strip()
        assert [delta.finish for delta in deltas[:-1]] == [None] * (len(deltas) - 1)
        last = deltas[-1]
        assert last.finish in {"stop", "length"}
        assert last.prompt_tokens and last.prompt_tokens > 10
        assert last.completion_tokens and 1 <= last.completion_tokens <= 24

    async def test_max_tokens(self, llm: LLM) -> None:
        deltas = await collect(llm, HELLO, LLMOptions(max_tokens=3, temperature=0.0))
        assert deltas[-1].finish == "length"
        assert deltas[-1].completion_tokens is not None and deltas[-1].completion_tokens <= 3

    async def test_stop_strings_are_not_said(self, llm: LLM) -> None:
        whole = text_of(await collect(llm, HELLO, LLMOptions(max_tokens=32, temperature=0.0)))
        word = whole.split()[2]
        cut = await collect(llm, HELLO, LLMOptions(max_tokens=32, temperature=0.0, stop=(word,)))
        assert cut[-1].finish == "stop"
        assert word not in text_of(cut)
        assert whole.startswith(text_of(cut).rstrip())

    async def test_same_seed_same_answer(self, llm: LLM) -> None:
        options = LLMOptions(max_tokens=12, temperature=0.0, seed=7)
        first = text_of(await collect(llm, HELLO, options))
        assert text_of(await collect(llm, HELLO, options)) == first

    async def test_answers_in_every_script(self, llm: LLM) -> None:
        for wish in ("请用中文说：你好，很高兴认识你。", "Di en español: ¡Mañana será otro día!"):
            said = text_of(await collect(llm, (Message("user", wish),), LLMOptions(max_tokens=24, temperature=0.0)))
            assert said.strip()
            assert "\ufffd" not in said

    async def test_concurrent_answers_do_not_mix(self, llm: LLM) -> None:
        options = LLMOptions(max_tokens=8, temperature=0.0)
        prompts = [(SYSTEM, Message("user", f"Count upwards from {start}.")) for start in (10, 500, 7000)]
        answers = await asyncio.gather(*(collect(llm, prompt, options) for prompt in prompts))
        for deltas in answers:
            assert text_of(deltas).strip()
            assert deltas[-1].finish is not None

    async def test_closing_stops_it_and_it_answers_again(self, llm: LLM) -> None:
        async with aclosing(llm.generate(HELLO, LLMOptions(max_tokens=200))) as stream:  # type: ignore[type-var]
            async for delta in stream:
                assert delta.text or delta.finish
                break
            began = time.perf_counter()
        assert time.perf_counter() - began < 0.1
        assert text_of(await collect(llm, HELLO, LLMOptions(max_tokens=4))).strip()

    async def test_cancelling_stops_it(self, llm: LLM) -> None:
        started = asyncio.Event()

        async def consume() -> None:
            async for _ in llm.generate(HELLO, LLMOptions(max_tokens=200)):
                started.set()
                await asyncio.sleep(0)

        task = asyncio.create_task(consume())
        await started.wait()
        began = time.perf_counter()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert time.perf_counter() - began < 0.1

    async def test_a_slow_reader_gets_the_whole_answer(self, llm: LLM) -> None:
        options = LLMOptions(max_tokens=12, temperature=0.0)
        said = []
        async for delta in llm.generate(HELLO, options):
            said.append(delta)
            if len(said) == 2:
                await asyncio.sleep(0.8)
        assert said[-1].finish is not None
        assert len(text_of(said).split()) >= 4
        assert said[-1].completion_tokens is not None and 4 <= said[-1].completion_tokens <= 12
        assert said[-1].prompt_tokens == (await collect(llm, HELLO, options))[-1].prompt_tokens

    async def test_old_messages_go_when_the_context_is_full(self, llm: LLM) -> None:
        filler = "and then we talked about all sorts of things " * (llm.capabilities.context // 8)
        old = [Message("user", filler), Message("assistant", filler), Message("user", "Good.")]
        deltas = await collect(llm, (SYSTEM, *old, HELLO[1]), LLMOptions(max_tokens=4))
        assert text_of(deltas).strip()

    async def test_one_message_too_long_is_an_error(self, llm: LLM) -> None:
        flood = Message("user", "far too long " * llm.capabilities.context)
        with pytest.raises(VisavisError) as caught:
            await collect(llm, (SYSTEM, flood), LLMOptions(max_tokens=4))
        assert caught.value.code == "llm.context"
        assert text_of(await collect(llm, HELLO, LLMOptions(max_tokens=4))).strip()

    async def test_warm_prompts_are_cached(self, llm: LLM) -> None:
        prefix = (Message("system", "You advise people who want to learn something new at the harbour. " * 6),)
        await llm.warm([prefix])
        deltas = await collect(llm, (*prefix, Message("user", "Good evening.")), LLMOptions(max_tokens=2))
        if llm.capabilities.prompt_cache:
            assert deltas[-1].cached_tokens is not None and deltas[-1].cached_tokens >= 50
        assert llm.model

    async def test_a_tool_is_called_and_answers(self, llm: LLM) -> None:
        if not llm.capabilities.tools:
            return
        ask = Message("user", "What is the weather in Madrid?")
        options = LLMOptions(max_tokens=48, temperature=0.0, tools=(TIME, WEATHER), tool_choice="get_weather")
        deltas = await collect(llm, (ask,), options)
        (call,) = calls_of(deltas)
        assert (deltas[-1].finish, call.name) == ("tool_calls", "get_weather")
        assert isinstance(json.loads(call.arguments)["city"], str)
        called = Message("assistant", "", calls=(ToolCall(call.id or "call_1", call.name, call.arguments),))
        told = Message("tool", "Sunny.", call_id=call.id or "call_1")
        answer = await collect(llm, (ask, called, told), LLMOptions(max_tokens=4, temperature=0.0, tools=(WEATHER,)))
        assert answer[-1].finish is not None

    async def test_closed_is_unavailable(self, llm: LLM) -> None:
        await llm.aclose()
        with pytest.raises(VisavisError) as caught:
            await collect(llm, HELLO, LLMOptions(max_tokens=4))
        assert caught.value.code == "llm.unavailable"
