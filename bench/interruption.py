"""Barge-in with clean speech against the real server: from the first voiced sample sent to the last audio received."""

from __future__ import annotations

import asyncio
import time
from pathlib import Path
from typing import Any

from bench.server import ServerProcess, serving
from bench.speech import spoken
from bench.stats import line, summary
from bench.talk import Caller, call
from visavis.weights.store import WeightStore

TRIALS = 20
QUESTION = "Please tell me a long story about a little boat on the sea."
INTERRUPTION = "Wait, please stop for a moment."
CUTS = ("visavis.cut", "output_audio_buffer.cleared", "input_audio_buffer.speech_started")


def run(store: WeightStore, out: Path) -> dict[str, Any]:
    """Interrupts twenty answers at different moments; milliseconds, and how much was sent ahead of what is heard."""
    lines: list[Any] = [(QUESTION, "en", "am_michael"), (INTERRUPTION, "en", "am_michael")]
    question, interruption = spoken(store, out / "speech", lines)
    with serving(out / "interruption.log") as server:
        results = [r for r in asyncio.run(_trials(server, question, interruption)) if r is not None]
    last_audio = [r["last_audio"] for r in results]
    told = [r["told"] for r in results]
    print(line("first voiced sample → last audio received", last_audio, "ms"))
    print(line("first voiced sample → client told to stop", told, "ms"))
    print(f"  {len(results)} of {TRIALS} answers were long enough to be interrupted")
    return {"last_audio_ms": summary(last_audio), "told_ms": summary(told), "trials": results}


async def _trials(server: ServerProcess, question: Any, interruption: Any) -> list[dict[str, float] | None]:
    results = []
    for number in range(TRIALS):
        async with call(server.port, "open", "en") as caller:
            await asyncio.sleep(0.5)
            await caller.say(question)
            results.append(await _interrupt(caller, interruption, 0.4 + 0.05 * number))
    return results


async def _interrupt(caller: Caller, interruption: Any, after: float) -> dict[str, float] | None:
    """Waits for audio, lets it play for `after` seconds, speaks, and watches what still comes."""
    async with asyncio.timeout(30):
        while (await caller.events.get())[1]["type"] != "response.output_audio.delta":
            pass
    await asyncio.sleep(after)
    ended = any(event["type"] == "response.done" for _, event in _drain(caller))
    if ended:
        return None
    start = time.monotonic()
    await caller.say(interruption)
    await asyncio.sleep(0.3)
    events = _drain(caller)
    told = next((at for at, event in events if event["type"] in CUTS), None)
    if told is None:
        return {"last_audio": 9999.0, "told": 9999.0}
    audio = [at for at, event in events if event["type"] == "response.output_audio.delta" and at >= start]
    return {"last_audio": max(0.0, (max(audio, default=start) - start) * 1000), "told": (told - start) * 1000}


def _drain(caller: Caller) -> list[tuple[float, dict[str, Any]]]:
    events = []
    while not caller.events.empty():
        events.append(caller.events.get_nowait())
    return events
