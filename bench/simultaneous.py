"""How many people may be answered at once with the real engines: first sound within 2.5 s, and what becomes of the
others when the setting lets only so many through."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Sequence
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any, Final

import numpy as np

from bench.server import ServerProcess, serving
from bench.speech import spoken
from bench.talk import Caller, Reply, call
from visavis.settings import TurnSettings
from visavis.weights.store import WeightStore

LIMIT_S: Final = 2.5
MOST: Final = int(os.environ.get("BENCH_PEOPLE", "5"))
ROUNDS: Final = int(os.environ.get("BENCH_ROUNDS", "8"))
PATIENCE: Final = 120.0

_LINES: Final[tuple[tuple[str, Any, str], ...]] = (
    ("What is the capital of France?", "en", "am_michael"),
    ("¿Qué me recomiendas desayunar hoy?", "es", "em_alex"),
    ("Can you tell me one thing to see there?", "en", "am_michael"),
    ("我喜欢散步，有什么建议吗？", "zh", "zm_yunjian"),
    ("What should I pack for a weekend in autumn?", "en", "am_michael"),
    ("¿Y si no me gustan los huevos?", "es", "em_alex"),
)


def run(store: WeightStore, out: Path) -> dict[str, Any]:
    """One to five people who stop speaking in the same moment, all let through; then five under the default setting.

    Seconds from a person's last voiced sample to the first sound; for those who had to wait, from the moment their
    turn came.
    """
    speeches = spoken(store, out / "speech", list(_LINES))
    everyone = {"VISAVIS_SESSIONS": str(MOST), "VISAVIS_TURNS_AT_ONCE": str(MOST)}
    table: dict[int, dict[str, float]] = {}
    with serving(out / "simultaneous.log", **everyone) as server:
        server.wait_for("ahead.done")
        for people in range(1, MOST + 1):
            replies = asyncio.run(_play(server, people, speeches))
            table[people] = _figures([one["first"] for one in replies])
            print(f"  {people} at once: {_line(table[people])}", flush=True)
    good = [people for people, figures in table.items() if figures["p99"] <= LIMIT_S]
    with serving(out / "simultaneous.log", VISAVIS_SESSIONS=str(MOST)) as server:
        server.wait_for("ahead.done")
        replies = asyncio.run(_play(server, MOST, speeches))
    waited = [one["waited"] for one in replies if one["waited"]]
    let = {
        "setting": TurnSettings().let_through,
        "after_its_turn_came": _figures([one["first"] - one["waited"] for one in replies]),
        "whole": _figures([one["first"] for one in replies]),
        "waited": _figures(waited) if waited else {},
        "told": sum(one["told"] for one in replies if one["waited"]),
        "of": len(waited),
    }
    print(f"  {MOST} at once, {let['setting']} let through: {_line(let['after_its_turn_came'])} after the turn came")
    print(f"    {let['of']} of {len(replies)} had to wait, {let['told']} of them were told; with the wait: ", end="")
    print(_line(let["whole"]))
    print(f"  most people at once within {LIMIT_S} s: {max(good, default=0)}")
    return {"limit_s": LIMIT_S, "people": table, "most_within_limit": max(good, default=0), "admission": let}


def _figures(seconds: Sequence[float]) -> dict[str, float]:
    p50, p95, p99 = (round(float(np.percentile(seconds, q)), 3) for q in (50, 95, 99))
    return {"n": len(seconds), "p50": p50, "p95": p95, "p99": p99, "max": round(max(seconds), 3)}


def _line(figures: dict[str, float]) -> str:
    return "  ".join(f"{name} {figures[name]:.2f} s" for name in ("p50", "p95", "p99")) + f"   n={figures['n']:.0f}"


async def _play(server: ServerProcess, people: int, speeches: Sequence[Any]) -> list[dict[str, Any]]:
    """Every round all of them speak, so that they end in the same moment, and hear their answers out."""
    replies: list[dict[str, Any]] = []
    async with AsyncExitStack() as stack:
        callers = [await stack.enter_async_context(call(server.port, "open")) for _ in range(people)]
        await asyncio.sleep(1.0)
        for round_ in range(ROUNDS):
            lines = [speeches[(round_ + number) % len(speeches)] for number in range(people)]
            longest = max(len(line) for line in lines)
            turns = [
                _turn(caller, line, (longest - len(line)) / 24_000) for caller, line in zip(callers, lines, strict=True)
            ]
            replies += await asyncio.gather(*turns)
            await asyncio.sleep(1.0)
    return replies


async def _turn(caller: Caller, speech: Any, delay: float) -> dict[str, Any]:
    await asyncio.sleep(delay)
    end = await caller.say(speech)
    reply = await caller.reply(PATIENCE)
    first = reply.since("audio", end)
    if first is None:
        raise RuntimeError(f"no sound came; there were {reply.events}")
    heard = sum(map(len, reply.audio)) / 48_000
    await asyncio.sleep(max(0.0, reply.at["audio"] + heard - reply.at["done"]))
    return {"first": first / 1000, "waited": _waited(reply), "told": "visavis.turn.waiting" in reply.events}


def _waited(reply: Reply) -> float:
    return (reply.timings.get("waited_ms") or 0.0) / 1000
