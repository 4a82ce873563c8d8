"""A hundred conversations at once on fake engines, each with a turn every ten seconds for five minutes: what our own
code adds to an answer, whether anything goes wrong, and whether the server grows."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final
from urllib.request import urlopen

import numpy as np
import psutil
from prometheus_client.parser import text_string_to_metric_families

from bench.server import ServerProcess, serving
from visavis.weights.store import WeightStore

PEOPLE: Final = int(os.environ.get("BENCH_PEOPLE", "100"))
SECONDS: Final = float(os.environ.get("BENCH_SECONDS", "300"))
PERIOD: Final = 10.0
LIMIT_MS: Final = 50.0

_ENVIRONMENT: Final = {
    "VISAVIS_ENGINES": "fake",
    "OLLAMA_BASE_URL": "",
    "VISAVIS_SESSIONS": str(PEOPLE),
    "VISAVIS_TURNS_AT_ONCE": str(PEOPLE),
    "VISAVIS_CONNECTIONS": str(2 * PEOPLE + 50),
    "VISAVIS_KEEP_LINES": "false",
}


def run(store: WeightStore, out: Path) -> dict[str, Any]:
    """One person alone, then all of them. A voice turn is timed from the packet with which its end could be known to
    the first sound at the client, a typed one from the request; the fake engines take no time but their own
    arithmetic, which is in the figures."""
    with serving(out / "load.log", **_ENVIRONMENT) as server:
        alone = _play(server, 1, 60, 5.0)["report"]
    with serving(out / "load.log", **_ENVIRONMENT) as server:
        # What a server prepares once, at its start, is no part of what its people cost.
        server.wait_for("ahead.done")
        played = _play(server, PEOPLE, SECONDS, PERIOD)
    report, minutes = played["report"], played["memory_mib"]
    for name, one in (("one person alone", alone), (f"{PEOPLE} people at once", report)):
        print(f"  {name}: {one['turns']} turns, {one['turns_wrong']} with something wrong {one['wrong'] or ''}")
        for kind in ("voice", "typed", "all"):
            if one[kind]:
                figures = "  ".join(f"{key} {value:7.1f}" for key, value in one[kind].items() if key != "n")
                print(f"    added, {kind:6} ms: {figures}   n={one[kind]['n']}")
    lag, own = played["loop_lag_ms"], report["own_lag_ms"]
    cost = f"{played['cpu_ms_per_person_second']:.1f} ms of them for each person and second"
    print(f"  server: {played['cores']:.2f} cores busy, {cost}")
    print(f"  its loop was late by at most {lag['p50']} ms p50, {lag['p99']} p99")
    print(f"  the crowd itself was late by {own['p99']:.1f} ms p99")
    print(f"  resident memory, MiB, each half minute: {' '.join(f'{value:.0f}' for value in minutes)}")
    return {
        "people": PEOPLE,
        "seconds": SECONDS,
        "alone": alone,
        **played,
        "meets": report["all"]["p99"] <= LIMIT_MS and not report["wrong"],
    }


def _play(server: ServerProcess, people: int, seconds: float, period: float) -> dict[str, Any]:
    process = psutil.Process(server.pid)
    before, begin = process.cpu_times(), time.monotonic()
    command = [sys.executable, "-m", "bench.crowd", str(server.port), str(people), str(seconds), str(period)]
    memory: list[float] = []
    with tempfile.TemporaryFile() as sheet, subprocess.Popen(command, stdout=sheet) as crowd:
        due = begin + 15.0
        while crowd.poll() is None:
            time.sleep(0.2)
            if time.monotonic() >= due:
                memory.append(server.memory_mib())
                due += 30.0
            if time.monotonic() - begin > seconds + 120:
                crowd.kill()
                raise RuntimeError("the crowd did not come to an end")
        sheet.seek(0)
        notes = json.load(sheet)
    after, wall = process.cpu_times(), time.monotonic() - begin
    busy = after.user + after.system - before.user - before.system
    return {
        "report": _report(notes, people * round(seconds / period)),
        "memory_mib": [round(value, 1) for value in memory],
        "cores": busy / wall,
        "cpu_ms_per_person_second": 1000 * busy / notes["person_seconds"],
        "loop_lag_ms": _lag(server),
    }


def _report(notes: dict[str, Any], turns: int) -> dict[str, Any]:
    voice, typed = notes["voice_ms"], notes["typed_ms"]
    return {
        "turns": turns,
        "turns_unanswered": turns - len(voice) - len(typed),
        "turns_wrong": sum(notes["wrong"].values()),
        "wrong": notes["wrong"],
        "voice": _percentiles(voice),
        "typed": _percentiles(typed),
        "all": _percentiles(voice + typed),
        "own_lag_ms": _percentiles(notes["own_lag_ms"]),
        "events": notes["events"],
    }


def _percentiles(values: list[float]) -> dict[str, float]:
    if not values:
        return {}
    found = {f"p{q}": round(float(np.percentile(values, q)), 2) for q in (50, 95, 99)}
    return {"min": min(values), **found, "max": max(values), "n": len(values)}


def _lag(server: ServerProcess) -> dict[str, float]:
    """Upper bounds, from the server's own histogram."""
    with urlopen(f"{server.url}metrics") as answer:
        text = answer.read().decode()
    counts = dict(_buckets(text))
    total = max(counts.values(), default=0.0)
    return {
        f"p{q}": min((le * 1000 for le, count in counts.items() if count >= total * q / 100), default=float("nan"))
        for q in (50, 95, 99)
    }


def _buckets(text: str) -> Iterator[tuple[float, float]]:
    for family in text_string_to_metric_families(text):
        if family.name == "visavis_loop_lag_seconds":
            for sample in family.samples:
                if sample.name.endswith("_bucket"):
                    yield float(sample.labels["le"]), sample.value
