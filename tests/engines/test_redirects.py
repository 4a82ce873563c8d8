"""An engine goes to the address that the host has set, and nowhere else."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from pydantic import BaseModel, ValidationError

from visavis.core.conversation import Message
from visavis.core.errors import VisavisError
from visavis.engines.builtin.openai_embedder import OpenAIEmbedderOptions
from visavis.engines.builtin.openai_llm import OpenAILLM, OpenAIOptions, probe
from visavis.engines.builtin.openai_stt import OpenAISTTOptions
from visavis.engines.builtin.openai_tts import OpenAITTSOptions
from visavis.engines.llm import LLMOptions


@asynccontextmanager
async def answering(answer: bytes) -> AsyncIterator[tuple[int, list[bytes]]]:
    """A server that gives every request the same answer; its port, and the first lines of what it was asked."""
    asked: list[bytes] = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        asked.append(await reader.readline())
        writer.write(answer)
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    try:
        yield server.sockets[0].getsockname()[1], asked
    finally:
        server.close()


@pytest.mark.parametrize("status", ["301 Moved", "302 Found", "307 Temporary", "308 Permanent"])
async def test_a_service_cannot_send_the_language_model_elsewhere(status: str) -> None:
    async with answering(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}") as (inner, visited):
        moved = f"HTTP/1.1 {status}\r\nLocation: http://127.0.0.1:{inner}/secret\r\nContent-Length: 0\r\n\r\n"
        async with answering(moved.encode()) as (outer, asked):
            address = f"http://127.0.0.1:{outer}"
            engine = OpenAILLM(OpenAIOptions(base_url=address, model="m", patience_s=0.1))
            with pytest.raises(VisavisError) as caught:
                async for _ in engine.generate([Message("user", "Hello", "item_1")], LLMOptions()):
                    pass
            assert caught.value.code == "llm.unavailable"
            assert await probe(address) is None
            await engine.aclose()
    assert asked
    assert visited == []


@pytest.mark.parametrize("options", [OpenAIEmbedderOptions, OpenAIOptions, OpenAISTTOptions, OpenAITTSOptions])
@pytest.mark.parametrize("address", ["file:///etc/passwd", "gopher://localhost/", "localhost:11434", "http://u:p@host"])
def test_only_web_addresses_are_taken(options: type[BaseModel], address: str) -> None:
    with pytest.raises(ValidationError):
        options.model_validate({"base_url": address})
