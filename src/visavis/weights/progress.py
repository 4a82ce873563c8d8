"""How far a pull of several models has come."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

Phase = Literal["waiting", "download", "check", "done"]


@dataclass(frozen=True, slots=True)
class PullProgress:
    """`done` of `total` bytes of the whole set, and what is under way: the `model`, the `item` (a package or a file)
    and the phase: `waiting` for another process that pulls, `download`, `check` (joining and hashing), `done`."""

    model: str
    item: str
    phase: Phase
    done: int
    total: int


OnProgress = Callable[[PullProgress], None]
"""Called up to a few times a second, from the thread that pulls or those that fetch, by one of them at a time; what it
raises ends the pull."""
