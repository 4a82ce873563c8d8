from __future__ import annotations

import subprocess
import sys

import click
import pytest
from click.testing import CliRunner

from visavis.cli import COMMANDS, main


def test_help_imports_nothing_heavy() -> None:
    code = (
        "import sys\nfrom visavis.cli import main\n"
        "try: main(['--help'])\nexcept SystemExit: pass\n"
        "heavy = {'numpy', 'cv2', 'fastapi', 'langgraph', 'pydantic', 'rich'} & set(sys.modules)\n"
        "assert not heavy, heavy\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert all(name in done.stdout for name in COMMANDS)


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_every_command_is_where_it_is_said_to_be(name: str) -> None:
    command = main.get_command(click.Context(main), name)
    assert command is not None and command.name == name
    assert CliRunner().invoke(main, [name, "--help"]).exit_code == 0


def test_an_unknown_command() -> None:
    result = CliRunner().invoke(main, ["sing"])
    assert result.exit_code == 2 and "sing" in result.output
