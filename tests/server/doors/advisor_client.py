"""A client of seed 000's WebSocket, written from its page alone: "sends {type: "audio"|"text", audio/text}; receives
{type: "response", text, audio, collected_info} and {type: "recommendations", courses}"."""

from __future__ import annotations

import asyncio
import base64
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from websockets.asyncio.client import ClientConnection, connect


@dataclass
class Advisor:
    """One page that is open."""

    socket: ClientConnection

    async def type(self, text: str) -> None:
        """Enter is pressed."""
        await self.socket.send(json.dumps({"type": "text", "text": text}))

    async def record(self, audio: bytes) -> None:
        """The microphone was clicked, and Stop."""
        await self.socket.send(json.dumps({"type": "audio", "audio": base64.b64encode(audio).decode()}))

    async def receive(self, kind: str) -> dict[str, Any]:
        """The next message, which has to be of that type."""
        async with asyncio.timeout(30):
            message = json.loads(await self.socket.recv())
        assert message["type"] == kind, message
        return dict(message)


@asynccontextmanager
async def advisor(http: str) -> AsyncIterator[Advisor]:
    """Opens `ws://host/api/v1/ws`."""
    async with connect(f"{http.replace('http', 'ws', 1)}/api/v1/ws", max_size=None) as socket:
        yield Advisor(socket)


def sound_of(response: dict[str, Any]) -> bytes:
    """The MP3 that is decoded and played."""
    return base64.b64decode(response["audio"])
