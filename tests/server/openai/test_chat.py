"""Chats: the language model and personas, whole and streamed, and what is refused."""

from __future__ import annotations

import json
from typing import Any

import httpx
import pytest

HELLO = [{"role": "user", "content": "Hello!"}]
TOOL = {"type": "function", "function": {"name": "look", "parameters": {"properties": {"at": {"type": "string"}}}}}
BEGINNER = "I'm a complete beginner"
PYTHON = "I want to learn Python"
CAREER = "I want to become a data scientist"


def asked(api: httpx.Client, **body: Any) -> Any:
    reply = api.post("/chat/completions", json={"messages": HELLO, **body})
    assert reply.status_code == 200, reply.text
    return reply.json()


def streamed(api: httpx.Client, **body: Any) -> list[Any]:
    with api.stream("POST", "/chat/completions", json={"messages": HELLO, "stream": True, **body}) as reply:
        assert reply.headers["content-type"].startswith("text/event-stream")
        events = [line[6:] for line in reply.iter_lines() if line]
    assert events.pop() == "[DONE]"
    return [json.loads(event) for event in events]


def test_curl_example_of_seed_001_without_a_model(api: httpx.Client) -> None:
    whole = asked(api)
    assert whole["object"] == "chat.completion"
    assert whole["choices"][0]["message"] == {"role": "assistant", "content": "Hello!", "refusal": None}
    assert whole["choices"][0]["finish_reason"] == "stop"
    chunks = streamed(api)
    assert {chunk["object"] for chunk in chunks} == {"chat.completion.chunk"}
    assert {chunk["id"] for chunk in chunks} == {chunks[0]["id"]}
    assert chunks[0]["choices"][0]["delta"]["role"] == "assistant"
    assert "".join(c["choices"][0]["delta"].get("content", "") for c in chunks) == "Hello!"
    assert [c["choices"][0]["finish_reason"] for c in chunks][-1] == "stop"


def test_limits_stop_and_usage(api: httpx.Client) -> None:
    said = [{"role": "system", "content": "Echo."}, {"role": "user", "content": "one two three four five"}]
    cut = asked(api, messages=said, max_tokens=2)
    assert (cut["choices"][0]["message"]["content"], cut["choices"][0]["finish_reason"]) == ("one two ", "length")
    assert cut["usage"]["completion_tokens"] == 2
    assert cut["usage"]["total_tokens"] == 2 + cut["usage"]["prompt_tokens"] > 2
    assert asked(api, messages=said, stop="three")["choices"][0]["message"]["content"] == "one two "
    again = asked(api, messages=said, max_completion_tokens=1)
    assert again["usage"]["prompt_tokens_details"]["cached_tokens"] > 0


def test_several_answers_at_once(api: httpx.Client) -> None:
    whole = asked(api, n=3)
    assert [choice["index"] for choice in whole["choices"]] == [0, 1, 2]
    assert whole["usage"]["completion_tokens"] == 3 * asked(api)["usage"]["completion_tokens"]
    texts = {0: "", 1: "", 2: ""}
    chunks = streamed(api, n=3, stream_options={"include_usage": True})
    assert chunks[-1]["choices"] == [] and chunks[-1]["usage"]["total_tokens"] > 0
    for chunk in chunks:
        for choice in chunk["choices"]:
            texts[choice["index"]] += choice["delta"].get("content", "")
    assert set(texts.values()) == {"Hello!"}


def test_parts_tools_and_their_answers_reach_the_engine(api: httpx.Client) -> None:
    parts = [{"role": "user", "content": [{"type": "text", "text": "left"}, {"type": "text", "text": "right"}]}]
    assert asked(api, messages=parts)["choices"][0]["message"]["content"] == "left\nright"
    choice = asked(api, tools=[TOOL])["choices"][0]
    assert (choice["finish_reason"], choice["message"]["content"]) == ("tool_calls", None)
    call = choice["message"]["tool_calls"][0]
    assert (call["function"]["name"], json.loads(call["function"]["arguments"])) == ("look", {"at": "Hello!"})
    done = {"role": "tool", "tool_call_id": call["id"], "content": "A lamp."}
    told = asked(api, tools=[TOOL], messages=[*HELLO, choice["message"], done])
    assert told["choices"][0]["message"]["content"] == "A lamp."
    assert "tool_calls" not in asked(api, tools=[TOOL], tool_choice="none")["choices"][0]["message"]


