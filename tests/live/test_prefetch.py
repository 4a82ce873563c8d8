"""A stage that runs ahead: how far, and not while its gate is shut."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator

from tests import virtual_time
from tests.live.scene import Echo, generating, resources, scene
from visavis.core.events import ResponseDone
from visavis.live.prefetch import prefetch


async def _counting(taken: list[int]) -> AsyncGenerator[int, None]:
    for number in range(20):
        taken.append(number)
        yield number


def test_it_runs_ahead_to_its_limit_and_stops_at_a_shut_gate() -> None:
    async def play() -> None:
        async with asyncio.TaskGroup() as group:
            taken: list[int] = []
            gate = asyncio.Event()
            gate.set()
            items = prefetch(group, _counting(taken), 4, gate)
            await asyncio.sleep(0.1)
            assert len(taken) == 5
            gate.clear()
            got = [await anext(items) for _ in range(4)]
            await asyncio.sleep(0.1)
            assert got == [0, 1, 2, 3]
            assert len(taken) <= 6
            gate.set()
            assert [item async for item in items] == list(range(4, 20))

    virtual_time.run(play())


def test_an_answer_of_many_clauses_is_spoken_whole_though_thinking_pauses() -> None:
    async def play() -> None:
        async with scene(resources(), Echo(generating)) as s:
            await s.quiet(0.3)
            await s.say("Tell me one. Tell me two. Tell me three.")
            done = await s.until(ResponseDone)
            assert done.status == "completed"
            assert done.text.strip()

    virtual_time.run(play())
