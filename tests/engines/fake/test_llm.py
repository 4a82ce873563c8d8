from __future__ import annotations

import json

import pytest

from tests.engines.contracts.llm import TIME, WEATHER, LLMContract, calls_of, collect, text_of
from visavis.core.conversation import Message
from visavis.core.errors import VisavisError
from visavis.engines.fake.llm import ENGINE, FakeLLM
from visavis.engines.llm import LLMOptions
from visavis.engines.registry import EngineContext, Registry
from visavis.weights.store import WeightStore

ASK = (Message("user", "What next?"),)


class TestFakeLLM(LLMContract):
    @pytest.fixture
    def llm(self) -> FakeLLM:
        return FakeLLM(context=512)


async def test_replies_come_in_turn_and_the_last_stays() -> None:
    llm = FakeLLM(("One.", "Two, and more."))
    said = [text_of(await collect(llm, ASK, LLMOptions())) for _ in range(3)]
    assert said == ["One.", "Two, and more.", "Two, and more."]


async def test_a_reply_can_be_a_failure() -> None:
    llm = FakeLLM((VisavisError("llm.timeout", "Too slow; wait."), "Back."))
    with pytest.raises(VisavisError, match="Too slow"):
        await collect(llm, ASK, LLMOptions())
    assert text_of(await collect(llm, ASK, LLMOptions())) == "Back."


async def test_chinese_streams_character_by_character() -> None:
    deltas = await collect(FakeLLM(("你好，Python。",)), ASK, LLMOptions())
    assert [delta.text for delta in deltas] == ["你", "好", "，", "Python", "。", ""]


async def test_time_passes_only_through_the_sleep_it_is_given() -> None:
    slept: list[float] = []

    async def sleep(seconds: float) -> None:
        slept.append(seconds)

    await collect(FakeLLM(("one two three",), delay_s=2.0, sleep=sleep), ASK, LLMOptions())
    assert slept == [2.0, 2.0, 2.0]


async def test_it_fills_in_a_schema_and_calls_the_first_tool() -> None:
    schema = {"type": "object", "properties": {"wish": {"type": "string"}, "size": {"type": "integer"}}}
    said = text_of(await collect(FakeLLM(), ASK, LLMOptions(json_schema=schema)))
    assert json.loads(said) == {"wish": "What next?", "size": 0}
    deltas = await collect(FakeLLM(), ASK, LLMOptions(tools=(WEATHER, TIME)))
    (call,) = calls_of(deltas)
    assert (call.name, json.loads(call.arguments)) == ("get_weather", {"city": "What next?"})
    assert text_of(deltas) == "" and deltas[-1].finish == "tool_calls"
    told = (*ASK, Message("assistant", ""), Message("tool", "Sunny.", call_id=call.id))
    assert text_of(await collect(FakeLLM(), told, LLMOptions(tools=(WEATHER,)))) == "Sunny."
    scripted = await collect(FakeLLM(["As I say."]), ASK, LLMOptions(tools=(WEATHER,), json_schema=schema))
    assert text_of(scripted) == "As I say."


async def test_the_registry_makes_it_from_options() -> None:
    assert Registry().info("llm", "fake") is ENGINE
    context = EngineContext(WeightStore(), options={"replies": ["Hi there."]})
    llm = Registry().create("llm", "fake", context)
    assert text_of(await collect(llm, ASK, LLMOptions())) == "Hi there."
