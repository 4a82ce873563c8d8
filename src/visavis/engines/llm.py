"""Large language models."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from visavis.core.conversation import Message


@dataclass(frozen=True, slots=True)
class LLMCapabilities:
    """`context` in tokens; whether it holds output to a JSON schema and keeps prompts warm."""

    context: int
    json_schema: bool
    prompt_cache: bool


@dataclass(frozen=True, slots=True)
class LLMOptions:
    """Limits of one generation; `stop` strings are not part of the output."""

    max_tokens: int = 256
    temperature: float = 0.7
    stop: tuple[str, ...] = ()
    seed: int | None = None
    json_schema: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class LLMDelta:
    """A piece of the answer. The last has `finish` ("stop" or "length") and, when known, the usage in tokens."""

    text: str
    finish: str | None = None
    prompt_tokens: int | None = None
    cached_tokens: int | None = None
    completion_tokens: int | None = None


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
        """Streams the answer. Raises VisavisError `llm.unavailable`, `llm.context`, `llm.timeout`."""
        ...

    async def warm(self, prompts: Sequence[Sequence[Message]] = ()) -> None:
        """Loads the model and reads these prompt prefixes into its cache."""
        ...

    async def aclose(self) -> None:
        """Frees the model."""
        ...
