"""SECURITY.md promises nothing that no test holds."""

from __future__ import annotations

import ast
import re
from pathlib import Path

ROOT = Path(__file__).parents[1]
NAMED = re.compile(r"`(tests/[\w/]+\.py)::(\w+)`|`(web/tests/[\w/.-]+\.ts)`")


def threats() -> list[list[str]]:
    """The rows of the table: threat, defence, tests."""
    text = (ROOT / "SECURITY.md").read_text("utf-8").partition("## What could happen")[2].partition("\n## ")[0]
    rows = [line for line in text.splitlines() if line.startswith("|")][2:]
    return [[cell.strip() for cell in row.strip("|").split("|")] for row in rows]


def functions(path: Path) -> set[str]:
    return {
        node.name
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    }


def test_every_line_of_the_threat_model_names_tests_that_are_there() -> None:
    rows = threats()
    assert len(rows) >= 30
    for row in rows:
        assert len(row) == 3, row
        threat, defence, tests = row
        assert threat, row
        assert defence, row
        named = NAMED.findall(tests)
        assert named, f"no test holds: {threat}"
        assert not NAMED.sub("", tests).strip(" ,"), f"not only tests: {tests}"
        for path, function, other in named:
            assert (ROOT / (path or other)).is_file(), path or other
            assert other or function in functions(ROOT / path), f"{path} has no {function}"
