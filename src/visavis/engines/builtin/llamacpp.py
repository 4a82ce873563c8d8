"""llama.cpp in the process, through xllamacpp: a GGUF model, several slots, prompts kept warm."""

from __future__ import annotations

import asyncio
import secrets
import threading
from collections.abc import AsyncIterator, Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Final

import xllamacpp
from pydantic import BaseModel, ConfigDict, Field

from visavis.core.conversation import Message
from visavis.core.errors import VisavisError
from visavis.engines.llm import LLMCapabilities, LLMDelta, LLMOptions
from visavis.engines.prompt import shortened
from visavis.engines.registry import EngineContext, EngineInfo
from visavis.weights.store import WeightStore

DEFAULT_MODEL: Final = "qwen2.5-coder-0.5b"
MODEL_FILE: Final = "model.gguf"
PREFILL_BATCH: Final = 64
"""Prompt tokens read between two looks at the cancel flag."""
_CLOSED: Final = "The language model has been closed; start the server again."


class LlamaCppOptions(BaseModel):
    """Settings of the embedded LLM. `context` is in tokens per slot; each slot costs about 12 kB a token."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    model: str = DEFAULT_MODEL
    context: int = Field(default=2048, ge=256)
    slots: int = Field(default=4, ge=1, le=32)
    prompt_threads: int = Field(default=0, ge=0)
    """Threads that read prompts; 0 takes the thread budget. It may be more: speech is made only afterwards."""
    cache_mib: int = Field(default=256, ge=0)
    """Memory for prompts that no slot holds any more."""


class LlamaCpp:
    """An LLM in this process. A call waits for a free slot; a shared prompt prefix is read only once."""

    def __init__(self, store: WeightStore, options: LlamaCppOptions, threads: int = 1) -> None:
        """`threads` is the budget while tokens are made."""
        self._store = store
        self._options = options
        self._threads = max(1, threads)
        self._server: Any = None
        self._loading = threading.Lock()
        self._closed = False
        self._pool = ThreadPoolExecutor(options.slots, thread_name_prefix="llamacpp")

    @property
    def capabilities(self) -> LLMCapabilities:
        """What it can do."""
        return LLMCapabilities(context=self._options.context, json_schema=True, prompt_cache=True)

    @property
    def model(self) -> str:
        """The catalogue id of the model."""
        return self._options.model

    async def generate(self, messages: Sequence[Message], options: LLMOptions) -> AsyncIterator[LLMDelta]:
        """Streams the answer. The oldest messages but the first are dropped when the prompt is too long; raises
        VisavisError `llm.context` when that does not help, `llm.unavailable` when the model fails."""
        if self._closed:
            raise VisavisError("llm.unavailable", _CLOSED)
        loop = asyncio.get_running_loop()
        # The queue holds at most what one generation can make: a delta a token, the end, or an error.
        queue: asyncio.Queue[LLMDelta | VisavisError] = asyncio.Queue(options.max_tokens + 4)
        stop = threading.Event()

        def push(item: LLMDelta | VisavisError) -> None:
            if not stop.is_set():
                loop.call_soon_threadsafe(_offer, queue, item)

        work = loop.run_in_executor(self._pool, self._run, tuple(messages), options, push, stop)
        try:
            while True:
                item = await queue.get()
                if isinstance(item, VisavisError):
                    raise item
                yield item
                if item.finish is not None:
                    return
        finally:
            stop.set()
            work.cancel()

    async def warm(self, prompts: Sequence[Sequence[Message]] = ()) -> None:
        """Loads the model and reads these prompt prefixes into its cache."""
        await asyncio.get_running_loop().run_in_executor(self._pool, self._load)
        for prompt in prompts:
            async for _ in self.generate(prompt, LLMOptions(max_tokens=1, temperature=0.0)):
                pass

    async def aclose(self) -> None:
        """Frees the model once running generations have seen that they are over."""
        self._closed = True
        await asyncio.to_thread(self._pool.shutdown, wait=True, cancel_futures=True)
        await asyncio.to_thread(self._free)

    def _free(self) -> None:
        self._server = None

    def _load(self) -> Any:
        with self._loading:
            if self._closed:
                raise VisavisError("llm.unavailable", _CLOSED)
            if self._server is None:
                path = self._store.file(self._options.model, MODEL_FILE)
                try:
                    self._server = xllamacpp.Server(self._params(str(path)))
                except Exception as error:
                    raise VisavisError(
                        "llm.unavailable",
                        f"The model '{self._options.model}' could not be loaded; "
                        "check it with 'visavis models verify'.",
                    ) from error
            return self._server

    def _params(self, path: str) -> Any:
        options = self._options
        params = xllamacpp.CommonParams()
        params.model.path = path
        params.n_ctx = options.context * options.slots
        params.n_parallel = options.slots
        params.n_batch = params.n_ubatch = PREFILL_BATCH
        params.cpuparams.n_threads = self._threads
        params.cpuparams_batch.n_threads = options.prompt_threads or self._threads
        params.cache_ram_mib = options.cache_mib
        params.warmup = False
        params.verbosity = -1
        # The library also listens on a free loopback port; a random key keeps everybody out.
        params.api_keys = [secrets.token_hex(32)]
        params.ui = False
        params.endpoint_slots = False
        return params

    def _run(
        self,
        messages: tuple[Message, ...],
        options: LLMOptions,
        push: Callable[[LLMDelta | VisavisError], None],
        stop: threading.Event,
    ) -> None:
        try:
            server = self._load()
            while not stop.is_set():
                reply = _Reply(push, stop)
                server.handle_chat_completions(_request(messages, options), reply)
                if reply.overflow is None:
                    reply.finish()
                    return
                tokens, room = reply.overflow
                messages = shortened(messages, 1 - room / tokens)
        except VisavisError as error:
            push(error)
        except ValueError as error:
            push(VisavisError("llm.unavailable", f"The language model refused the request: {error}."))
        except Exception as error:
            push(VisavisError("llm.unavailable", f"The language model failed: {error}.", retryable=True))


class _Reply:
    """Takes the chunks of one answer in llama.cpp's thread; returning True ends the generation."""

    def __init__(self, push: Callable[[LLMDelta | VisavisError], None], stop: threading.Event) -> None:
        self.overflow: tuple[int, int] | None = None
        self._push = push
        self._stop = stop
        self._finish: str | None = None
        self._usage: dict[str, Any] = {}
        self._failed = False

    def __call__(self, chunk: dict[str, Any]) -> bool:
        if self._stop.is_set():
            return True
        error = chunk.get("error")
        if error is not None:
            self._fail(error)
            return True
        self._usage = chunk.get("usage") or self._usage
        for choice in chunk.get("choices", ()):
            text = (choice.get("delta") or {}).get("content")
            if text:
                self._push(LLMDelta(text))
            self._finish = choice.get("finish_reason") or self._finish
        return False

    def _fail(self, error: dict[str, Any]) -> None:
        if error.get("type") == "exceed_context_size_error":
            self.overflow = int(error["n_prompt_tokens"]), int(error["n_ctx"])
            return
        self._failed = True
        self._push(VisavisError("llm.unavailable", f"The language model failed: {error.get('message')}."))

    def finish(self) -> None:
        """Sends the last delta, with the reason and the usage."""
        if self._failed:
            return
        details = self._usage.get("prompt_tokens_details") or {}
        self._push(
            LLMDelta(
                "",
                finish="length" if self._finish == "length" else "stop",
                prompt_tokens=self._usage.get("prompt_tokens"),
                cached_tokens=details.get("cached_tokens"),
                completion_tokens=self._usage.get("completion_tokens"),
            )
        )


