"""Answers of `POST /v1/chat/completions` as clients of OpenAI read them."""

from __future__ import annotations

import secrets
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, NotRequired

from typing_extensions import TypedDict

from visavis import __version__
from visavis.core.flow import Show
from visavis.engines.llm import LLMDelta


class FunctionView(TypedDict):
    """The function that is called, and its arguments as JSON text."""

    name: str
    arguments: str


class ToolCallView(TypedDict):
    """A call of a function."""

    id: str
    type: Literal["function"]
    function: FunctionView


class AnswerView(TypedDict):
    """The message that answers; `content` is null where it only calls functions."""

    role: Literal["assistant"]
    content: str | None
    refusal: None
    tool_calls: NotRequired[list[ToolCallView]]


class ChoiceView(TypedDict):
    """One of `n` answers."""

    index: int
    message: AnswerView
    logprobs: None
    finish_reason: str


class PromptDetails(TypedDict):
    """Tokens of the prompt that were in the cache already."""

    cached_tokens: int


class UsageView(TypedDict):
    """Tokens read and made."""

    prompt_tokens: int
    completion_tokens: int
    total_tokens: int
    prompt_tokens_details: PromptDetails


class CompletionView(TypedDict):
    """A whole answer. `visavis` holds what a persona shows beside its words, such as `citations`."""

    id: str
    object: Literal["chat.completion"]
    created: int
    model: str
    system_fingerprint: str
    choices: list[ChoiceView]
    usage: UsageView
    visavis: NotRequired[dict[str, Any]]


@dataclass(slots=True)
class _Choice:
    """What has come of one answer."""

    text: str = ""
    finish: str = "stop"
    calls: dict[int, ToolCallView] = field(default_factory=dict)
    begun: bool = False


class ChatReply:
    """Gathers the pieces of `n` answers, as whole ones or piece by piece."""

    def __init__(self, model: str, n: int) -> None:
        self._head = {
            "id": f"chatcmpl-{secrets.token_hex(12)}",
            "created": int(time.time()),
            "model": model,
            "system_fingerprint": f"visavis-{__version__}",
        }
        self._choices = [_Choice() for _ in range(n)]
        self._shown: dict[str, Any] = {}
        self._read = self._cached = self._made = 0

    def take(self, index: int, piece: LLMDelta | Show) -> list[Mapping[str, Any]]:
        """Adds a piece of answer number `index`; returns the chunks that a stream sends for it."""
        if isinstance(piece, Show):
            self._shown[piece.name] = dict(piece.payload)
            return [{**self._chunk([]), "visavis": {piece.name: dict(piece.payload)}}]
        choice = self._choices[index]
        delta: dict[str, Any] = {} if choice.begun else {"role": "assistant", "content": ""}
        choice.begun = True
        if piece.text:
            choice.text += piece.text
            delta["content"] = piece.text
        if piece.calls:
            delta["tool_calls"] = [
                self._called(choice, one.index, one.id, one.name, one.arguments) for one in piece.calls
            ]
        chunks = [self._delta(index, delta)] if delta else []
        if piece.finish is not None:
            choice.finish = piece.finish
            self._read = max(self._read, piece.prompt_tokens or 0)
            self._cached = max(self._cached, piece.cached_tokens or 0)
            self._made += piece.completion_tokens or 0
            chunks.append(self._delta(index, {}, piece.finish))
        return chunks

    def last(self) -> Mapping[str, Any]:
        """The chunk with the usage."""
        return {**self._chunk([]), "usage": self.usage}

    @property
    def usage(self) -> UsageView:
        """Tokens so far; the prompt counts once, however many answers there are."""
        return {
            "prompt_tokens": self._read,
            "completion_tokens": self._made,
            "total_tokens": self._read + self._made,
            "prompt_tokens_details": {"cached_tokens": self._cached},
        }

    def whole(self) -> Mapping[str, Any]:
        """All of it as one object, a `CompletionView`."""
        choices = [
            ChoiceView(index=index, message=_message(one), logprobs=None, finish_reason=one.finish)
            for index, one in enumerate(self._choices)
        ]
        shown = {"visavis": self._shown} if self._shown else {}
        return {**self._head, "object": "chat.completion", "choices": choices, "usage": self.usage, **shown}

    def _called(self, choice: _Choice, index: int, call_id: str, name: str, arguments: str) -> Mapping[str, Any]:
        known = choice.calls.get(index)
        if known is not None:
            known["function"]["name"] += name
            known["function"]["arguments"] += arguments
            return {"index": index, "function": {"arguments": arguments}}
        call_id = call_id or f"call_{secrets.token_hex(12)}"
        choice.calls[index] = {"id": call_id, "type": "function", "function": {"name": name, "arguments": arguments}}
        return {"index": index, **choice.calls[index], "function": {"name": name, "arguments": arguments}}

    def _delta(self, index: int, delta: Mapping[str, Any], finish: str | None = None) -> Mapping[str, Any]:
        return self._chunk([{"index": index, "delta": delta, "logprobs": None, "finish_reason": finish}])

    def _chunk(self, choices: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
        return {**self._head, "object": "chat.completion.chunk", "choices": choices}


def _message(choice: _Choice) -> AnswerView:
    calls = [choice.calls[index] for index in sorted(choice.calls)]
    content = None if calls and not choice.text else choice.text
    message = AnswerView(role="assistant", content=content, refusal=None)
    return {**message, "tool_calls": calls} if calls else message
