"""The stock `openai` client, unchanged, against a real server with fake engines."""

from __future__ import annotations

import asyncio
import base64
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import numpy as np
from openai import AsyncOpenAI
from openai.types.realtime import RealtimeServerEvent
from pydantic import TypeAdapter

from tests.server.serving import Served, serving
from visavis.core.media import AudioChunk
from visavis.engines.fake import spoken

KNOWN: TypeAdapter[Any] = TypeAdapter(RealtimeServerEvent)


@asynccontextmanager
async def connected(server: Served) -> AsyncIterator[Any]:
    client = AsyncOpenAI(api_key="none", base_url=f"{server.http}/v1")
    async with client.realtime.connect(model="open") as connection:
        yield connection
    await client.close()


async def until(connection: Any, kind: str) -> list[Any]:
    """All events up to the first of that type, which is last."""
    events = []
    async with asyncio.timeout(20):
        while True:
            event = await connection.recv()
            events.append(event)
            if event.type == kind:
                return events


async def hear(connection: Any, samples: np.ndarray[Any, Any]) -> None:
    for begin in range(0, len(samples), 2400):
        data = AudioChunk(samples[begin : begin + 2400], 24000).pcm16()
        await connection.input_audio_buffer.append(audio=base64.b64encode(data).decode())


async def test_voice_turn() -> None:
    async with serving() as server, connected(server) as connection:
        await until(connection, "session.created")
        await hear(
            connection, np.concatenate([spoken.encode("Hello there, how are you?", 24000), np.zeros(24000, np.float32)])
        )
        events = await until(connection, "response.done")
        for e in events:
            print(e.type, str(e)[:160])
        by = {e.type: e for e in events}
        assert by["conversation.item.input_audio_transcription.completed"].transcript == "Hello there, how are you?"
