"""The studio's use of the engines gives way to whoever talks."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Literal

import numpy as np
import pytest
from numpy.typing import NDArray

from tests.virtual_time import run
from visavis.core.conversation import Message
from visavis.core.errors import VisavisError
from visavis.core.media import AudioChunk
from visavis.engines.fake import spoken
from visavis.engines.fake.embedder import FakeEmbedder
from visavis.engines.fake.llm import FakeLLM
from visavis.engines.fake.stt import FakeSTT
from visavis.engines.fake.tts import FakeTTS, FakeTTSOptions
from visavis.engines.llm import LLMOptions
from visavis.engines.stt import STTOptions
from visavis.engines.tts import TTSOptions
from visavis.server.courtesy import CourteousEmbedder, CourteousLLM, CourteousSTT, CourteousTTS

LONG = 3.0
"""Seconds that each call takes."""


class Room:
    """A room in which somebody talks in these spans of seconds, and a log of what the engines sleep."""

    def __init__(self, *spans: tuple[float, float]) -> None:
        self._spans = spans
        self.stopped: list[float] = []
        self.begun = 0

    def quiet(self) -> bool:
        now = asyncio.get_running_loop().time()
        return not any(start <= now < end for start, end in self._spans)

    async def work(self, seconds: float) -> None:
        """What an engine does instead of thinking."""
        if seconds == 0:
            return
        self.begun += 1
        try:
            await asyncio.sleep(seconds)
        except asyncio.CancelledError:
            self.stopped.append(asyncio.get_running_loop().time())
            raise


async def transcribe(room: Room) -> str:
    stt = CourteousSTT(FakeSTT(delay=LONG, sleep=room.work), room.quiet)
    heard = await stt.transcribe(AudioChunk(spoken.encode("Hello.", 16_000), 16_000), STTOptions())
    return heard.text


async def speak(room: Room) -> str:
    tts = CourteousTTS(FakeTTS(FakeTTSOptions(delay=LONG), sleep=room.work), room.quiet)
    chunks = [chunk async for chunk in tts.synthesize("Hello.", TTSOptions("en"))]
    assert chunks[-1].final
    return chunks[0].text


async def think(room: Room) -> str:
    llm = CourteousLLM(FakeLLM(["Hello."], delay_s=LONG, sleep=room.work), room.quiet)
    asked = [Message(id="m", role="user", text="Hi.")]
    return "".join([delta.text async for delta in llm.generate(asked, LLMOptions())])


async def embed(room: Room) -> str:
    class SlowEmbedder(FakeEmbedder):
        async def embed(self, texts: Sequence[str], kind: Literal["query", "passage"]) -> NDArray[np.float32]:
            await room.work(LONG)
            return await super().embed(texts, kind)

    vectors = await CourteousEmbedder(SlowEmbedder(), room.quiet).embed(["Hello.", "你好"], "passage")
    assert vectors.shape == (2, 256)
    return "Hello."


CALLS = (transcribe, speak, think, embed)


@pytest.mark.parametrize("call", CALLS)
def test_in_a_quiet_room_an_engine_is_what_it_was(call: Callable[[Room], Awaitable[str]]) -> None:
    async def scene() -> None:
        room = Room()
        assert await call(room) == "Hello."
        assert room.stopped == []
        assert asyncio.get_running_loop().time() < LONG + 0.2

    run(scene())


@pytest.mark.parametrize("call", CALLS)
def test_who_begins_to_talk_stops_the_engine_at_once_and_it_begins_again_later(
    call: Callable[[Room], Awaitable[str]],
) -> None:
    async def scene() -> None:
        room = Room((1.0, 20.0), (21.0, 30.0))
        assert await call(room) == "Hello."
        assert room.begun == 3
        for start, stopped in zip((1.0, 21.0), room.stopped, strict=True):
            assert start <= stopped <= start + 0.11
        assert 30 + LONG <= asyncio.get_running_loop().time() < 30 + LONG + 0.7

    run(scene())


def test_an_error_of_the_engine_comes_through() -> None:
    async def scene() -> None:
        broken = VisavisError("llm.unavailable", "It is gone.")
        llm = CourteousLLM(FakeLLM([broken]), lambda: True)
        with pytest.raises(VisavisError) as failure:
            _ = [delta async for delta in llm.generate([Message(id="m", role="user", text="Hi.")], LLMOptions())]
        assert failure.value is broken

    run(scene())


def test_who_cancels_a_call_stops_the_engine() -> None:
    async def scene() -> None:
        room = Room()
        call = asyncio.create_task(transcribe(room))
        await asyncio.sleep(1.0)
        call.cancel()
        await asyncio.wait([call])
        assert call.cancelled()
        assert room.stopped == [pytest.approx(1.0)]

    run(scene())
