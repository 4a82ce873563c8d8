"""The worker: order, cancellation, bounds."""

from __future__ import annotations

import asyncio
import threading
import time
from functools import partial

import pytest

from visavis.core.errors import VisavisError
from visavis.engines.worker import DroppedError, Ticket, Worker


async def test_calls_run_in_order_one_at_a_time() -> None:
    worker = Worker("test")
    ran: list[int] = []
    inside: list[int] = []

    def call(number: int, _ticket: Ticket) -> int:
        inside.append(number)
        assert len(inside) == 1
        time.sleep(0.005)
        inside.pop()
        ran.append(number)
        return number

    results = await asyncio.gather(*(worker.run(partial(call, n)) for n in range(8)))
    assert results == ran == list(range(8))
    await worker.aclose()


async def test_a_waiting_call_that_is_cancelled_never_runs() -> None:
    worker = Worker("test")
    gate, ran = threading.Event(), []
    first = asyncio.create_task(worker.run(lambda _ticket: gate.wait(5)))
    second = asyncio.create_task(worker.run(lambda _ticket: ran.append(2)))
    third = asyncio.create_task(worker.run(lambda _ticket: ran.append(3)))
    await asyncio.sleep(0.02)
    second.cancel()
    await asyncio.sleep(0)
    gate.set()
    assert await first is True
    await third
    assert ran == [3]
    await worker.aclose()


async def test_a_running_call_that_is_cancelled_frees_its_place_at_once() -> None:
    worker = Worker("test")
    gate, ended = threading.Event(), []

    def stubborn(ticket: Ticket) -> None:
        gate.wait(5)
        try:
            ticket.check()
        except DroppedError:
            ended.append("dropped")
            raise

    running = asyncio.create_task(worker.run(stubborn))
    await asyncio.sleep(0.02)
    running.cancel()
    begin = time.perf_counter()
    assert await worker.run(lambda _ticket: "next") == "next"
    assert time.perf_counter() - begin < 0.1
    gate.set()
    with pytest.raises(asyncio.CancelledError):
        await running
    await worker.aclose()
    assert ended == ["dropped"]


async def test_errors_reach_the_caller_and_the_next_call_runs() -> None:
    worker = Worker("test")

    def fail(_ticket: Ticket) -> None:
        raise ValueError("no")

    with pytest.raises(ValueError, match="no"):
        await worker.run(fail)
    assert await worker.run(lambda _ticket: 1) == 1
    await worker.aclose()


async def test_too_many_calls_are_turned_away() -> None:
    worker = Worker("test", waiting=2)
    gate = threading.Event()
    calls = [asyncio.create_task(worker.run(lambda _ticket: gate.wait(5))) for _ in range(3)]
    await asyncio.sleep(0.02)
    with pytest.raises(VisavisError) as caught:
        await worker.run(lambda _ticket: None)
    assert caught.value.code == "test.busy" and caught.value.retryable
    gate.set()
    await asyncio.gather(*calls)
    await worker.aclose()


async def test_closing_cancels_what_waits() -> None:
    worker = Worker("test")
    gate = threading.Event()
    first = asyncio.create_task(worker.run(lambda _ticket: gate.wait(5)))
    second = asyncio.create_task(worker.run(lambda _ticket: None))
    await asyncio.sleep(0.02)
    closing = asyncio.create_task(worker.aclose())
    await asyncio.sleep(0.02)
    gate.set()
    await closing
    assert await first is True
    with pytest.raises(asyncio.CancelledError):
        await second
    with pytest.raises(VisavisError, match="closed"):
        await worker.run(lambda _ticket: None)
