"""Those who leave, and those who read slowly or not at all."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncGenerator
from typing import Any

import pytest
from starlette.exceptions import HTTPException
from starlette.requests import Request

from visavis.core.errors import VisavisError
from visavis.server.openai.caller import Stream, event, while_there
from visavis.server.openai.gates import Gate
from visavis.server.openai.pump import Pump
from visavis.settings import ApiSettings

SCOPE: Any = {"type": "http", "method": "POST", "path": "/", "headers": []}


async def stays() -> Any:
    await asyncio.sleep(3600)


async def leaves() -> Any:
    await asyncio.sleep(0.02)
    return {"type": "http.disconnect"}


class Source:
    """Counts to `most`; knows whether it was closed, and how far it came."""

    def __init__(self, most: int, failure: VisavisError | None = None) -> None:
        self.most, self.failure, self.made, self.closed = most, failure, 0, False

    async def items(self) -> AsyncGenerator[bytes, None]:
        try:
            while self.made < self.most:
                self.made += 1
                yield str(self.made).encode()
                await asyncio.sleep(0)
            if self.failure:
                raise self.failure
        finally:
            self.closed = True


async def sent(
    source: Source, *, receive: Any = stays, limits: ApiSettings | None = None, blocks: int = 0
) -> list[Any]:
    """What goes to the caller; message number `blocks` is never taken."""
    messages: list[Any] = []

    async def send(message: Any) -> None:
        messages.append(message)
        if len(messages) == blocks:
            await stays()

    await Stream(source.items(), "text/plain", limits or ApiSettings())(SCOPE, receive, send)
    return messages


async def test_all_of_it() -> None:
    source = Source(3)
    messages = await sent(source)
    assert b"".join(one.get("body", b"") for one in messages) == b"123"
    assert messages[-1] == {"type": "http.response.body", "body": b"", "more_body": False}
    assert source.closed


async def test_leaving_closes_the_source() -> None:
    source = Source(10**9)
    began = time.perf_counter()
    messages = await sent(source, receive=leaves)
    assert time.perf_counter() - began < 1
    assert source.closed
    assert messages[-1]["more_body"]


async def test_reading_nothing_ends_it() -> None:
    source = Source(10**9)
    messages = await sent(source, blocks=5, limits=ApiSettings(patience=0.05))
    assert source.closed
    assert len(messages) == 5 and messages[-1]["more_body"]


async def test_it_does_not_last_for_ever() -> None:
    source = Source(10**9)
    assert (await sent(source, limits=ApiSettings(longest=0.05)))[-1]["more_body"]
    assert source.closed


async def test_a_failure_leaves_the_body_without_its_end() -> None:
    source = Source(2, VisavisError("tts.unavailable", "The voice is gone."))
    messages = await sent(source)
    assert messages[-1]["body"] == b"2" and messages[-1]["more_body"]


async def test_work_ends_when_the_caller_leaves() -> None:
    ended = asyncio.Event()

    async def work() -> None:
        try:
            await stays()
        finally:
            ended.set()

    with pytest.raises(HTTPException):
        await while_there(Request(SCOPE, leaves), work())
    assert ended.is_set()

    async def quick() -> int:
        return 7

    assert await while_there(Request(SCOPE, stays), quick()) == 7


async def test_an_engine_is_done_before_anybody_reads() -> None:
    gate = Gate(1, 1)
    source = Source(20)

    async def admitted() -> AsyncGenerator[bytes, None]:
        async with gate.place():
            async for item in source.items():
                yield item

    pump = Pump([admitted()], 64, gate.visit())
    await asyncio.sleep(0)  # it has the place
    async with asyncio.timeout(5), gate.place():  # free again although nothing was read
        assert source.closed
    assert [item async for _, item in pump] == [str(n).encode() for n in range(1, 21)]
    await pump.aclose()


async def test_a_full_gate_refuses_until_a_visit_ends() -> None:
    gate = Gate(1, 1)
    with gate.visit(), gate.visit():
        with pytest.raises(VisavisError) as caught, gate.visit():
            pass
        assert (caught.value.code, caught.value.retryable) == ("server.busy", True)
    with gate.visit():
        pass


async def test_streams_side_by_side_and_the_first_failure_ends_all() -> None:
    good, bad = Source(10**9), Source(3, VisavisError("llm.unavailable", "Gone."))
    gate = Gate(2, 0)
    pump = Pump([good.items(), bad.items()], 8, gate.visit())
    seen = []
    with pytest.raises(VisavisError, match="Gone"):
        async for number, _ in pump:
            seen.append(number)
    assert set(seen) == {0, 1} and good.closed and bad.closed
    with gate.visit(), gate.visit():
        pass


def test_events_are_one_line_each() -> None:
    assert event({"text": "a\nb — 你好"}) == 'data: {"text":"a\\nb — 你好"}\n\n'.encode()
