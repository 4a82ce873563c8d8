"""`visavis models`."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from click.testing import CliRunner
from rich.console import Console

from tests.weights.shelf import entry, shelf
from visavis.core.errors import VisavisError
from visavis.weights.commands import models, pull_with_bar


def test_list_shows_every_model_and_its_state(tmp_path: Path) -> None:
    result = CliRunner().invoke(models, ["--root", str(tmp_path), "list"], env={"COLUMNS": "140"})
    assert result.exit_code == 0
    row = next(line for line in result.output.splitlines() if line.startswith("whisper-base"))
    assert "*" in row and "150.2 MB" in row and "MIT" in row and "not here" in row
    assert "†" in next(line for line in result.output.splitlines() if line.startswith("whisper-large-v3"))


def test_pull_of_an_unknown_model_fails_with_a_sentence(tmp_path: Path) -> None:
    result = CliRunner().invoke(models, ["--root", str(tmp_path), "pull", "nonsense"])
    assert result.exit_code == 1
    assert "There is no model 'nonsense'" in result.output and "Traceback" not in result.output


def test_verify_says_which_model_failed(tmp_path: Path) -> None:
    result = CliRunner().invoke(models, ["--root", str(tmp_path), "verify", "fer"])
    assert result.exit_code == 1
    assert "visavis models pull fer" in result.output
    assert "No model is here yet" in CliRunner().invoke(models, ["--root", str(tmp_path), "verify"]).output


@pytest.mark.parametrize("terminal", [True, False])
def test_the_bar_runs_to_the_end(tmp_path: Path, terminal: bool) -> None:
    (tmp_path / "f").write_bytes(b"x" * 5000)
    store = shelf(tmp_path / "root", entry("m", {"f": (b"x" * 5000, [[f"file:{tmp_path / 'f'}"]])}))
    out = io.StringIO()
    console = Console(file=out, force_terminal=terminal, width=100)
    pull_with_bar(store, ("m",), console)
    assert "Models are here" in out.getvalue()
    pull_with_bar(store, ("m",), console)
    assert "All models are here" in out.getvalue()
    with pytest.raises(VisavisError):
        pull_with_bar(store, ("n",), console)
