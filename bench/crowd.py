"""Many people at once against one server, from a process of their own; writes what they noted as JSON.

`python -m bench.crowd PORT PEOPLE SECONDS PERIOD`: each takes a turn every PERIOD seconds, spread evenly.
"""

from __future__ import annotations

import asyncio
import gc
import json
import sys
import time

from bench.line import dial
from bench.person import LINES, TOGETHER, Notes, Person, deciding, room, said

_SLOTS = 32
"""The people's packets are spread over the 32 ms, a slot each millisecond."""


async def crowd(port: int, people: int, seconds: float, period: float) -> dict[str, object]:
    """Plays it and returns the notes."""
    notes = Notes()
    for packets in range(1, TOGETHER + 1):
        room(packets)
    for text in LINES:
        said(text)
        deciding(text)
    gc.freeze()
    all_of_them = [Person(number, notes) for number in range(people)]
    lags: list[float] = []
    pump = asyncio.create_task(_pump(all_of_them, lags))
    for person in all_of_them:
        person.connect(await dial(port, "model=open", person.hear))
        await asyncio.sleep(0.02)
    await asyncio.sleep(2)
    begin = time.monotonic()
    lags.clear()
    for turn in range(round(seconds / period)):
        for number, person in enumerate(all_of_them):
            due = begin + (turn + number / people) * period
            await asyncio.sleep(max(0.0, due - time.monotonic()))
            person.take_turn(time.monotonic())
    await asyncio.sleep(min(period, 8.0))
    pump.cancel()
    for person in all_of_them:
        person.hang_up()
    return {
        "voice_ms": [round(value, 2) for value in notes.voice],
        "typed_ms": [round(value, 2) for value in notes.typed],
        "wrong": dict(notes.wrong),
        "events": dict(notes.events),
        "person_seconds": sum(person.seconds for person in all_of_them),
        "own_lag_ms": [round(lag * 1000, 2) for lag in sorted(lags)[:: max(1, len(lags) // 1000)]],
    }


async def _pump(people: list[Person], lags: list[float]) -> None:
    """Sends everybody's packets in real time; notes how late it is itself, in seconds."""
    begin, tick = time.monotonic(), 0
    while True:
        late = time.monotonic() - (begin + tick / 1000)
        if late < 0:
            await asyncio.sleep(-late)
            late = time.monotonic() - (begin + tick / 1000)
        lags.append(late)
        for person in people[tick % _SLOTS :: _SLOTS]:
            person.packet(time.monotonic())
        tick += 1
        if tick % 5 == 0:
            await asyncio.sleep(0)


if __name__ == "__main__":
    port, people, seconds, period = sys.argv[1:]
    print(json.dumps(asyncio.run(crowd(int(port), int(people), float(seconds), float(period)))))