def test_json_is_held_to_its_schema(api: httpx.Client) -> None:
    schema = {
        "type": "object",
        "properties": {"kind": {"enum": ["a", "b"]}, "size": {"$ref": "#/$defs/size"}},
        "$defs": {"size": {"type": "integer", "minimum": 3, "maximum": 5}},
    }
    form = {"type": "json_schema", "json_schema": {"name": "thing", "schema": schema}}
    assert json.loads(asked(api, response_format=form)["choices"][0]["message"]["content"]) == {"kind": "a", "size": 4}


def test_a_persona_answers_by_its_own_flow_from_the_whole_chat(api: httpx.Client) -> None:
    at_once = asked(api, model="genevieve", messages=[{"role": "user", "content": f"{BEGINNER}. {PYTHON}. {CAREER}."}])
    assert at_once["model"] == "genevieve"
    courses = at_once["visavis"]["recommendations"]
    chat: list[Any] = [{"role": "system", "content": "You are a pirate."}]
    for line in (PYTHON, BEGINNER, CAREER):
        chat.append({"role": "user", "content": line})
        reply = asked(api, model="genevieve", messages=chat)
        chat.append(reply["choices"][0]["message"])
    assert reply["visavis"]["recommendations"] == courses
    alone = asked(api, model="genevieve", messages=[{"role": "user", "content": CAREER}])
    assert "recommendations" not in alone.get("visavis", {})
    chunks = streamed(api, model="genevieve", messages=chat[:-1])
    assert [c["visavis"]["recommendations"] for c in chunks if "recommendations" in c.get("visavis", {})] == [courses]
    text = "".join(one["delta"].get("content", "") for c in chunks for one in c["choices"])
    assert text == reply["choices"][0]["message"]["content"]


def test_a_persona_answers_in_the_language_it_is_asked_in(api: httpx.Client) -> None:
    said = asked(api, model="genevieve", messages=[{"role": "user", "content": "Hola, quiero aprender algo nuevo."}])
    assert any(word in said["choices"][0]["message"]["content"] for word in ("¿", "Qué", "qué"))


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({"messages": []}, 422, "request.invalid"),
        ({"messages": [{"role": "robot", "content": "x"}]}, 422, "request.invalid"),
        ({"messages": [{"role": "user", "content": [{"type": "image_url"}]}]}, 400, "chat.content"),
        ({"temperature": 9}, 422, "request.invalid"),
        ({"n": 99}, 422, "request.invalid"),
        ({"logprobs": True}, 400, "chat.unsupported"),
        ({"logit_bias": {"5": 1}}, 400, "chat.unsupported"),
        ({"functions": [{"name": "f"}]}, 400, "chat.unsupported"),
        ({"stop": list("abcdefghijklmnopqrstuvwxyz")}, 400, "chat.unsupported"),
        ({"response_format": {"type": "json_schema"}}, 400, "chat.schema"),
        ({"tools": [TOOL], "response_format": {"type": "json_object"}}, 400, "chat.unsupported"),
        ({"tools": [TOOL], "tool_choice": {"type": "function", "function": {"name": "f"}}}, 400, "chat.tool"),
        ({"model": "open", "tools": [TOOL]}, 400, "chat.persona"),
        ({"model": "open", "messages": [{"role": "assistant", "content": "Hi."}]}, 400, "chat.messages"),
    ],
)
def test_refusals(api: httpx.Client, body: Any, status: int, code: str) -> None:
    for stream in (False, True):
        reply = api.post("/chat/completions", json={"messages": HELLO, "stream": stream, **body})
        assert (reply.status_code, reply.json()["error"]["code"]) == (status, code)