def _offer(queue: asyncio.Queue[LLMDelta | VisavisError], item: LLMDelta | VisavisError) -> None:
    if not queue.full():
        queue.put_nowait(item)


def _request(messages: tuple[Message, ...], options: LLMOptions) -> dict[str, Any]:
    request: dict[str, Any] = {
        "messages": [{"role": message.role, "content": message.text} for message in messages],
        "max_tokens": options.max_tokens,
        "temperature": options.temperature,
        "stop": list(options.stop),
        "stream": True,
        "stream_options": {"include_usage": True},
        "cache_prompt": True,
        "return_progress": True,
    }
    if options.seed is not None:
        request["seed"] = options.seed
    if options.json_schema is not None:
        schema = {"name": "answer", "schema": dict(options.json_schema)}
        request["response_format"] = {"type": "json_schema", "json_schema": schema}
    return request


def _create(context: EngineContext) -> LlamaCpp:
    return LlamaCpp(context.store, LlamaCppOptions.model_validate(dict(context.options)), context.threads)


ENGINE: Final = EngineInfo(
    kind="llm",
    name="llamacpp",
    summary="llama.cpp in the process: no server, no key.",
    create=_create,
    options=LlamaCppOptions,
    models=(DEFAULT_MODEL, "smollm2-135m"),
    licence="MIT",
)
