"""llama.cpp in the process, through xllamacpp: a GGUF model, several slots, prompts kept warm."""

from __future__ import annotations

import asyncio
import secrets
import threading
from collections.abc import AsyncIterator, Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

import xllamacpp
from pydantic import BaseModel, ConfigDict, Field

from visavis.core.conversation import Message
from visavis.core.errors import VisavisError
from visavis.engines.chat_request import chat_request, tool_call_deltas
from visavis.engines.llm import LLMCapabilities, LLMDelta, LLMOptions
from visavis.engines.prompt import shortened
from visavis.engines.registry import EngineContext, EngineInfo
from visavis.engines.tool_calls import CallReader, forced
from visavis.weights.store import WeightStore

DEFAULT_MODEL: Final = "qwen2.5-coder-0.5b"
MODEL_FILE: Final = "model.gguf"
PREFILL_BATCH: Final = 64
"""Prompt tokens read between two looks at the cancel flag."""
AHEAD: Final = 2
"""Deltas that may wait to be taken; with more the model pauses, so that what the reader does has the processor."""
_ALIKE: Final = 5
"""Tokens that must be the same before the next ones are guessed."""
_SAMPLING: Final = MappingProxyType({"repeat_last_n": 128, "repeat_penalty": 1.05, "frequency_penalty": 0.4})
"""Small models run in circles without these; answers to a schema repeat by nature and go without. (llama.cpp's DRY
sampler does it too, but costs 100 ms at the start of every request.)"""
_CLOSED: Final = "The language model has been closed; start the server again."


