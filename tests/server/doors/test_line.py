"""The transport inside the process is bounded both ways."""

from __future__ import annotations

import asyncio

import numpy as np

from visavis.core.commands import ClearAudio
from visavis.core.events import AmbientMotion, AudioDelta, InputCleared
from visavis.core.media import AudioChunk
from visavis.core.motion import CHANNELS, Motion
from visavis.server.doors.line import Line

SOUND = AudioDelta("resp", "item", AudioChunk(np.zeros(240, np.float32), 24_000))


async def test_events_come_in_order_and_end_with_the_session() -> None:
    line = Line()
    line.emit(InputCleared())
    line.emit(SOUND)
    line.close()
    line.emit(InputCleared())
    assert [await line.next() for _ in range(3)] == [InputCleared(), SOUND, None]


async def test_nobody_is_sent_a_face() -> None:
    line = Line()
    line.emit(AmbientMotion(Motion(np.zeros((1, len(CHANNELS)), np.float32), 0.0)))
    line.close()
    assert await line.next() is None


async def test_a_flush_drops_the_sound_alone() -> None:
    line = Line()
    for event in (SOUND, InputCleared(), SOUND):
        line.emit(event)
    line.flush()
    line.close()
    assert [await line.next() for _ in range(2)] == [InputCleared(), None]


async def test_commands_wait_for_room_until_the_session_ends() -> None:
    line = Line(limit=1)
    await line.ask(ClearAudio())
    waiting = asyncio.create_task(line.ask(ClearAudio()))
    await asyncio.sleep(0)
    assert not waiting.done()
    line.close()
    await asyncio.wait_for(waiting, 1)
    await asyncio.wait_for(line.ask(ClearAudio()), 1)


async def test_no_more_sound_is_made_than_the_door_takes() -> None:
    line = Line()
    for _ in range(65):
        line.emit(SOUND)
    writing = asyncio.create_task(line.writable())
    await asyncio.sleep(0)
    assert not writing.done()
    await line.next()
    await asyncio.wait_for(writing, 1)


async def test_a_door_that_takes_nothing_is_given_up() -> None:
    line = Line()
    for _ in range(5000):
        line.emit(InputCleared())
    count = 0
    async with asyncio.timeout(5):
        while await line.next() is not None:
            count += 1
    assert count == 4096
