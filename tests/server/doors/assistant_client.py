"""A client of seed 002's WebSocket, written from its page alone: "send audio data as binary chunks (recommended: 64KB
chunks); send {"type": "end_stream"} when done; receive {"type": "metadata", "audio_info": {…}}, audio response chunks,
{"type": "audio_complete"}"."""

from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass
from typing import Any

from websockets.asyncio.client import ClientConnection

CHUNK = 64 * 1024


@dataclass(frozen=True)
class Answer:
    """What came back."""

    audio_info: dict[str, Any]
    audio: bytes
    metadata: dict[str, Any]


async def ask(socket: ClientConnection, audio: bytes) -> Answer:
    """Sends one recording and waits for the answer to it."""
    for begin in range(0, len(audio), CHUNK):
        await socket.send(audio[begin : begin + CHUNK])
    await socket.send(json.dumps({"type": "end_stream"}))
    metadata: dict[str, Any] = {}
    sound = b""
    async with asyncio.timeout(30):
        while True:
            message = await socket.recv()
            if isinstance(message, bytes):
                sound += message
                continue
            parsed = json.loads(message)
            if parsed["type"] == "audio_complete":
                return Answer(metadata["audio_info"], sound, metadata)
            assert parsed["type"] == "metadata", parsed
            metadata = parsed