class LlamaCppOptions(BaseModel):
    """Settings of the embedded LLM. `context` is in tokens per slot; each slot costs about 12 kB a token."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    model: str = DEFAULT_MODEL
    path: Path | None = None
    """A GGUF file of the host's own, instead of the catalogue's; `name` is what it is called."""
    name: str = ""
    context: int = Field(default=2048, ge=256)
    slots: int = Field(default=4, ge=1, le=32)
    prompt_threads: int = Field(default=0, ge=0)
    """Threads that read prompts; 0 takes the thread budget. It may be more: speech is made only afterwards."""
    drafts: int = Field(default=0, ge=0, le=64)
    """Tokens guessed at once from what follows the same words earlier on; the model only checks them. For answers that
    repeat their prompt: what it says stays the same and comes sooner."""
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
        return LLMCapabilities(context=self._options.context, json_schema=True, prompt_cache=True, tools=True)

    @property
    def model(self) -> str:
        """The catalogue id of the model, or the name of the host's own."""
        own = self._options.path
        return self._options.name or own.stem if own is not None else self._options.model

    async def generate(self, messages: Sequence[Message], options: LLMOptions) -> AsyncIterator[LLMDelta]:
        """Streams the answer. The oldest messages but the first are dropped when the prompt is too long; raises
        VisavisError `llm.context` when that does not help, `llm.unavailable` when the model fails."""
        if self._closed:
            raise VisavisError("llm.unavailable", _CLOSED)
        loop = asyncio.get_running_loop()
        # The queue holds at most what one generation can make: a delta a token, two where a call begins, the end.
        queue: asyncio.Queue[LLMDelta | VisavisError] = asyncio.Queue(2 * options.max_tokens + 4)
        reader = _Reader(lambda item: loop.call_soon_threadsafe(_offer, queue, item))
        work = loop.run_in_executor(self._pool, self._run, tuple(messages), options, reader)
        try:
            while True:
                item = await queue.get()
                reader.take()
                if isinstance(item, VisavisError):
                    raise item
                yield item
                if item.finish is not None:
                    return
        finally:
            reader.leave()
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
                path = self._options.path or self._store.file(self._options.model, MODEL_FILE)
                try:
                    self._server = xllamacpp.Server(self._params(str(path)))
                except Exception as error:
                    raise VisavisError(
                        "llm.unavailable",
                        f"The model '{self.model}' could not be loaded; check it with 'visavis models verify'.",
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
        if options.drafts:
            params.speculative.types = [xllamacpp.common_speculative_type.COMMON_SPECULATIVE_TYPE_NGRAM_SIMPLE]
            params.speculative.ngram_simple.size_n = _ALIKE
            params.speculative.ngram_simple.size_m = options.drafts
        params.cache_ram_mib = options.cache_mib
        params.warmup = False
        params.fit_params = False  # it would read the model twice, to see how much of it a graphics card can hold
        params.verbosity = -1
        # The library also listens on a free loopback port; a random key keeps everybody out.
        params.api_keys = [secrets.token_hex(32)]
        params.ui = False
        params.endpoint_slots = False
        return params

    def _run(self, messages: tuple[Message, ...], options: LLMOptions, reader: _Reader) -> None:
        try:
            server = self._load()
            reply = _Reply(reader, options)
            while not reader.gone:
                server.handle_chat_completions(_request(messages, options, reply), reply)
                if reply.overflow is not None:
                    tokens, room = reply.overflow
                    messages = shortened(messages, 1 - room / tokens)
                    reply.overflow = None
                elif reply.paused:
                    reader.wait()
                    reply.resume()
                else:
                    reply.finish()
                    return
        except VisavisError as error:
            reader.push(error)
        except ValueError as error:
            code = "llm.refused" if _structured(options) else "llm.unavailable"
            reader.push(VisavisError(code, f"The language model refused the request: {error}."))
        except Exception as error:
            reader.push(VisavisError("llm.unavailable", f"The language model failed: {error}.", retryable=True))


class _Reader:
    """The one who takes the deltas, as llama.cpp's thread sees them: how far behind, and whether still there."""

    def __init__(self, push: Callable[[LLMDelta | VisavisError], Any]) -> None:
        self.gone = False
        self._push = push
        self._behind = 0
        self._changed = threading.Condition()

    @property
    def lags(self) -> bool:
        """Whether more than `AHEAD` deltas wait."""
        return self._behind > AHEAD

    def push(self, item: LLMDelta | VisavisError) -> None:
        """Hands over the next item, unless nobody wants it any more."""
        with self._changed:
            if self.gone:
                return
            self._behind += 1
        self._push(item)

    def take(self) -> None:
        """One item was taken."""
        with self._changed:
            self._behind -= 1
            self._changed.notify()

    def leave(self) -> None:
        """Nobody reads on."""
        with self._changed:
            self.gone = True
            self._changed.notify()

    def wait(self) -> None:
        """Returns when all was taken, or nobody reads on."""
        with self._changed:
            self._changed.wait_for(lambda: self.gone or self._behind == 0)


class _Reply:
    """Takes the chunks of one answer in llama.cpp's thread; returning True ends the request.

    A free answer may take several requests while it is shorter than the limit; each goes on with the `text` so far.
    """

    def __init__(self, reader: _Reader, options: LLMOptions) -> None:
        self.overflow: tuple[int, int] | None = None
        self.paused = False
        self.text = ""
        self.tokens = 0
        self._reader = reader
        self._pausable = 0 if _structured(options) else options.max_tokens
        self._calls = CallReader({tool["function"]["name"] for tool in options.tools}) if options.tools else None
        self._finish: str | None = None
        self._usage: dict[str, Any] = {}
        self._prompt: int | None = None
        self._repeated = 0
        self._failed = False

    def resume(self) -> None:
        """Goes on in a new request, which reads the answer so far as part of its prompt."""
        self.paused = False
        self._repeated = self.tokens

    def __call__(self, chunk: dict[str, Any]) -> bool:
        if self._reader.gone:
            return True
        error = chunk.get("error")
        if error is not None:
            self._fail(error)
            return True
        self._usage = chunk.get("usage") or self._usage
        if not self._repeated:
            self._prompt = (chunk.get("prompt_progress") or {}).get("total", self._prompt)
        for choice in chunk.get("choices", ()):
            text = (choice.get("delta") or {}).get("content")
            if text:
                self.text += text
                self.tokens += 1
                self._show(text if self._calls is None else self._calls.feed(text))
            if calls := tool_call_deltas(choice):
                self._reader.push(LLMDelta("", calls=calls))
            self._finish = choice.get("finish_reason") or self._finish
        # A blank at the end would not survive the chat template.
        going_on = self._finish is None and self.tokens < self._pausable and not self.text[-1:].isspace()
        self.paused = going_on and self._reader.lags
        return self.paused or (self._calls is not None and self._calls.call is not None)

    def _show(self, text: str) -> None:
        if text:
            self._reader.push(LLMDelta(text, prompt_tokens=self._prompt))

    def _fail(self, error: dict[str, Any]) -> None:
        if error.get("type") == "exceed_context_size_error":
            self.overflow = int(error["n_prompt_tokens"]), int(error["n_ctx"])
            return
        self._failed = True
        self._reader.push(VisavisError("llm.unavailable", f"The language model failed: {error.get('message')}."))

    def finish(self) -> None:
        """Sends the last delta, with the reason and the usage."""
        if self._failed:
            return
        if self._calls is not None:
            self._show(self._calls.finish())
            if self._calls.call is not None:
                self._finish = "tool_calls"
                self._reader.push(LLMDelta("", calls=(self._calls.call,)))
        read = self._usage.get("prompt_tokens")
        cached = (self._usage.get("prompt_tokens_details") or {}).get("cached_tokens")
        prompt = self._prompt if read is None else read - self._repeated
        self._reader.push(
            LLMDelta(
                "",
                finish=self._finish if self._finish in {"length", "tool_calls"} else "stop",
                prompt_tokens=prompt,
                cached_tokens=None if cached is None or prompt is None else min(cached, prompt),
                completion_tokens=self.tokens if self._pausable else self._usage.get("completion_tokens", self.tokens),
            )
        )


def _offer(queue: asyncio.Queue[LLMDelta | VisavisError], item: LLMDelta | VisavisError) -> None:
    if not queue.full():
        queue.put_nowait(item)


def _structured(options: LLMOptions) -> bool:
    """Whether the answer is held to a grammar, and so cannot be gone on with in another request."""
    return options.json_schema is not None or bool(options.tools)


def _request(messages: tuple[Message, ...], options: LLMOptions, reply: _Reply) -> dict[str, Any]:
    said = [Message("assistant", reply.text)] if reply.text else []
    # Left to itself llama.cpp lets a model that must call something talk instead.
    prompt, options = forced((*messages, *said), options)
    return {
        **({} if _structured(options) else _SAMPLING),
        **chat_request(prompt, options),
        "max_tokens": options.max_tokens - reply.tokens,
        "cache_prompt": True,
        "return_progress": True,
    }


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
