"""What is heard of a track that stops, and of one that only comes late."""

from __future__ import annotations

import asyncio
import time

import numpy as np
from aiortc import MediaStreamTrack
from av import AudioFrame

from visavis.core.media import AudioChunk
from visavis.server.webrtc.microphone import listen

RATE = 8_000
PACKET = RATE // 50


class Line(MediaStreamTrack):
    """Brings the packets that are put on it."""

    kind = "audio"

    def __init__(self) -> None:
        super().__init__()
        self.packets: asyncio.Queue[AudioFrame] = asyncio.Queue()

    def put(self) -> None:
        frame = AudioFrame.from_ndarray(np.full((1, PACKET), 8_192, np.int16), format="s16", layout="mono")
        frame.sample_rate = RATE
        self.packets.put_nowait(frame)

    async def recv(self) -> AudioFrame:
        return await self.packets.get()


class Ear:
    """Keeps what is heard; listens until it is closed."""

    def __init__(self, line: Line) -> None:
        self.heard: list[AudioChunk] = []
        self.task = asyncio.create_task(listen(line, self.heard.append))

    @property
    def silence(self) -> float:
        """Seconds."""
        return sum(chunk.duration for chunk in self.heard if not chunk.samples.any())

    @property
    def sound(self) -> float:
        """Seconds."""
        return sum(chunk.duration for chunk in self.heard if chunk.samples.any())


async def test_a_track_that_stops_is_silent_from_then_on() -> None:
    line = Line()
    ear = Ear(line)
    await asyncio.sleep(0.6)
    assert not ear.heard, "nothing has been heard yet that could stop"
    line.put()
    await asyncio.sleep(1.5)
    ear.task.cancel()
    assert ear.sound == 0.02
    assert 0.5 <= ear.silence <= 1.5


async def test_no_silence_gets_between_when_we_were_held_up() -> None:
    line = Line()
    ear = Ear(line)
    for _ in range(5):
        line.put()
        await asyncio.sleep(0.01)
        asyncio.get_running_loop().call_later(0.1, line.put)
        time.sleep(0.4)  # noqa: ASYNC251 - the whole process stands still, the packet waits
        await asyncio.sleep(0.02)
    ear.task.cancel()
    assert ear.silence == 0
    assert round(ear.sound, 2) == 0.2
