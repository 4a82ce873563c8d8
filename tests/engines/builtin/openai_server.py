"""A small server on the loopback that speaks OpenAI's chat completions; the model's name says how it misbehaves."""

from __future__ import annotations

import asyncio
import json
import socket
import threading
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from typing import Any, Literal

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response, StreamingResponse
from starlette.routing import Route

from visavis.core.conversation import Message
from visavis.core.errors import VisavisError
from visavis.engines.fake.llm import FakeLLM
from visavis.engines.llm import LLMDelta, LLMOptions

CONTEXT = 512
KEY = "open-sesame"
STATUS = {"failing": 500, "busy": 429, "refused": 422}


class FakeOpenAI:
    """The app; `requests` keeps what was asked, `dropped` counts clients that left before the end."""

    def __init__(self) -> None:
        self.llm = FakeLLM(context=CONTEXT)
        self.requests: list[dict[str, Any]] = []
        self.dropped = 0
        self.app = Starlette(
            routes=[
                Route("/v1/models", self.models),
                Route("/v1/chat/completions", self.completions, methods=["POST"]),
                Route("/web/v1/models", lambda _request: PlainTextResponse("<html>hello</html>")),
            ]
        )

    async def models(self, request: Request) -> Response:
        return JSONResponse({"object": "list", "data": [{"id": "echo"}, {"id": "gemma3:latest"}]})

    async def completions(self, request: Request) -> Response:
        body = await request.json()
        self.requests.append(body)
        model = body["model"]
        if model == "locked" and request.headers.get("authorization") != f"Bearer {KEY}":
            return JSONResponse({"error": {"message": "bad key"}}, 401)
        if model == "absent":
            return JSONResponse({"error": {"message": "model not found"}}, 404)
        if model in STATUS:
            return JSONResponse({"error": {"message": "no"}}, STATUS[model])
        messages = [Message(entry["role"], entry["content"]) for entry in body["messages"]]
        choice = body.get("tool_choice", "auto")
        options = LLMOptions(
            max_tokens=body["max_tokens"],
            temperature=body["temperature"],
            stop=tuple(body.get("stop", ())),
            tools=tuple(body.get("tools", ())),
            tool_choice=choice if isinstance(choice, str) else choice["function"]["name"],
        )
        answer = self.llm.generate(messages, options)
        try:
            first = await anext(answer)
        except VisavisError:
            error = {"message": "This model's maximum context length is exceeded.", "code": "context_length_exceeded"}
            return JSONResponse({"error": error}, 400)
        if model == "silent":
            await asyncio.sleep(30)
        return StreamingResponse(self._stream(model, first, answer), media_type="text/event-stream")

    async def _stream(self, model: str, delta: Any, answer: AsyncIterator[Any]) -> AsyncIterator[str]:
        yield ": a comment\n\n" + _event({"choices": [{"index": 0, "delta": {"role": "assistant"}}]})
        while delta.finish is None:
            yield _event({"choices": [{"index": 0, "delta": _delta(delta), "finish_reason": None}]})
            if model == "dropping":
                raise ConnectionResetError("the cable is out")
            if model == "leaving":
                return
            if model == "garbled":
                yield "data: {nonsense\n\n"
            if model == "crashing":
                yield _event({"error": {"message": "CUDA is gone"}})
            if model == "stalling":
                await asyncio.sleep(30)
            if model == "endless":
                try:
                    while True:
                        yield _event({"choices": [{"index": 0, "delta": {"content": "more "}}]})
                        await asyncio.sleep(0.01)
                finally:
                    self.dropped += 1
            delta = await anext(answer)
        yield _event({"choices": [{"index": 0, "delta": {}, "finish_reason": delta.finish}]})
        usage = {"prompt_tokens": delta.prompt_tokens, "completion_tokens": delta.completion_tokens}
        yield _event({"choices": [], "usage": usage})
        yield "data: [DONE]\n\n"


def _delta(delta: LLMDelta) -> dict[str, Any]:
    calls = [
        {"index": call.index, "id": call.id, "function": {"name": call.name, "arguments": call.arguments}}
        for call in delta.calls
    ]
    return {"tool_calls": calls} if calls else {"content": delta.text}


def _event(payload: dict[str, Any]) -> str:
    return f"data: {json.dumps(payload, ensure_ascii=False)}\n\n"


@contextmanager
def serving(app: Any, *, port: int = 0, lifespan: Literal["on", "off"] = "off") -> Iterator[str]:
    """Runs an ASGI app on a loopback port, a free one for 0; gives its base URL."""
    with socket.socket() as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(("127.0.0.1", port))
        config = uvicorn.Config(app, log_level="critical", timeout_graceful_shutdown=1, lifespan=lifespan, ws="none")
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
        thread.start()
        while not server.started:
            time.sleep(0.01)
        try:
            yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        finally:
            server.should_exit = True
            thread.join(10)
