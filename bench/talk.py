"""A person at the microphone: streams speech over the Realtime door in real time and notes what comes back."""

from __future__ import annotations

import asyncio
import base64
import json
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import websockets
from numpy.typing import NDArray
from websockets.asyncio.client import ClientConnection

RATE = 24_000
PACKET = RATE * 32 // 1000
"""Samples of a packet, as the page sends them while somebody speaks and for two seconds after."""

MOUTH = ("jawOpen", "mouthFunnel", "mouthPucker", "mouthStretchLeft", "mouthUpperUpLeft", "mouthLowerDownLeft")
MOVING = 0.02


@dataclass
class Reply:
    """One answer as it arrived; times are seconds on the client's clock."""

    transcript: str = ""
    said: str = ""
    at: dict[str, float] = field(default_factory=dict)
    audio: list[bytes] = field(default_factory=list)
    timings: dict[str, Any] = field(default_factory=dict)
    events: list[str] = field(default_factory=list)

    def since(self, name: str, start: float) -> float | None:
        """Milliseconds from `start` to the named moment, None when it never came."""
        return (self.at[name] - start) * 1000 if name in self.at else None


class Caller:
    """One connection with an always-open microphone: silence is streamed whenever nothing is said."""

    def __init__(self, socket: ClientConnection) -> None:
        self.events: asyncio.Queue[tuple[float, dict[str, Any]]] = asyncio.Queue(maxsize=20_000)
        self._socket = socket
        self._speech: asyncio.Queue[tuple[NDArray[np.float32], asyncio.Future[float]]] = asyncio.Queue(maxsize=4)
        self._channels: list[str] = []
        self._played: dict[str, float] = {}

    async def pump(self) -> None:
        """Sends packets in real time: queued speech, else faint noise, as a real microphone would."""
        noise = np.random.default_rng(1)
        start, sent = time.monotonic(), 0
        pending: NDArray[np.float32] | None = None
        done: asyncio.Future[float] | None = None
        while True:
            if pending is None and not self._speech.empty():
                pending, done = self._speech.get_nowait()
            if pending is None:
                packet = (noise.standard_normal(PACKET) * 3e-4).astype(np.float32)
            else:
                packet, pending = pending[:PACKET], pending[PACKET:]
                packet = np.pad(packet, (0, PACKET - len(packet)))
            pcm = (np.clip(packet, -1, 1) * 32767).astype("<i2").tobytes()
            await self.send({"type": "input_audio_buffer.append", "audio": base64.b64encode(pcm).decode()})
            if pending is not None and not len(pending):
                if done is not None and not done.done():
                    done.set_result(time.monotonic())
                pending = None
            sent += 1
            await asyncio.sleep(max(0.0, start + sent * PACKET / RATE - time.monotonic()))

    async def read(self) -> None:
        """Collects every event with its time of arrival."""
        async for message in self._socket:
            event = json.loads(message)
            if event["type"] == "visavis.motion.format":
                self._channels = event["channels"]
            self.events.put_nowait((time.monotonic(), event))

    async def send(self, event: dict[str, Any]) -> None:
        """Sends one client event."""
        await self._socket.send(json.dumps(event))

    async def say(self, samples: NDArray[np.float32]) -> float:
        """Speaks 24 kHz samples that end with their last voiced one; returns when that one was sent."""
        done: asyncio.Future[float] = asyncio.get_running_loop().create_future()
        await self._speech.put((samples, done))
        return await done

    async def reply(self, patience: float = 30) -> Reply:
        """Reads until a response is done. Raises TimeoutError."""
        reply = Reply()
        async with asyncio.timeout(patience):
            while True:
                at, event = await self.events.get()
                if self._note(reply, at, event):
                    return reply

    def _note(self, reply: Reply, at: float, event: dict[str, Any]) -> bool:
        kind = event["type"]
        reply.events.append(kind)
        if kind == "conversation.item.input_audio_transcription.completed":
            reply.transcript = event["transcript"]
            reply.at.setdefault("transcript", at)
        elif kind == "response.output_audio_transcript.delta":
            reply.said += event["delta"]
            reply.at.setdefault("text", at)
        elif kind == "response.output_audio.delta":
            reply.audio.append(base64.b64decode(event["delta"]))
            reply.at.setdefault("audio", at)
            reply.at["last_audio"] = at
        elif kind == "visavis.motion.delta" and event["layer"] == "speech" and self._moves(event["frames"]):
            reply.at.setdefault("mouth", at)
        elif kind == "visavis.turn.timings":
            reply.timings = event
        elif kind == "error":
            raise RuntimeError(f"{event['error']}")
        elif kind == "response.done":
            reply.at["done"] = at
        return kind == "visavis.turn.timings" and "done" in reply.at

    def _moves(self, frames: str) -> bool:
        data = np.frombuffer(base64.b64decode(frames), "<i2").reshape(-1, len(self._channels)) / 32767
        columns = [self._channels.index(name) for name in MOUTH]
        return bool((data[:, columns] > MOVING).any())


@asynccontextmanager
async def call(port: int, persona: str, language: str = "auto") -> AsyncIterator[Caller]:
    """Connects and opens the microphone; everything is closed at the end."""
    address = f"ws://127.0.0.1:{port}/v1/realtime?model={persona}"
    async with websockets.connect(address, max_size=None) as socket:
        caller = Caller(socket)
        extension = {"motion": True, "language": language, "partials": True}
        await caller.send({"type": "session.update", "session": {"type": "realtime", "visavis": extension}})
        tasks = [asyncio.create_task(caller.read()), asyncio.create_task(caller.pump())]
        try:
            yield caller
        finally:
            for task in tasks:
                task.cancel()
            for task in tasks:
                with suppress(asyncio.CancelledError, websockets.ConnectionClosed):
                    await task
