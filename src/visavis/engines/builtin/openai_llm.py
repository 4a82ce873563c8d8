"""Any server that speaks OpenAI's chat completions: Ollama's `/v1`, llama.cpp, vLLM, Mistral, Groq."""

from __future__ import annotations

import json
from collections.abc import AsyncGenerator, AsyncIterator, Sequence
from contextlib import aclosing
from typing import Any, Final

import httpx
from pydantic import BaseModel, ConfigDict, Field

from visavis.core.conversation import Message
from visavis.core.errors import VisavisError
from visavis.engines.chat_request import chat_request, tool_call_deltas
from visavis.engines.health import Health
from visavis.engines.llm import LLMCapabilities, LLMDelta, LLMOptions
from visavis.engines.prompt import shortened
from visavis.engines.registry import EngineContext, EngineInfo
from visavis.engines.service import Service, ServiceAddress, api_root

_DROPPED_SHARE: Final = 0.3
"""How much of a prompt that is too long is dropped before the next try; servers do not say how much is too much."""


class OpenAIOptions(BaseModel):
    """Settings of an OpenAI-compatible server; the defaults are Ollama's. An empty `model` takes the first one that the
    server offers; `patience_s` is for how long it is asked again when it does not answer."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    base_url: ServiceAddress = "http://localhost:11434"
    model: str = "gemma3:4b"
    api_key: str = Field(default="", repr=False)
    timeout_s: float = Field(default=30.0, gt=0)
    """Longest wait for the first and for each further piece of the answer."""
    context: int = Field(default=4096, ge=256)
    patience_s: float = Field(default=1.0, ge=0)


async def probe(base_url: str, api_key: str = "", timeout_s: float = 1.5) -> tuple[str, ...] | None:
    """The models a server offers, or None when nothing there answers as an OpenAI-compatible server."""
    headers = {"Authorization": f"Bearer {api_key}"} if api_key else {}
    try:
        async with httpx.AsyncClient(timeout=timeout_s, trust_env=False) as client:
            reply = await client.get(f"{api_root(base_url)}/models", headers=headers)
            reply.raise_for_status()
            data = reply.json().get("data") or []
            return tuple(str(entry["id"]) for entry in data)
    except (httpx.HTTPError, httpx.InvalidURL, ValueError, AttributeError, KeyError, TypeError):
        return None


class _OverflowError(VisavisError):
    """The server found the prompt too long."""


class OpenAILLM:
    """An LLM behind HTTP. Closing the iterator closes the connection, which stops the server's generation."""

    def __init__(self, options: OpenAIOptions) -> None:
        self._options = options
        self._service = Service(
            "llm", options.base_url, api_key=options.api_key, timeout_s=options.timeout_s, refuse=self._refused
        )

    @property
    def health(self) -> Health:
        """How the server is."""
        return self._service.health

    @property
    def capabilities(self) -> LLMCapabilities:
        """What it can do; whether prompts stay cached is the server's affair."""
        return LLMCapabilities(context=self._options.context, json_schema=True, prompt_cache=False, tools=True)

    @property
    def model(self) -> str:
        """The model's name on the server; "" while none is chosen or known."""
        offered = self._service.models
        return self._options.model or str(self._service.offer.get("model") or (offered[0] if offered else ""))

    async def generate(self, messages: Sequence[Message], options: LLMOptions) -> AsyncIterator[LLMDelta]:
        """Streams the answer. The oldest messages but the first are dropped when the server finds the prompt too
        long; raises VisavisError `llm.unavailable`, `llm.context` or `llm.timeout`."""
        prompt = tuple(messages)
        while True:
            request = {"model": self.model, **chat_request(prompt, options)}
            try:
                async with self._service.open(
                    "chat/completions", request, patience=self._options.patience_s
                ) as response:
                    async with aclosing(self._read(response)) as deltas:
                        async for delta in deltas:
                            yield delta
                    return
            except _OverflowError:
                prompt = shortened(prompt, _DROPPED_SHARE)

    async def warm(self, prompts: Sequence[Sequence[Message]] = ()) -> None:
        """Checks that the model is there and, on a server without a key (one's own), has it read the prompts."""
        await self._service.look()
        offered = self._service.models
        if offered and not {self.model, f"{self.model}:latest"} & set(offered):
            raise self._unavailable(f"does not have the model '{self.model}'; pull it there or choose another")
        if not self._options.api_key:
            for prompt in prompts:
                async for _ in self.generate(prompt, LLMOptions(max_tokens=1, temperature=0.0)):
                    pass

    async def aclose(self) -> None:
        """Closes the connections."""
        await self._service.aclose()

    async def _read(self, response: httpx.Response) -> AsyncGenerator[LLMDelta]:
        finish: str | None = None
        usage: dict[str, Any] = {}
        try:
            async for line in response.aiter_lines():
                data = line.removeprefix("data:").strip() if line.startswith("data:") else ""
                if not data:
                    continue
                if data == "[DONE]":
                    break
                chunk = json.loads(data)
                if "error" in chunk:
                    raise self._unavailable("failed while it answered", retryable=True)
                usage = chunk.get("usage") or usage
                for choice in chunk.get("choices") or ():
                    finish = choice.get("finish_reason") or finish
                    if text := (choice.get("delta") or {}).get("content"):
                        yield LLMDelta(text)
                    if calls := tool_call_deltas(choice):
                        yield LLMDelta("", calls=calls)
        except httpx.HTTPError as error:
            raise self._service.translated(error) from error
        except (ValueError, AttributeError, TypeError) as error:
            raise self._unavailable("sent something that is not OpenAI's stream; check its address") from error
        if finish is None:
            raise self._unavailable("broke the answer off", retryable=True)
        yield _last(finish, usage)

    def _unavailable(self, what: str, *, retryable: bool = False) -> VisavisError:
        return self._service.unavailable(what, retryable=retryable)

    def _refused(self, response: httpx.Response) -> VisavisError | None:
        """What is special about a language model's refusals."""
        if _is_overflow(response):
            return _OverflowError("llm.context", "The conversation is too long for the language model; start anew.")
        if response.status_code == 404:
            return self._unavailable(f"does not have the model '{self.model}'; pull it there or choose another")
        asked = response.request.content
        if response.status_code in {400, 422} and any(part in asked for part in (b'"response_format"', b'"tools"')):
            return VisavisError(
                "llm.refused", "The language model server refused the schema or the tools; change them."
            )
        return None


def _is_overflow(response: httpx.Response) -> bool:
    if response.status_code not in {400, 413, 422}:
        return False
    text = response.text.lower()
    return "context" in text and any(word in text for word in ("length", "exceed", "size", "window"))


def _last(finish: str, usage: dict[str, Any]) -> LLMDelta:
    details = usage.get("prompt_tokens_details") or {}
    return LLMDelta(
        "",
        finish=finish if finish in {"length", "tool_calls"} else "stop",
        prompt_tokens=usage.get("prompt_tokens"),
        cached_tokens=details.get("cached_tokens"),
        completion_tokens=usage.get("completion_tokens"),
    )


def _create(context: EngineContext) -> OpenAILLM:
    return OpenAILLM(OpenAIOptions.model_validate(dict(context.options)))


ENGINE: Final = EngineInfo(
    kind="llm",
    name="openai",
    summary="Any OpenAI-compatible server: Ollama, llama.cpp, vLLM, Mistral, Groq.",
    create=_create,
    options=OpenAIOptions,
)
