"""Somebody who calls over WebRTC: a peer of its own, with a voice and ears."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from fractions import Fraction
from typing import Any

import httpx
import numpy as np
from aiortc import (
    MediaStreamTrack,
    RTCBundlePolicy,
    RTCConfiguration,
    RTCPeerConnection,
    RTCSessionDescription,
)
from aiortc.mediastreams import MediaStreamError
from av import AudioFrame

from tests.server.serving import Served
from visavis.core.media import Samples

RATE = 24_000
FRAME = RATE // 50


class Mouth(MediaStreamTrack):
    """Says what it is given, in real time, and is silent otherwise."""

    kind = "audio"

    def __init__(self) -> None:
        super().__init__()
        self.samples = np.zeros(0, np.float32)
        self._at = 0
        self._start = 0.0

    def say(self, samples: Samples) -> None:
        self.samples = np.concatenate([self.samples, samples])

    async def recv(self) -> AudioFrame:
        clock = asyncio.get_running_loop().time
        self._start = self._start or clock()
        await asyncio.sleep(self._start + self._at / RATE - clock())
        taken, self.samples = self.samples[:FRAME], self.samples[FRAME:]
        taken = np.pad(taken, (0, FRAME - len(taken)))
        frame = AudioFrame.from_ndarray((taken * 32767).astype(np.int16)[None], format="s16", layout="mono")
        frame.sample_rate, frame.time_base, frame.pts = RATE, Fraction(1, RATE), self._at
        self._at += FRAME
        return frame


class Caller:
    """One call from the caller's side."""

    def __init__(self) -> None:
        self.peer = RTCPeerConnection(RTCConfiguration(iceServers=[], bundlePolicy=RTCBundlePolicy.MAX_BUNDLE))
        self.mouth = Mouth()
        self.peer.addTrack(self.mouth)
        self.channel = self.peer.createDataChannel("oai-events")
        self.events: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        self.channel.on("message", lambda text: self.events.put_nowait(json.loads(text)))
        self.gone = asyncio.Event()
        self.channel.on("close", self.gone.set)
        self.sounding = asyncio.Event()
        self.heard: list[tuple[float, Samples]] = []
        self._ears: asyncio.Task[None] | None = None
        self.peer.on("track", self._on_track)
        self.address = ""

    def _on_track(self, track: MediaStreamTrack) -> None:
        self._ears = asyncio.create_task(self._listen(track))

    async def _listen(self, track: MediaStreamTrack) -> None:
        while True:
            try:
                frame = await track.recv()
            except MediaStreamError:
                return
            assert isinstance(frame, AudioFrame)
            samples = frame.to_ndarray().reshape(-1, len(frame.layout.channels)).mean(1) / 32768
            if np.abs(samples).max() > 0.02:
                self.sounding.set()
            self.heard.append((asyncio.get_running_loop().time(), samples.astype(np.float32)))

    @property
    def sound(self) -> Samples:
        """All that was heard, at 48 kHz."""
        return np.concatenate([samples for _, samples in self.heard])

    async def offer(self) -> str:
        await self.peer.setLocalDescription(await self.peer.createOffer())
        return str(self.peer.localDescription.sdp)

    async def connect(self, answer: httpx.Response) -> None:
        assert answer.status_code == 201, answer.text
        assert answer.headers["content-type"].startswith("application/sdp")
        self.address = answer.headers["location"]
        await self.peer.setRemoteDescription(RTCSessionDescription(answer.text, "answer"))

    def send(self, kind: str, **fields: Any) -> None:
        self.channel.send(json.dumps({"type": kind, **fields}))

    async def until(self, kind: str, patience: float = 60) -> list[dict[str, Any]]:
        """All events up to the first of that type, which is last."""
        events: list[dict[str, Any]] = []
        async with asyncio.timeout(patience):
            while not events or events[-1]["type"] != kind:
                events.append(await self.events.get())
        return events

    async def close(self) -> None:
        await self.peer.close()
        if self._ears is not None:
            self._ears.cancel()


@asynccontextmanager
async def calling(server: Served, model: str = "open", **options: Any) -> AsyncIterator[Caller]:
    """A call that has its session, which it is the end of."""
    caller = Caller()
    try:
        async with httpx.AsyncClient(base_url=server.http, timeout=60) as client:
            headers = {"content-type": "application/sdp", **options.get("headers", {})}
            path = f"/v1/realtime/calls?model={model}"
            await caller.connect(await client.post(path, content=await caller.offer(), headers=headers))
        await caller.until("session.created")
        yield caller
    finally:
        await caller.close()
