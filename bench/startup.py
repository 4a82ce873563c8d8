"""From the command to ready, and the memory it takes: a second start, with the weights on disk."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from bench.server import serving
from bench.stats import line, summary
from visavis.weights.store import WeightStore

STARTS = 5


def run(store: WeightStore, out: Path) -> dict[str, Any]:
    """Starts the real server five times; seconds until `/readyz` answers 200, MiB resident then."""
    seconds, memory = [], []
    for number in range(STARTS):
        with serving(out / f"startup-{number}.log") as server:
            seconds.append(server.ready_after)
            memory.append(server.memory_mib())
    print(line("process start → /readyz 200", seconds, "s"))
    print(line("resident memory when ready", memory, "MiB"))
    return {"ready_s": summary(seconds), "memory_mib": summary(memory)}
