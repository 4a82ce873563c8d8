"""docs/seeds.md names tests that are there, and every test of an example is named in it."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

FOLDER = Path(__file__).parent
PAGE = (FOLDER.parents[2] / "docs" / "seeds.md").read_text("utf-8")


@pytest.mark.parametrize("module", ["test_seed_000.py", "test_seed_001.py", "test_seed_002.py"])
def test_every_example_has_its_test(module: str) -> None:
    tree = ast.parse((FOLDER / module).read_text("utf-8"))
    tests = {
        node.name for node in tree.body if isinstance(node, ast.AsyncFunctionDef) and node.name.startswith("test_")
    }
    section = PAGE.split(f"tests/server/doors/{module}", 1)[1].split("\n## ", 1)[0]
    assert set(re.findall(r"`(test_\w+)`", section)) == tests
