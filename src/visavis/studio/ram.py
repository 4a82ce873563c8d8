"""How much memory a process and its children hold."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Final

_PROC: Final = Path("/proc")


def resident_mib() -> float | None:
    """MiB that this process and all below it hold in RAM, shared pages counted once for each; None where the system
    has no /proc."""
    total, to_do = 0, [os.getpid()]
    while to_do:
        process = _PROC / str(to_do.pop())
        try:
            total += int((process / "statm").read_text().split()[1])
            for children in (process / "task").glob("*/children"):
                to_do += map(int, children.read_text().split())
        except (OSError, IndexError, ValueError):
            continue  # it ended while it was looked at
    return total * os.sysconf("SC_PAGE_SIZE") / 2**20 if total else None
