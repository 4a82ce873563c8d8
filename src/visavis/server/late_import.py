"""Imports what takes seconds, in a thread, while the server already answers."""

from __future__ import annotations

import asyncio
from importlib import import_module
from threading import Lock
from types import ModuleType
from typing import Final

_ONE_AT_A_TIME: Final = Lock()
"""Two threads that import one package's parts in different orders each find the other's half done, and fail."""


async def late_import(name: str) -> ModuleType:
    """The module; others that are wanted meanwhile wait. Raises what it raises while it is imported."""
    return await asyncio.to_thread(_import, name)


def _import(name: str) -> ModuleType:
    with _ONE_AT_A_TIME:
        return import_module(name)
