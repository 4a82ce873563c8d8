"""Large language models."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from visavis.core.conversation import Message


@dataclass(frozen=True, slots=True)
class LLMCapabilities:
    """`context` in tokens; whether it holds output to a JSON schema, keeps prompts warm and calls tools."""

    context: int
    json_schema: bool
    prompt_cache: bool
    tools: bool = False


@dataclass(frozen=True, slots=True)
class LLMOptions:
    """Limits of one generation; `stop` strings are not part of the output. None leaves the choice to the engine.

    `tools` are functions as OpenAI writes them; `tool_choice` is "auto", "required" or the name of one of them.
    """

    max_tokens: int = 256
    temperature: float = 0.7
    stop: tuple[str, ...] = ()
    seed: int | None = None
    json_schema: Mapping[str, Any] | None = None
    top_p: float | None = None
    presence_penalty: float | None = None
    frequency_penalty: float | None = None
    tools: tuple[Mapping[str, Any], ...] = ()
    tool_choice: str = "auto"
    parallel_tool_calls: bool = True


@dataclass(frozen=True, slots=True)
class ToolCallDelta:
    """A piece of a call: the first of call number `index` has its `id` and `name`, `arguments` add up to JSON text."""

    index: int
    id: str = ""
    name: str = ""
    arguments: str = ""


@dataclass(frozen=True, slots=True)
class LLMDelta:
    """A piece of the answer. The last has `finish` ("stop", "length" or "tool_calls") and, when known, the usage in
    tokens; that of the prompt may be known before."""

    text: str
    finish: str | None = None
    prompt_tokens: int | None = None
    cached_tokens: int | None = None
    completion_tokens: int | None = None
    calls: tuple[ToolCallDelta, ...] = ()


class LLM(Protocol):
    """Generates text. Safe for concurrent calls; closing or cancelling the iterator stops the model within 100 ms."""

    @property
    def capabilities(self) -> LLMCapabilities:
        """What it can do."""
        ...

    @property
    def model(self) -> str:
        """The name of the model that answers."""
        ...

    def generate(self, messages: Sequence[Message], options: LLMOptions) -> AsyncIterator[LLMDelta]:
        """Streams the answer. Raises VisavisError `llm.unavailable`, `llm.context`, `llm.timeout`, and `llm.refused`
        when the engine cannot work with the schema or the tools."""
        ...

    async def warm(self, prompts: Sequence[Sequence[Message]] = ()) -> None:
        """Loads the model and reads these prompt prefixes into its cache."""
        ...

    async def aclose(self) -> None:
        """Frees the model."""
        ...
