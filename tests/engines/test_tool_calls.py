from __future__ import annotations

import json

import pytest

from visavis.core.conversation import Message
from visavis.engines.llm import LLMOptions
from visavis.engines.tool_calls import CallReader, forced

LOOK = {"type": "function", "function": {"name": "look", "parameters": {"type": "object", "properties": {"at": {}}}}}
TIME = {"type": "function", "function": {"name": "time"}}
ASK = Message("user", "What is there?")
CALL = '{"name": "look", "arguments": {"at": "the {lamp}"}}'


def read(text: str, size: int) -> tuple[str, CallReader]:
    reader, shown = CallReader({"look", "time"}), ""
    for start in range(0, len(text), size):
        shown += reader.feed(text[start : start + size])
        if reader.call is not None:
            break
    return shown + reader.finish(), reader


@pytest.mark.parametrize("size", [1, 3, 1000])
@pytest.mark.parametrize("text", [CALL, f"```json\n{CALL}\n```\n\n\n", f" \n<tool_call>\n{CALL}\n</tool_call>"])
def test_a_call_in_any_dress_is_read_and_not_shown(text: str, size: int) -> None:
    shown, reader = read(text, size)
    assert shown == ""
    assert reader.call is not None
    assert (reader.call.name, json.loads(reader.call.arguments)) == ("look", {"at": "the {lamp}"})
    assert reader.call.id.startswith("call_")


@pytest.mark.parametrize("size", [1, 3, 1000])
@pytest.mark.parametrize(
    "text",
    [
        "There is a lamp.",
        '{"name": "fly", "arguments": {}}',
        '{"lamps": 1}',
        "```python\nprint({})\n```",
        '{"name": "look", "argum',
        "<b>bold</b>",
        "",
    ],
)
def test_any_other_answer_is_shown_whole(text: str, size: int) -> None:
    shown, reader = read(text, size)
    assert (shown, reader.call) == (text, None)


def test_plain_text_is_not_held_back() -> None:
    reader = CallReader({"look"})
    assert [reader.feed(piece) for piece in ("The ", "lamp", " {x}")] == ["The ", "lamp", " {x}"]


def test_a_forced_call_is_a_schema_and_the_tools_stand_in_the_system_message() -> None:
    system = Message("system", "Be brief.")
    messages, options = forced((system, ASK), LLMOptions(tools=(LOOK, TIME), tool_choice="required"))
    assert messages[0].text.startswith("Be brief.\n\n") and '"look"' in messages[0].text
    assert messages[1] == ASK and options.tools == ()
    assert options.json_schema is not None
    assert [one["properties"]["name"]["const"] for one in options.json_schema["anyOf"]] == ["look", "time"]
    messages, options = forced((ASK,), LLMOptions(tools=(LOOK, TIME), tool_choice="time"))
    assert (messages[0].role, messages[1]) == ("system", ASK)
    assert options.json_schema is not None and options.json_schema["properties"]["name"] == {"const": "time"}


def test_a_free_choice_is_left_to_the_model() -> None:
    options = LLMOptions(tools=(LOOK,))
    assert forced((ASK,), options) == ((ASK,), options)
