"""Turns at once, the line behind them, and who is told what."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from tests import virtual_time
from tests.live.scene import Echo, generating, resources, scene
from visavis.core.events import AudioDelta, ResponseDone, StateChanged, TimingsMeasured, Waiting
from visavis.engines.fake.llm import FakeLLM
from visavis.live.admission import Admission, Place


class Line:
    """Places in one line, and what each was told."""

    def __init__(self, limit: int, people: int) -> None:
        self.admission = Admission(limit)
        self.told: list[list[tuple[int, int]]] = [[] for _ in range(people)]
        self.begun: list[int] = []
        self.places: list[Place] = [self._place(number) for number in range(people)]

    def _place(self, number: int) -> Place:
        return self.admission.place(lambda position, length: self.told[number].append((position, length)))

    async def make(self, number: int, seconds: float = 1.0) -> None:
        try:
            await self.places[number].take()
            self.begun.append(number)
            await asyncio.sleep(seconds)
        finally:
            self.places[number].leave()


async def started(line: Line, numbers: Sequence[int]) -> list[asyncio.Task[None]]:
    tasks = []
    for number in numbers:
        tasks.append(asyncio.create_task(line.make(number)))
        await asyncio.sleep(0.01)
    return tasks


def test_so_many_at_once_and_the_others_in_order() -> None:
    async def play() -> None:
        line = Line(limit=2, people=5)
        for place in line.places:
            place.urge()
        tasks = await started(line, range(5))
        assert (line.admission.making, line.admission.waiting) == (2, 3)
        assert line.told == [[], [], [(1, 1), (1, 2), (1, 3)], [(2, 2), (2, 3)], [(3, 3)]]
        await asyncio.gather(*tasks)
        assert line.begun == [0, 1, 2, 3, 4]
        assert [told[-1:] for told in line.told] == [[], [], [(0, 0)], [(0, 0)], [(0, 0)]]
        assert (line.admission.making, line.admission.waiting) == (0, 0)
        assert line.admission.free

    virtual_time.run(play())


def test_who_has_finished_goes_before_who_may_still_speak() -> None:
    async def play() -> None:
        line = Line(limit=1, people=4)
        tasks = await started(line, range(4))
        assert line.told == [[], [], [], []]
        line.places[3].urge()
        assert line.told[3] == [(1, 1)]
        assert line.admission.waiting == 1
        await asyncio.gather(*tasks)
        assert line.begun == [0, 3, 1, 2]
        assert line.told == [[], [], [], [(1, 1), (0, 0)]]

    virtual_time.run(play())


def test_who_gives_up_leaves_no_hole() -> None:
    async def play() -> None:
        line = Line(limit=1, people=4)
        for place in line.places:
            place.urge()
        tasks = await started(line, range(4))
        tasks[1].cancel()
        await asyncio.sleep(0.1)
        assert line.told[2][-1] == (1, 2)
        tasks[0].cancel()
        await asyncio.sleep(0.1)
        assert line.begun == [0, 2]
        line.places[0].leave()
        await asyncio.gather(*tasks, return_exceptions=True)
        assert line.begun == [0, 2, 3]
        assert line.admission.making == 0

    virtual_time.run(play())


def test_a_turn_given_up_in_the_moment_it_is_let_in_frees_its_place() -> None:
    async def play() -> None:
        line = Line(limit=1, people=3)
        tasks = await started(line, range(3))
        line.places[0].leave()
        tasks[1].cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        assert line.begun == [0, 2]
        assert line.admission.making == 0

    virtual_time.run(play())


def test_two_people_speak_and_the_second_is_told_to_wait() -> None:
    async def play() -> None:
        slow = FakeLLM(["This takes its time to think of, word by word by word."], delay_s=0.3)
        made = resources(llm=slow, turns_at_once=1)
        flow = Echo(generating)
        async with scene(made, flow) as first, scene(made, flow) as second:
            await asyncio.gather(first.say("What is the sea?"), second.say("And what is the sky?"))
            await asyncio.gather(first.until(ResponseDone), second.until(ResponseDone))
            told = [*first.all(Waiting), *second.all(Waiting)]
            assert [(one.position, one.length) for one in told] == [(1, 1), (0, 0)]
            last = second if second.all(Waiting) else first
            early = first if last is second else second
            assert [one.state for one in last.all(StateChanged)][:3] == ["listening", "thinking", "speaking"]
            assert last.at(Waiting, 1) <= last.at(AudioDelta)
            assert early.at(AudioDelta) < last.at(Waiting, 1) + 0.01
            await asyncio.gather(first.until(TimingsMeasured), second.until(TimingsMeasured))
            assert early.all(TimingsMeasured)[0].timings.waited_ms is None
            waited = last.all(TimingsMeasured)[0].timings.waited_ms
            assert waited is not None
            assert waited > 500
            assert made.admission.making == 0

    virtual_time.run(play())


def test_a_place_is_free_again_when_the_answer_is_made_not_when_it_is_heard() -> None:
    async def play() -> None:
        made = resources(turns_at_once=1)
        async with scene(made) as s:
            await s.say("Tell me a very long story about the whole wide sea and all its fish.")
            await s.until(AudioDelta)
            await s.quiet(1.0)
            assert not s.all(ResponseDone)
            assert made.admission.making == 0

    virtual_time.run(play())


def test_who_waits_may_speak_on_and_the_line_forgets_the_first_part() -> None:
    async def play() -> None:
        slow = FakeLLM(["One long answer that is made slowly, word by word."], delay_s=0.5)
        made = resources(llm=slow, turns_at_once=1)
        flow = Echo(generating)
        async with scene(made, flow) as first, scene(made, flow) as second:
            await first.say("What is the sea?")
            await asyncio.gather(first.quiet(0.5), second.say("And what."))
            await second.until(Waiting)
            await second.say("And what is the sky?")
            assert made.admission.waiting <= 1
            await asyncio.gather(first.until(ResponseDone), second.until(ResponseDone))
            assert [text for role, text in second.said() if role == "user"][-1].endswith("And what is the sky?")
            assert (made.admission.making, made.admission.waiting) == (0, 0)

    virtual_time.run(play())


def test_a_greeting_waits_for_nobody() -> None:
    async def play() -> None:
        made = resources(llm=FakeLLM(["Slow answer."], delay_s=5.0), turns_at_once=1)
        async with scene(made, Echo(generating)) as first, scene(made) as second:
            await first.say("What is the sea?")
            await first.quiet(0.5)
            assert made.admission.making == 1
            await second.greet()
            await second.until(AudioDelta)
            assert not second.all(Waiting)
            assert not first.all(AudioDelta)

    virtual_time.run(play())
