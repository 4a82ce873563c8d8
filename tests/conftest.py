"""In which order tests run."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import pytest

LONG: Final = frozenset({
    "server/test_kill.py",
    "server/test_engines_apart.py",
    "server/test_real_turn.py",
    "studio/test_resuming.py",
    "studio/test_controls.py",
    "studio/test_alignment_real.py",
    "personas/test_advisor_real.py",
    "weights/test_pull.py",
})  # fmt: skip
"""Files of a few long tests: begun first, so that no worker is left alone with one at the end."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Puts the long files first; the order is kept otherwise."""
    here = Path(__file__).parent
    items.sort(key=lambda item: item.path.relative_to(here).as_posix() not in LONG)
