"""Whole voice turns against the real server: from the last voiced sample sent to transcript, token, audio and mouth.

All times are taken at the client, at the other end of the socket, on its own clock.
"""

from __future__ import annotations

import asyncio
import tomllib
from pathlib import Path
from typing import Any

from bench.server import ServerProcess, serving
from bench.speech import spoken
from bench.stats import line, summary
from bench.talk import Reply, call
from visavis.weights.store import WeightStore

MOMENTS = {"transcript": "transcript", "first text": "text", "first audio": "audio", "first mouth movement": "mouth"}
PAUSE = 0.8
"""Seconds between the end of an answer and the next thing said."""


def run(store: WeightStore, out: Path) -> dict[str, Any]:
    """Plays `data/turns.toml`; milliseconds from the last voiced sample, per persona and all together."""
    talks = tomllib.loads((Path(__file__).parent / "data/turns.toml").read_text("utf-8"))["conversation"]
    lines = [(text, talk["language"], talk["voice"]) for talk in talks for text in talk["says"]]
    speeches = iter(spoken(store, out / "speech", lines))
    turns: list[dict[str, Any]] = []
    with serving(out / "turns.log") as server:
        server.wait_for("ahead.done")  # a server that has been up for a minute
        for talk in talks:
            said = [(text, next(speeches)) for text in talk["says"]]
            turns += asyncio.run(_converse(server, talk["persona"], talk["language"], said))
        memory = server.memory_mib()
    report: dict[str, Any] = {"memory_after_mib": round(memory), "turns": turns}
    for group in ("all", "genevieve", "open"):
        members = [turn for turn in turns if group in ("all", turn["persona"])]
        print(f" {group}: {len(members)} turns, milliseconds after the last voiced sample")
        report[group] = {}
        for name, key in MOMENTS.items():
            values = [turn[key] for turn in members if turn[key] is not None]
            print(line(f"end of speech → {name}", values, "ms"))
            report[group][name] = {**summary(values), "missing": len(members) - len(values)}
    for name, key in (("LLM request → first token", "llm_ms"), ("STT", "stt_ms"), ("TTS text → first audio", "tts_ms")):
        values = [turn["server"][key] for turn in turns if turn["server"].get(key) is not None]
        if values:
            print(line(f"in the server: {name}", values, "ms"))
            report[key] = summary(values)
    print(f"  resident memory after {len(turns)} turns: {memory:.0f} MiB")
    return report


async def _converse(
    server: ServerProcess, persona: str, language: str, said: list[tuple[str, Any]]
) -> list[dict[str, Any]]:
    turns = []
    async with call(server.port, persona) as caller:
        await asyncio.sleep(1.0)
        for text, samples in said:
            end = await caller.say(samples)
            reply = await caller.reply()
            turns.append(_row(persona, language, text, reply, end))
            print(f"  {persona} {language}: {text} → {reply.transcript!r} → {reply.said!r}", flush=True)
            heard = sum(map(len, reply.audio)) / 48_000
            started = reply.at.get("audio", end)
            left = started + heard - reply.at["done"]
            await asyncio.sleep(max(0.0, left) + PAUSE)
    return turns


def _row(persona: str, language: str, text: str, reply: Reply, end: float) -> dict[str, Any]:
    moments = {key: reply.since(key, end) for key in MOMENTS.values()}
    rounded = {key: None if value is None else round(value, 1) for key, value in moments.items()}
    heard = {
        "persona": persona,
        "language": language,
        "said": text,
        "transcript": reply.transcript,
        "answer": reply.said,
    }
    return {**heard, **rounded, "server": reply.timings}
