"""What is done ahead of time, in which order, and for whom."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from contextlib import suppress
from typing import Any, Literal

from tests.virtual_time import run
from visavis.core.errors import VisavisError
from visavis.core.language import Language
from visavis.server.warming import Chore, work_ahead

TAKES = 5.0
"""Seconds a chore."""


class House:
    """Chores that take time, a log of those done, and visitors who come, talk and go by the clock."""

    def __init__(self) -> None:
        self.done: list[tuple[str, str, float]] = []
        self.begun = 0
        self.visits: list[tuple[float, float, tuple[str, Language]]] = []
        self.talk: list[tuple[float, float]] = []

    def chore(self, role: str, language: Language, kind: Literal["prompts", "lines"] = "prompts") -> Chore:
        async def work() -> None:
            self.begun += 1
            await asyncio.sleep(TAKES)
            self.done.append((role, language, asyncio.get_running_loop().time()))

        return Chore(kind, role, language, work)

    def quiet(self) -> bool:
        now = asyncio.get_running_loop().time()
        return not any(start <= now < end for start, end in self.talk)

    def present(self) -> list[tuple[str, Language]]:
        now = asyncio.get_running_loop().time()
        return [who for start, end, who in self.visits if start <= now < end]

    def work(self, *waiting: Chore) -> list[tuple[str, str]]:
        run(work_ahead(waiting, self.quiet, self.present))
        return [(role, language) for role, language, _ in self.done]


def test_the_order_is_kept_while_nobody_is_there() -> None:
    house = House()
    assert house.work(house.chore("ada", "en"), house.chore("ada", "es"), house.chore("bob", "en")) == [
        ("ada", "en"),
        ("ada", "es"),
        ("bob", "en"),
    ]


def test_only_for_who_is_there_where_that_is_wanted() -> None:
    house = House()
    house.visits = [(20.0, 60.0, ("bob", "es"))]

    async def for_a_while() -> None:
        waiting = [house.chore("ada", "en"), house.chore("bob", "es")]
        with suppress(TimeoutError):
            async with asyncio.timeout(120):
                await work_ahead(waiting, house.quiet, house.present, rest=False)

    run(for_a_while())
    assert [(role, language) for role, language, _ in house.done] == [("bob", "es")]
    assert house.begun == 1


def test_who_is_there_comes_first_and_the_rest_waits_until_they_have_gone() -> None:
    house = House()
    house.visits = [(1.0, 60.0, ("bob", "es"))]
    order = house.work(house.chore("ada", "en"), house.chore("bob", "en"), house.chore("bob", "es"))
    assert order == [("bob", "es"), ("ada", "en"), ("bob", "en")]
    when = [time for _, _, time in house.done]
    assert when[0] < 1 + TAKES + 2
    assert when[1] > 60 + TAKES - 1


def test_talk_drops_the_chore_at_hand_which_is_done_later() -> None:
    house = House()
    house.talk = [(2.0, 30.0)]
    house.work(house.chore("ada", "en"))
    assert house.begun == 2
    assert 30 + TAKES <= house.done[0][2] < 30 + TAKES + 2


def test_a_failing_kind_is_left_and_the_other_goes_on() -> None:
    house = House()

    async def fails() -> None:
        raise VisavisError("llm.unavailable", "There is no language model.")

    failing: Callable[[], Coroutine[Any, Any, None]] = fails
    lines = house.chore("ada", "en", "lines")
    assert house.work(Chore("prompts", "ada", "en", failing), house.chore("ada", "es"), lines) == [("ada", "en")]
    assert house.begun == 1
