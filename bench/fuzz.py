"""A hundred thousand messages and requests, right, nearly right and not at all, against a server of its own: it answers
each without a fault of its own, never hangs, and does not grow."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any, Final

import httpx
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from bench.fuzzing.requests import Requests
from bench.fuzzing.sockets import DOORS, Fuzzed
from bench.server import ServerProcess, serving
from visavis.weights.store import WeightStore

CASES: Final = int(os.environ.get("BENCH_CASES", "110000"))
_BATCH: Final = 20
_PARTS: Final = 3
_GROWTH_MIB: Final = 40.0
"""More than this over the last part of the cases counts as growth: what is kept within limits, such as chats that may
go on and 32 MiB of spoken lines, has the parts before it to fill up."""
_SETTLED_S: Final = 45.0
"""Seconds after the last message until what it took is given back."""

_ENVIRONMENT: Final = {"VISAVIS_ENGINES": "fake", "OLLAMA_BASE_URL": "", "VISAVIS_LOG_LEVEL": "error"}


def run(store: WeightStore, out: Path) -> dict[str, Any]:
    """A fifth of the cases over HTTP, the others shared by the WebSocket doors; counts, rates and memory."""
    report: dict[str, Any] = {"cases": {}, "seconds": {}}
    folders = {"VISAVIS_STUDIO": str(out / "fuzz-studio"), "VISAVIS_KNOWLEDGE": str(out / "fuzz-knowledge")}
    with serving(out / "fuzz.log", **_ENVIRONMENT, **folders) as server:
        memory = []
        for part in range(_PARTS):
            _each(server, CASES // _PARTS, report)
            time.sleep(_SETTLED_S)
            memory.append(round(server.memory_mib(), 1))
            print(f"  part {part + 1} of {_PARTS}: resident memory {memory[-1]:.0f} MiB", flush=True)
        healthy = httpx.get(f"{server.url}readyz").status_code == 200
    faults = [text for text in (out / "fuzz.log").read_text("utf-8", "replace").splitlines() if "Traceback" in text]
    total = sum(report["cases"].values())
    grown = memory[-1] - memory[-2]
    levels = " → ".join(f"{one:.0f}" for one in memory)
    print(f"  {total} in all; resident memory {levels} MiB; {len(faults)} faults in the log")
    if grown > _GROWTH_MIB or faults or not healthy:
        raise RuntimeError(f"the server grew by {grown:.0f} MiB, or failed {len(faults)} times: {out}/fuzz.log")
    return {**report, "total": total, "memory_mib": memory, "faults": len(faults)}


def _each(server: ServerProcess, cases: int, report: dict[str, Any]) -> None:
    requests = Requests(server.url)
    _timed(report, "http", cases // 5, partial(_over_http, requests))
    for name, door in DOORS.items():
        with Fuzzed(server.url.replace("http", "ws", 1).rstrip("/"), door) as fuzzed:
            share = round((cases - cases // 5) * door.share)
            _timed(report, name, share, partial(_over_socket, fuzzed, door.sent))


def _timed(report: dict[str, Any], name: str, cases: int, play: Callable[[int], int]) -> None:
    begin = time.monotonic()
    played = play(cases)
    took = time.monotonic() - begin
    report["cases"][name] = report["cases"].get(name, 0) + played
    report["seconds"][name] = report["seconds"].get(name, 0.0) + took
    print(f"  {name:24} {played:7} cases, {played / took:.0f} a second", flush=True)


def _plan(examples: int) -> settings:
    return settings(
        max_examples=examples,
        deadline=None,
        database=None,
        print_blob=False,
        phases=[Phase.generate, Phase.shrink],
        suppress_health_check=list(HealthCheck),
    )


def _over_http(requests: Requests, cases: int) -> int:
    sent = 0
    for operation in requests.operations:

        @_plan(max(1, cases // len(requests.operations)))
        @given(operation.as_strategy())
        def play(case: Any) -> None:
            nonlocal sent
            sent += 1
            requests.send(case)

        play()
    return sent


def _over_socket(fuzzed: Fuzzed, messages: st.SearchStrategy[str | bytes], cases: int) -> int:
    sent = 0

    @_plan(max(1, cases // _BATCH))
    @given(st.lists(messages, min_size=_BATCH, max_size=_BATCH))
    def play(batch: list[str | bytes]) -> None:
        nonlocal sent
        sent += len(batch)
        fuzzed.send(batch)

    play()
    return sent
