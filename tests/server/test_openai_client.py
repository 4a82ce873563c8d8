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
from visavis.core.media import AudioChunk, Samples
from visavis.engines.fake import spoken

STANDARD: TypeAdapter[Any] = TypeAdapter(RealtimeServerEvent)
SILENCE = np.zeros(24_000, np.float32)


@asynccontextmanager
async def connected(server: Served, model: str = "open") -> AsyncIterator[Any]:
    client = AsyncOpenAI(api_key="none", base_url=f"{server.http}/v1")
    try:
        async with client.realtime.connect(model=model) as connection:
            yield connection
    finally:
        await client.close()


async def until(connection: Any, kind: str, patience: float = 30) -> list[Any]:
    """All events up to the first of that type, which is last; every standard one is checked against its type."""
    events = []
    async with asyncio.timeout(patience):
        while True:
            event = await connection.recv()
            if not event.type.startswith("visavis."):
                checked = STANDARD.validate_python(event.to_dict())
                assert checked.type == event.type, f"{event.type} does not fit its own type"
            events.append(event)
            if event.type == kind:
                return events


async def hear(connection: Any, samples: Samples) -> None:
    for begin in range(0, len(samples), 2400):
        data = AudioChunk(samples[begin : begin + 2400], 24_000).pcm16()
        await connection.input_audio_buffer.append(audio=base64.b64encode(data).decode())


def audio_of(events: list[Any]) -> Samples:
    data = b"".join(base64.b64decode(e.delta) for e in events if e.type == "response.output_audio.delta")
    return AudioChunk.from_pcm16(data, 24_000).samples


async def test_a_voice_turn() -> None:
    async with serving() as server, connected(server) as connection:
        assert (await until(connection, "session.created"))[-1].session.audio.input.format.rate == 24_000
        await hear(connection, np.concatenate([spoken.encode("Hello there, how are you?", 24_000), SILENCE]))
        events = await until(connection, "response.done")
        types = list(dict.fromkeys(e.type for e in events if not e.type.startswith("visavis.")))
        assert types == [
            "input_audio_buffer.speech_started",
            "input_audio_buffer.speech_stopped",
            "input_audio_buffer.committed",
            "conversation.item.added",
            "conversation.item.done",
            "conversation.item.input_audio_transcription.completed",
            "response.created",
            "response.output_item.added",
            "response.content_part.added",
            "response.output_audio_transcript.delta",
            "response.output_audio.delta",
            "response.output_audio.done",
            "response.output_audio_transcript.done",
            "response.content_part.done",
            "response.output_item.done",
            "response.done",
        ]
        by = {event.type: event for event in events}
        heard = by["conversation.item.input_audio_transcription.completed"].transcript
        assert heard == "Hello there, how are you?"
        said = by["response.output_audio_transcript.done"].transcript
        assert said
        assert spoken.decode(audio_of(events), 24_000).replace(" ", "") == said.replace(" ", "")
        done = by["response.done"].response
        assert (done.status, done.output[0].content[0].transcript) == ("completed", said)
        assert len({event.event_id for event in events}) == len(events)


async def test_a_text_turn() -> None:
    async with serving() as server, connected(server) as connection:
        await connection.session.update(session={"type": "realtime", "output_modalities": ["text"]})
        updated = (await until(connection, "session.updated"))[-1]
        assert updated.session.output_modalities == ["text"]
        await connection.conversation.item.create(
            item={"type": "message", "role": "user", "content": [{"type": "input_text", "text": "one two three"}]}
        )
        await connection.response.create()
        events = await until(connection, "response.done")
        deltas = [event.delta for event in events if event.type == "response.output_text.delta"]
        assert len(deltas) > 1
        assert "".join(deltas) == events[-1].response.output[0].content[0].text


async def test_cancel() -> None:
    async with serving() as server, connected(server) as connection:
        await connection.conversation.item.create(
            item={"type": "message", "role": "user", "content": [{"type": "input_text", "text": "word " * 30}]}
        )
        await connection.response.create()
        await until(connection, "response.output_audio.delta")
        await connection.response.cancel()
        events = await until(connection, "response.done")
        assert events[-1].response.status == "cancelled"
        assert events[-1].response.status_details.reason == "client_cancelled"
        await connection.response.cancel()
        error = (await until(connection, "error"))[-1].error
        assert error.code == "response_cancel_not_active"


async def test_truncate_delete_and_retrieve() -> None:
    async with serving() as server, connected(server) as connection:
        await connection.response.create()
        done = (await until(connection, "response.done"))[-1].response
        item = done.output[0]
        await connection.conversation.item.truncate(item_id=item.id, content_index=0, audio_end_ms=500)
        truncated = (await until(connection, "conversation.item.truncated"))[-1]
        assert (truncated.item_id, truncated.audio_end_ms) == (item.id, 500)
        await connection.conversation.item.retrieve(item_id=item.id)
        kept = (await until(connection, "conversation.item.retrieved"))[-1].item.content[0]
        assert item.content[0].transcript.startswith(kept.transcript or kept.text)
        assert len(kept.transcript or kept.text) < len(item.content[0].transcript)
        await connection.conversation.item.delete(item_id=item.id)
        await until(connection, "conversation.item.deleted")
        await connection.conversation.item.retrieve(item_id=item.id)
        assert (await until(connection, "error"))[-1].error.code == "item.unknown"


async def test_push_to_talk_in_g711() -> None:
    async with serving() as server, connected(server) as connection:
        audio = {
            "input": {"format": {"type": "audio/pcm", "rate": 24_000}, "turn_detection": None},
            "output": {"format": {"type": "audio/pcmu"}},
        }
        await connection.session.update(session={"type": "realtime", "audio": audio})
        await until(connection, "session.updated")
        await hear(connection, spoken.encode("Hello there.", 24_000))
        await connection.input_audio_buffer.commit()
        await until(connection, "conversation.item.input_audio_transcription.completed")
        await connection.response.create()
        events = await until(connection, "response.done")
        seconds = sum(len(base64.b64decode(e.delta)) for e in events if e.type == "response.output_audio.delta") / 8000
        words = events[-1].response.output[0].content[0].transcript
        assert abs(seconds - spoken.duration(words)) < 0.2


async def test_interrupting_by_voice() -> None:
    async with serving() as server, connected(server) as connection:
        await connection.conversation.item.create(
            item={"type": "message", "role": "user", "content": [{"type": "input_text", "text": "word " * 30}]}
        )
        await connection.response.create()
        await until(connection, "response.output_audio.delta")
        await asyncio.sleep(0.5)
        await hear(connection, spoken.encode("Wait, please.", 24_000))
        events = await until(connection, "response.done")
        kinds = [event.type for event in events]
        assert "output_audio_buffer.cleared" in kinds
        assert events[-1].response.status_details.reason == "turn_detected"
