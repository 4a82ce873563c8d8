"""A generation in OpenAI's words, which llama.cpp and servers of its kind understand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from visavis.core.conversation import Message
from visavis.engines.llm import LLMOptions, ToolCallDelta


def chat_request(messages: Sequence[Message], options: LLMOptions) -> dict[str, Any]:
    """The body of a streamed chat completion, without the model's name."""
    request: dict[str, Any] = {
        "messages": [_message(message) for message in messages],
        "max_tokens": options.max_tokens,
        "temperature": options.temperature,
        "stream": True,
        "stream_options": {"include_usage": True},
    }
    if options.stop:
        request["stop"] = list(options.stop)
    for name in ("seed", "top_p", "presence_penalty", "frequency_penalty"):
        if (value := getattr(options, name)) is not None:
            request[name] = value
    if options.json_schema is not None:
        schema = {"name": "answer", "schema": dict(options.json_schema)}
        request["response_format"] = {"type": "json_schema", "json_schema": schema}
    if options.tools:
        request["tools"] = [dict(tool) for tool in options.tools]
        request["tool_choice"] = _choice(options.tool_choice)
        request["parallel_tool_calls"] = options.parallel_tool_calls
    return request


def tool_call_deltas(choice: Mapping[str, Any]) -> tuple[ToolCallDelta, ...]:
    """The pieces of calls in one choice of a streamed chunk."""
    pieces = []
    for call in (choice.get("delta") or {}).get("tool_calls") or ():
        function = call.get("function") or {}
        pieces.append(
            ToolCallDelta(
                index=int(call.get("index") or 0),
                id=call.get("id") or "",
                name=function.get("name") or "",
                arguments=function.get("arguments") or "",
            )
        )
    return tuple(pieces)


def _choice(chosen: str) -> str | dict[str, Any]:
    return chosen if chosen in {"auto", "required"} else {"type": "function", "function": {"name": chosen}}


def _message(message: Message) -> dict[str, Any]:
    entry: dict[str, Any] = {"role": message.role, "content": message.text}
    if message.calls:
        entry["tool_calls"] = [
            {"id": call.id, "type": "function", "function": {"name": call.name, "arguments": call.arguments}}
            for call in message.calls
        ]
    if message.role == "tool":
        entry["tool_call_id"] = message.call_id
    return entry
