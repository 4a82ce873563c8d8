"""Calls of functions by models that have no form of their own for them, or do not keep to it."""

from __future__ import annotations

import json
import secrets
from collections.abc import Collection, Sequence
from dataclasses import replace
from typing import Any, Final

from visavis.core.conversation import Message
from visavis.engines.llm import LLMOptions, ToolCallDelta

_MARKS: Final = ("{", "```", "<tool_call>")
"""How answers begin that may be calls."""


def forced(messages: Sequence[Message], options: LLMOptions) -> tuple[tuple[Message, ...], LLMOptions]:
    """The same request as a JSON schema that nothing but a call fits, where `options` want one: the tools stand in the
    system message instead. `CallReader` reads the answer."""
    if not options.tools or options.tool_choice == "auto":
        return tuple(messages), options
    functions = [tool["function"] for tool in options.tools]
    if options.tool_choice != "required":
        functions = [function for function in functions if function["name"] == options.tool_choice]
    told = "\n".join(json.dumps(function, ensure_ascii=False) for function in functions)
    text = f'Answer by calling a function, as {{"name": …, "arguments": {{…}}}}. The functions:\n{told}'
    first = messages[0] if messages and messages[0].role == "system" else Message("system", "")
    rest = messages[1:] if messages and first is messages[0] else messages
    system = replace(first, text=f"{first.text}\n\n{text}".strip())
    schema = {"anyOf": [_form(function) for function in functions]} if len(functions) > 1 else _form(functions[0])
    return (system, *rest), replace(options, tools=(), json_schema=schema)


def _form(function: Any) -> dict[str, Any]:
    arguments = function.get("parameters") or {"type": "object"}
    properties = {"name": {"const": function["name"]}, "arguments": arguments}
    return {"type": "object", "properties": properties, "required": ["name", "arguments"]}


class CallReader:
    """Tells a call from an answer while it comes: what may become a call is held back until that is known."""

    def __init__(self, names: Collection[str]) -> None:
        """`names` are those of the functions that may be called."""
        self._names = names
        self._held = ""
        self._answers = False
        self.call: ToolCallDelta | None = None
        """The whole call, once there is one; then nothing more of the answer counts."""

    def feed(self, text: str) -> str:
        """Adds text; returns what of the answer is no call."""
        if self._answers:
            return text
        self._held += text
        head = self._held.lstrip()
        if any(head.startswith(mark) or mark.startswith(head) for mark in _MARKS):
            if "}" in text:
                self._read(head)
            return ""
        return self.finish()

    def finish(self) -> str:
        """What was held back and is no call."""
        self._answers = True
        held, self._held = self._held, ""
        return "" if self.call is not None else held

    def _read(self, text: str) -> None:
        try:
            told, _ = json.JSONDecoder().raw_decode(text[text.index("{") :])
        except (ValueError, RecursionError):
            return
        arguments = told.get("arguments")
        if told.get("name") in self._names and isinstance(arguments, dict | str):
            written = arguments if isinstance(arguments, str) else json.dumps(arguments, ensure_ascii=False)
            self.call = ToolCallDelta(0, f"call_{secrets.token_hex(12)}", told["name"], written)
