"""A deterministic LLM: says scripted replies in turn, or echoes what it is told, in the form that is asked for."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import replace
from typing import Final

from pydantic import BaseModel, ConfigDict, Field

from visavis.core.conversation import Message
from visavis.core.errors import VisavisError
from visavis.engines.fake.schema_instance import instance
from visavis.engines.llm import LLMCapabilities, LLMDelta, LLMOptions, ToolCallDelta
from visavis.engines.prompt import shortened
from visavis.engines.registry import EngineContext, EngineInfo

_HAN: Final = r"\u3400-\u9fff\u3000-\u303f\uff00-\uffef"
_TOKEN: Final = re.compile(rf"[{_HAN}]\s*|[^\s{_HAN}]+\s*|\s+")


class FakeLLMOptions(BaseModel):
    """`replies` are said in turn, the last one for ever; without any it echoes. `delay_s` passes before each token."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    replies: tuple[str, ...] = ()
    delay_s: float = Field(default=0.0, ge=0)
    context: int = Field(default=2048, ge=1)


class FakeLLM:
    """Words for tokens. A reply may be a VisavisError, which is raised; time passes only through `sleep`.

    Without replies it calls the first tool it is given, tells what a tool has answered, and fills in a schema.
    """

    def __init__(
        self,
        replies: Sequence[str | VisavisError] = (),
        *,
        delay_s: float = 0.0,
        context: int = 2048,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._replies = tuple(replies)
        self._delay_s = delay_s
        self._context = context
        self._sleep = sleep
        self._next = 0
        self._cached: list[tuple[Message, ...]] = []
        self._closed = False

    @property
    def capabilities(self) -> LLMCapabilities:
        """What it can do."""
        return LLMCapabilities(context=self._context, json_schema=True, prompt_cache=True, tools=True)

    @property
    def model(self) -> str:
        """Its name."""
        return "fake"

    async def generate(self, messages: Sequence[Message], options: LLMOptions) -> AsyncIterator[LLMDelta]:
        """Streams the next reply, a word or a Chinese character at a time."""
        if self._closed:
            raise VisavisError("llm.unavailable", "The language model has been closed; start the server again.")
        prompt = self._fitted(tuple(messages))
        cached = max((_shared(prompt, known) for known in self._cached), default=0)
        self._remember(prompt)
        reply = self._reply(prompt, options)
        if isinstance(reply, VisavisError):
            raise reply
        name = "" if self._replies else _tool(prompt, options)
        if name:
            yield LLMDelta("", calls=(ToolCallDelta(0, f"call_{len(prompt)}", name),))
        read = _count(prompt)
        reply = reply if name or options.json_schema is not None else _before_stop(reply, options.stop)
        tokens = _TOKEN.findall(reply)
        for token in tokens[: options.max_tokens]:
            await self._sleep(self._delay_s)
            piece = LLMDelta("", calls=(ToolCallDelta(0, arguments=token),)) if name else LLMDelta(token)
            yield replace(piece, prompt_tokens=read, cached_tokens=cached)
        whole = "tool_calls" if name else "stop"
        yield LLMDelta(
            "",
            finish="length" if len(tokens) > options.max_tokens else whole,
            prompt_tokens=read,
            cached_tokens=cached,
            completion_tokens=min(len(tokens), options.max_tokens),
        )

    async def warm(self, prompts: Sequence[Sequence[Message]] = ()) -> None:
        """Remembers the prompts, so that they count as cached."""
        for prompt in prompts:
            self._remember(tuple(prompt))

    async def aclose(self) -> None:
        """Makes further calls fail."""
        self._closed = True

    def _reply(self, prompt: tuple[Message, ...], options: LLMOptions) -> str | VisavisError:
        if not self._replies:
            return _echo(prompt, options)
        reply = self._replies[min(self._next, len(self._replies) - 1)]
        self._next += 1
        return reply

    def _remember(self, prompt: tuple[Message, ...]) -> None:
        self._cached = [*self._cached[-15:], prompt]

    def _fitted(self, messages: tuple[Message, ...]) -> tuple[Message, ...]:
        while (tokens := _count(messages)) > self._context:
            messages = shortened(messages, 1 - self._context / tokens)
        return messages


def _echo(prompt: tuple[Message, ...], options: LLMOptions) -> str:
    told = next((message.text for message in reversed(prompt) if message.role in {"user", "tool"}), "")
    name = _tool(prompt, options)
    if name:
        functions = [tool["function"] for tool in options.tools]
        schema = next(function.get("parameters") or {} for function in functions if function["name"] == name)
    elif options.json_schema is not None:
        schema = options.json_schema
    else:
        return told
    return json.dumps(instance(schema, told), ensure_ascii=False)


def _tool(prompt: tuple[Message, ...], options: LLMOptions) -> str:
    """The tool to call: the one that is chosen, or the first; "" when there is none, or one has answered."""
    names = [str(tool["function"]["name"]) for tool in options.tools]
    if options.tool_choice in names:
        return options.tool_choice
    answered = bool(prompt) and prompt[-1].role == "tool"
    return names[0] if names and not answered else ""


def _count(messages: Sequence[Message]) -> int:
    return sum(len(_TOKEN.findall(message.text)) for message in messages)


def _shared(prompt: tuple[Message, ...], known: tuple[Message, ...]) -> int:
    length = 0
    for ours, theirs in zip(prompt, known, strict=False):
        if (ours.role, ours.text) != (theirs.role, theirs.text):
            break
        length += 1
    return _count(prompt[:length])


def _before_stop(reply: str, stop: tuple[str, ...]) -> str:
    ends = [reply.find(word) for word in stop if word in reply]
    return reply[: min(ends)] if ends else reply


def _create(context: EngineContext) -> FakeLLM:
    options = FakeLLMOptions.model_validate(dict(context.options))
    return FakeLLM(options.replies, delay_s=options.delay_s, context=options.context)


ENGINE: Final = EngineInfo(
    kind="llm",
    name="fake",
    summary="Scripted or echoing, deterministic; for tests and demonstrations.",
    create=_create,
    options=FakeLLMOptions,
)
