"""What is known of an engine that lives elsewhere, and how it is kept true."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable

from tests import virtual_time
from visavis.core.errors import VisavisError
from visavis.engines.health import Health
from visavis.engines.watch import Watch

GONE = VisavisError("stt.unavailable", "The service does not answer.", retryable=True)
SLOW = VisavisError("stt.timeout", "The service was silent for 3 s.", retryable=True)


def test_who_listens_is_told_of_changes_only() -> None:
    health, told = Health(), list[VisavisError | None]()
    health.listen(told.append)
    health.recover()
    for _ in range(3):
        health.fail(GONE)
    assert health.error is GONE
    health.recover()
    health.recover()
    assert told == [GONE, None]


def test_it_knows_for_how_long_it_is_away() -> None:
    now = 100.0
    health = Health(clock=lambda: now)
    assert health.away == 0
    health.fail(GONE)
    now = 107.5
    health.fail(SLOW)
    assert health.away == 7.5
    health.recover()
    assert health.away == 0


async def test_one_can_wait_for_either() -> None:
    health = Health()
    await asyncio.wait_for(health.until_well(), 1)
    ill = asyncio.create_task(health.until_ill())
    await asyncio.sleep(0)
    assert not ill.done()
    health.fail(GONE)
    await asyncio.wait_for(ill, 1)
    well = asyncio.create_task(health.until_well())
    await asyncio.sleep(0)
    assert not well.done()
    health.recover()
    await asyncio.wait_for(well, 1)


class Seen:
    """A service whose answers are told in advance, and when each was asked for."""

    def __init__(self, answers: Iterable[VisavisError | None]) -> None:
        self.answers = list(answers)
        self.times: list[float] = []

    async def look(self) -> VisavisError | None:
        self.times.append(asyncio.get_running_loop().time())
        return self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]


def watched(answers: Iterable[VisavisError | None], seconds: float, during: Callable[[Watch], None]) -> Seen:
    """A watch over that service for some virtual seconds; `during` is called after the first of them."""
    seen = Seen(answers)

    async def run() -> None:
        health = Health(clock=asyncio.get_running_loop().time)
        health.listen(lambda error: states.append(error is None))
        watch = Watch(seen.look, health, lambda: (10.0, 2.0))
        watch.start()
        await asyncio.sleep(1.0)
        during(watch)
        await asyncio.sleep(seconds - 1.0)
        await watch.aclose()

    states: list[bool] = []
    virtual_time.run(run())
    seen.states = states  # type: ignore[attr-defined]
    return seen


def test_it_looks_now_and_then_while_all_is_well() -> None:
    seen = watched([None], 31, lambda watch: None)
    assert [round(at) for at in seen.times] == [0, 10, 20, 30]


def test_it_looks_often_while_it_is_not_and_notices_the_return() -> None:
    seen = watched([GONE, GONE, GONE, None, None], 15, lambda watch: None)
    gaps = [b - a for a, b in zip(seen.times, seen.times[1:], strict=False)]
    assert gaps[0] < gaps[1] < gaps[2] < 1
    assert gaps[3] > 9
    assert seen.states == [False, True]  # type: ignore[attr-defined]


def test_its_pauses_have_a_limit() -> None:
    seen = watched([GONE], 60, lambda watch: None)
    gaps = [b - a for a, b in zip(seen.times, seen.times[1:], strict=False)]
    assert max(gaps) < 2.01
    assert len(gaps) > 25


def test_one_slow_answer_is_no_death() -> None:
    assert watched([SLOW, None], 15, lambda watch: None).states == []  # type: ignore[attr-defined]
    assert watched([SLOW, SLOW, None], 15, lambda watch: None).states == [False, True]  # type: ignore[attr-defined]


def test_it_can_be_hurried() -> None:
    seen = watched([None], 5, lambda watch: watch.hurry())
    assert [round(at) for at in seen.times] == [0, 1]
