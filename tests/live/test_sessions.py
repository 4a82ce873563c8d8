"""Places, the queue, coming back, and leaving."""

from __future__ import annotations

import asyncio

import pytest

from tests import virtual_time
from tests.live.scene import Echo, resources, scene
from visavis.core.errors import VisavisError
from visavis.core.events import Notice, ResponseDone, StateChanged
from visavis.live.memory import Memory
from visavis.live.resources import LiveOptions
from visavis.live.role import Role
from visavis.live.sessions import Limits, Sessions


def memory() -> Memory:
    return Memory.fresh(Role("echo", "Echo", ("en",), {}, Echo()))


def test_first_come_first_served() -> None:
    async def play() -> None:
        sessions = Sessions(Limits(places=2, queue=5))
        served: list[int] = []
        told: dict[int, list[tuple[int, int]]] = {}

        async def visit(number: int) -> None:
            await asyncio.sleep(number * 0.01)
            async with sessions.place(lambda position, length: told.setdefault(number, []).append((position, length))):
                served.append(number)
                assert sessions.busy <= 2
                await asyncio.sleep(1)

        await asyncio.gather(*(visit(number) for number in range(6)))
        assert served == list(range(6))
        assert 0 not in told
        assert told[5][0] == (4, 4)
        assert list(dict.fromkeys(position for position, _ in told[5])) == [4, 3, 2, 1]
        assert sessions.busy == 0

    virtual_time.run(play())


def test_a_full_queue_is_said() -> None:
    async def play() -> None:
        sessions = Sessions(Limits(places=1, queue=0))
        async with sessions.place(lambda *_: None):
            with pytest.raises(VisavisError) as refused:
                async with sessions.place(lambda *_: None):
                    pass
        assert refused.value.code == "sessions.full"
        assert refused.value.retryable

    virtual_time.run(play())


def test_who_leaves_the_queue_frees_it() -> None:
    async def play() -> None:
        sessions = Sessions(Limits(places=1, queue=2))

        async def visit() -> None:
            async with sessions.place(lambda *_: None):
                await asyncio.sleep(1)

        first = asyncio.create_task(visit())
        await asyncio.sleep(0)
        gone, last = asyncio.create_task(visit()), asyncio.create_task(visit())
        await asyncio.sleep(0.5)
        assert sessions.waiting == 2
        gone.cancel()
        await asyncio.gather(first, last, gone, return_exceptions=True)
        assert (sessions.busy, sessions.waiting) == (0, 0)

    virtual_time.run(play())


def test_a_dropped_conversation_can_be_resumed_with_its_token() -> None:
    async def play() -> None:
        sessions = Sessions(Limits(resume=60))
        ticket = sessions.open(memory())
        sessions.leave(ticket)
        await asyncio.sleep(59)
        again = await sessions.resume(ticket.id, ticket.token)
        assert again.memory is ticket.memory
        sessions.leave(again)
        for wrong in ((ticket.id, "guess"), ("sess_0", ticket.token)):
            with pytest.raises(VisavisError, match="not known here"):
                await sessions.resume(*wrong)
        await asyncio.sleep(61)
        with pytest.raises(VisavisError) as old:
            await sessions.resume(ticket.id, ticket.token)
        assert old.value.code == "session.unknown"

    virtual_time.run(play())


def test_resuming_ends_the_connection_that_was_thought_alive() -> None:
    async def play() -> None:
        sessions = Sessions(Limits())
        ticket = sessions.open(memory())
        loop = asyncio.get_running_loop()
        ticket.hang_up = lambda: (loop.call_later(0.2, sessions.leave, ticket), None)[1]
        again = await sessions.resume(ticket.id, ticket.token)
        assert again is ticket
        assert loop.time() >= 0.2

    virtual_time.run(play())


def test_only_so_many_are_remembered() -> None:
    async def play() -> None:
        sessions = Sessions(Limits(places=1, resume=1000))
        tickets = [sessions.open(memory()) for _ in range(20)]
        for ticket in tickets:
            sessions.leave(ticket)
        await sessions.resume(tickets[-1].id, tickets[-1].token)
        with pytest.raises(VisavisError):
            await sessions.resume(tickets[0].id, tickets[0].token)

    virtual_time.run(play())


def test_the_conversation_goes_on_after_a_drop() -> None:
    async def play() -> None:
        made = resources()
        async with scene(made) as first:
            await first.say("I want to learn Python.")
            await first.until(ResponseDone)
            await first.until(StateChanged, 4)
        async with scene(made, memory=first.memory) as second:
            await second.say("And what else?")
            await second.until(ResponseDone)
            assert [text for role, text in second.said() if role == "user"] == [
                "I want to learn Python.",
                "And what else?",
            ]
            assert second.memory.state == 2

    virtual_time.run(play())


def test_hanging_up_midway_keeps_only_what_was_heard() -> None:
    async def play() -> None:
        async with scene(resources()) as s:
            await s.say("Tell me everything about the sea.")
            await s.until(StateChanged, 3)
            await s.quiet(0.7)
        role, text = s.said()[-1]
        assert role == "assistant"
        assert "You said: Tell me everything about the sea.".startswith(text)
        assert len(text) < 20

    virtual_time.run(play())


def test_an_idle_session_is_ended_with_a_word() -> None:
    async def play() -> None:
        async with scene(resources(options=LiveOptions(idle_timeout=30))) as s:
            await s.say("Hello there.")
            await s.until(ResponseDone)
            before = asyncio.get_running_loop().time()
            notice = await s.client.wait_for(Notice)
            assert isinstance(notice, Notice)
            assert notice.code == "session.idle"
            assert 25 <= asyncio.get_running_loop().time() - before <= 40

    virtual_time.run(play())
