"""Runs the benchmarks: `make bench`, or `make bench BENCH="turns stt"` for some of them.

Each benchmark is a module with `run(store, out) -> dict`; it prints its report and returns what is written as JSON.
"""

from __future__ import annotations

import importlib
import json
import platform
import sys
import time
from pathlib import Path
from typing import Any, Final

import psutil

from visavis.weights.store import WeightStore

ALL = (
    "startup",
    "llm",
    "stt",
    "tts",
    "turns",
    "interruption",
    "lipsync",
    "films",
    "render",
    "studio",
    "simultaneous",
    "load",
    "fuzz",
    "knowledge",
    "injections",
)
_QUIET: Final = 0.02
OUT = Path(__file__).parent / "out"


def machine() -> dict[str, object]:
    """What the numbers were measured on; the load says how quiet it was."""
    return {
        "cpu": platform.processor() or platform.machine(),
        "cores": psutil.cpu_count(),
        "memory_gib": round(psutil.virtual_memory().total / 2**30, 1),
        "load_1min": psutil.getloadavg()[0],
        "python": platform.python_version(),
        "at": time.strftime("%Y-%m-%d %H:%M"),
    }


def stolen(before: Any, after: Any) -> float:
    """The share of all processors' time between two `psutil.cpu_times` that a virtual machine's host gave to others; 0
    where that is not told."""
    took, whole = getattr(after, "steal", 0.0) - getattr(before, "steal", 0.0), sum(after) - sum(before)
    return round(took / whole, 3) if whole > 0 else 0.0


def main(names: list[str]) -> int:
    """Runs the named benchmarks (all by default), one after the other, and writes one JSON file each."""
    unknown = set(names) - set(ALL)
    if unknown:
        print(f"No such benchmark: {', '.join(sorted(unknown))}. There are: {', '.join(ALL)}.")
        return 2
    OUT.mkdir(exist_ok=True)
    store = WeightStore()
    failed = []
    for name in names or ALL:
        print(f"\n== {name} ==", flush=True)
        before = psutil.cpu_times()
        try:
            result = importlib.import_module(f"bench.{name}").run(store, OUT)
        except Exception as error:
            failed.append(name)
            print(f"  failed: {error!r}")
            continue
        host = stolen(before, psutil.cpu_times())
        if host > _QUIET:
            print(f"  meanwhile the host of this machine gave {host:.0%} of its processors to others")
        report = {"benchmark": name, "machine": machine(), "stolen": host, **result}
        (OUT / f"{name}.json").write_text(json.dumps(report, indent=2, ensure_ascii=False) + "\n", "utf-8")
    print(f"\nWritten to {OUT.relative_to(Path.cwd()) if OUT.is_relative_to(Path.cwd()) else OUT}/*.json")
    if failed:
        print(f"Failed: {', '.join(failed)}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
