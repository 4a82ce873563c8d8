"""Any server that speaks OpenAI's chat completions: Ollama's `/v1`, llama.cpp, vLLM, Mistral, Groq."""

from __future__ import annotations

import json
import re
from collections.abc import AsyncGenerator, AsyncIterator, Sequence
from contextlib import AsyncExitStack, aclosing
from typing import Any, Final

import httpx
from pydantic import BaseModel, ConfigDict, Field

from visavis.core.conversation import Message
from visavis.core.errors import VisavisError
from visavis.engines.llm import LLMCapabilities, LLMDelta, LLMOptions
from visavis.engines.prompt import shortened
from visavis.engines.registry import EngineContext, EngineInfo

CONNECT_TIMEOUT_S: Final = 5.0
_DROPPED_SHARE: Final = 0.3
"""How much of a prompt that is too long is dropped before the next try; servers do not say how much is too much."""
_VERSIONED: Final = re.compile(r"/v\d+(beta\d*)?$")


class OpenAIOptions(BaseModel):
    """Settings of an OpenAI-compatible server; the defaults are Ollama's."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    base_url: str = "http://localhost:11434"
    model: str = "gemma3:4b"
    api_key: str = Field(default="", repr=False)
    timeout_s: float = Field(default=30.0, gt=0)
    """Longest wait for the first and for each further piece of the answer."""
    context: int = Field(default=4096, ge=256)


def api_root(base_url: str) -> str:
    """The URL under which `/chat/completions` lies: `base_url` with `/v1` unless it names a version already."""
    root = base_url.strip().rstrip("/")
    return root if _VERSIONED.search(root) else f"{root}/v1"


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


class OpenAILLM:
    """An LLM behind HTTP. Closing the iterator closes the connection, which stops the server's generation."""

    def __init__(self, options: OpenAIOptions) -> None:
        self._options = options
        headers = {"Authorization": f"Bearer {options.api_key}"} if options.api_key else {}
        timeout = httpx.Timeout(options.timeout_s, connect=min(CONNECT_TIMEOUT_S, options.timeout_s))
        self._client = httpx.AsyncClient(headers=headers, timeout=timeout)
        self._url = f"{api_root(options.base_url)}/chat/completions"

    @property
    def capabilities(self) -> LLMCapabilities:
        """What it can do; whether prompts stay cached is the server's affair."""
        return LLMCapabilities(context=self._options.context, json_schema=True, prompt_cache=False)

    @property
    def model(self) -> str:
        """The model's name on the server."""
        return self._options.model

    async def generate(self, messages: Sequence[Message], options: LLMOptions) -> AsyncIterator[LLMDelta]:
        """Streams the answer. The oldest messages but the first are dropped when the server finds the prompt too
        long; raises VisavisError `llm.unavailable`, `llm.context` or `llm.timeout`."""
        if self._client.is_closed:
            raise self._unavailable("has been left; start visavis again")
        prompt = tuple(messages)
        while True:
            async with AsyncExitStack() as stack:
                response = await self._open(stack, prompt, options)
                if response is None:
                    prompt = shortened(prompt, _DROPPED_SHARE)
                    continue
                deltas = await stack.enter_async_context(aclosing(self._read(response)))
                async for delta in deltas:
                    yield delta
                return

    async def warm(self, prompts: Sequence[Sequence[Message]] = ()) -> None:
        """Checks that the model is there and, on a server without a key (one's own), has it read the prompts."""
        timeout_s = min(CONNECT_TIMEOUT_S, self._options.timeout_s)
        offered = await probe(self._options.base_url, self._options.api_key, timeout_s)
        if offered is None:
            raise self._unavailable("does not answer; start it or change its address", retryable=True)
        if offered and not {self.model, f"{self.model}:latest"} & set(offered):
            raise self._unavailable(f"does not have the model '{self.model}'; pull it there or choose another")
        if not self._options.api_key:
            for prompt in prompts:
                async for _ in self.generate(prompt, LLMOptions(max_tokens=1, temperature=0.0)):
                    pass

    async def aclose(self) -> None:
        """Closes the connections."""
        await self._client.aclose()

    async def _open(
        self, stack: AsyncExitStack, prompt: tuple[Message, ...], options: LLMOptions
    ) -> httpx.Response | None:
        """The open stream, or None when the prompt is too long."""
        request = _request(prompt, options, self.model)
        try:
            response = await stack.enter_async_context(self._client.stream("POST", self._url, json=request))
            if response.is_success:
                return response
            await response.aread()
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise self._translated(error) from error
        if _is_overflow(response):
            return None
        raise self._refused(response.status_code)

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
        except httpx.HTTPError as error:
            raise self._translated(error) from error
        except (ValueError, AttributeError, TypeError) as error:
            raise self._unavailable("sent something that is not OpenAI's stream; check its address") from error
        if finish is None:
            raise self._unavailable("broke the answer off", retryable=True)
        yield _last(finish, usage)

    def _unavailable(self, what: str, *, retryable: bool = False) -> VisavisError:
        return VisavisError("llm.unavailable", f"The language model server {what}.", retryable=retryable)

    def _translated(self, error: Exception) -> VisavisError:
        if isinstance(error, httpx.ConnectError | httpx.ConnectTimeout | httpx.InvalidURL | httpx.UnsupportedProtocol):
            return self._unavailable("does not answer; start it or change its address", retryable=True)
        if isinstance(error, httpx.TimeoutException):
            waited = f"{self._options.timeout_s:g} s"
            return VisavisError(
                "llm.timeout",
                f"The language model server was silent for {waited}; use a smaller model or wait longer.",
                retryable=True,
            )
        return self._unavailable("broke the answer off", retryable=True)

    def _refused(self, status: int) -> VisavisError:
        if status in {401, 403}:
            return self._unavailable("refuses the key; check LLM_API_KEY")
        if status == 404:
            return self._unavailable(f"does not have the model '{self.model}'; pull it there or choose another")
        if status == 429:
            return self._unavailable("is asked too often; try again in a while", retryable=True)
        if status >= 500:
            return self._unavailable(f"failed with status {status}", retryable=True)
        return self._unavailable(f"refused the request with status {status}; check its address and model")


def _is_overflow(response: httpx.Response) -> bool:
    if response.status_code not in {400, 413, 422}:
        return False
    text = response.text.lower()
    return "context" in text and any(word in text for word in ("length", "exceed", "size", "window"))


def _request(messages: Sequence[Message], options: LLMOptions, model: str) -> dict[str, Any]:
    request: dict[str, Any] = {
        "model": model,
        "messages": [{"role": message.role, "content": message.text} for message in messages],
        "max_tokens": options.max_tokens,
        "temperature": options.temperature,
        "stream": True,
        "stream_options": {"include_usage": True},
    }
    if options.stop:
        request["stop"] = list(options.stop)
    if options.seed is not None:
        request["seed"] = options.seed
    if options.json_schema is not None:
        schema = {"name": "answer", "schema": dict(options.json_schema)}
        request["response_format"] = {"type": "json_schema", "json_schema": schema}
    return request


def _last(finish: str, usage: dict[str, Any]) -> LLMDelta:
    details = usage.get("prompt_tokens_details") or {}
    return LLMDelta(
        "",
        finish="length" if finish == "length" else "stop",
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
