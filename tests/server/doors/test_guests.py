"""Conversations are kept for a while, and not too many of them."""

from __future__ import annotations

import asyncio

import pytest

from tests.virtual_time import run
from visavis.core.errors import VisavisError
from visavis.live.role import Role
from visavis.personas.flows import make_flow
from visavis.personas.persona import load_personas
from visavis.server.doors.guests import Guests

ROLE = Role("open", "Theo", ("en",), {}, make_flow(load_personas()["open"], ()))


class Clock:
    """Time that passes when told."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def code_of(guests: Guests, name: str) -> str:
    with pytest.raises(VisavisError) as caught:
        guests.find("", name)
    return caught.value.code


def test_a_conversation_goes_on_under_its_id() -> None:
    guests = Guests(limit=4, keep=60.0)
    one = guests.open(ROLE, "")
    assert len(one.id) > 20
    assert guests.open(ROLE, "", one.id) is one
    assert guests.find("", one.id) is one
    assert one.phase == "chatting"


def test_it_is_forgotten_when_it_was_not_used_for_long() -> None:
    clock = Clock()
    guests = Guests(limit=4, keep=60.0, clock=clock)
    guests.open(ROLE, "", "old")
    clock.now = 50.0
    guests.open(ROLE, "", "young")
    clock.now = 61.0
    assert code_of(guests, "old") == "session.unknown"
    assert guests.find("", "young")


def test_the_longest_unused_goes_when_there_are_too_many() -> None:
    clock = Clock()
    guests = Guests(limit=2, keep=60.0, clock=clock)
    for name in ("first", "second", "first", "third"):
        clock.now += 1
        guests.open(ROLE, "", name)
    assert code_of(guests, "second") == "session.unknown"
    assert guests.find("", "first")
    assert guests.find("", "third")


async def test_nobody_is_forgotten_while_they_talk() -> None:
    guests = Guests(limit=1, keep=60.0)
    one = guests.open(ROLE, "", "talking")
    async with one.exchange():
        guests.open(ROLE, "", "other")
        assert guests.find("", "talking") is one


def test_a_deleted_one_is_gone() -> None:
    guests = Guests(limit=2, keep=60.0)
    guests.open(ROLE, "", "mine")
    guests.forget("", "mine")
    assert code_of(guests, "mine") == "session.unknown"


def test_nobody_finds_the_conversation_of_another_key() -> None:
    guests = Guests(limit=2, keep=60.0)
    mine = guests.open(ROLE, "key_a", "chat")
    with pytest.raises(VisavisError):
        guests.find("key_b", "chat")
    assert guests.open(ROLE, "key_b", "chat") is not mine


def test_one_request_at_a_time_and_none_waits_for_ever() -> None:
    async def scene() -> str:
        one = Guests(limit=2, keep=60.0).open(ROLE, "")
        async with one.exchange():
            with pytest.raises(VisavisError) as caught:
                async with one.exchange():
                    pass
        async with one.exchange():
            return caught.value.code

    assert run(scene()) == "session.busy"


def test_the_next_request_goes_on_when_the_first_is_done() -> None:
    async def scene() -> list[str]:
        one, log = Guests(limit=2, keep=60.0).open(ROLE, ""), list[str]()

        async def talk(name: str) -> None:
            async with one.exchange():
                log.append(f"{name} begins")
                await asyncio.sleep(1)
                log.append(f"{name} ends")

        await asyncio.gather(talk("a"), talk("b"))
        return log

    assert run(scene()) == ["a begins", "a ends", "b begins", "b ends"]
