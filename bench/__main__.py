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
        try:
            result = importlib.import_module(f"bench.{name}").run(store, OUT)
        except Exception as error:
            failed.append(name)
            print(f"  failed: {error!r}")
            continue
        report = {"benchmark": name, "machine": machine(), **result}
        (OUT / f"{name}.json").write_text(json.dumps(report, indent=2, ensure_ascii=False) + "\n", "utf-8")
    print(f"\nWritten to {OUT.relative_to(Path.cwd()) if OUT.is_relative_to(Path.cwd()) else OUT}/*.json")
    if failed:
        print(f"Failed: {', '.join(failed)}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
