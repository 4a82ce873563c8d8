"""docs/seeds.md names tests that are there, every test of an example is named in it, and so is every refusal."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from visavis.server.doors.refusals import REFUSALS
from visavis.server.problems import status_of

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


def test_every_refusal_has_the_status_that_it_is_said_to_have() -> None:
    rows = [f"| `{code}` | {status} | {when} |" for code, (status, when) in REFUSALS.items()]
    assert {code: status_of(code) for code in REFUSALS} == {code: status for code, (status, _) in REFUSALS.items()}
    assert PAGE.endswith("\n".join(rows) + "\n")


def test_every_refusal_is_described() -> None:
    doors = FOLDER.parents[2] / "src" / "visavis" / "server" / "doors"
    raised = set[str]()
    for path in doors.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "VisavisError":
                first = node.args[0]
                raised |= {str(first.value)} if isinstance(first, ast.Constant) else set()
    assert "audio.no_words" in raised
    assert raised <= set(REFUSALS)
