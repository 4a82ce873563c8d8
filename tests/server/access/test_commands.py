"""Keys on the command line, and a start that leaves no door open by accident."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from visavis.cli import main
from visavis.server.access.keys import PREFIX, KeyStore


@pytest.fixture
def keys(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "keys.json"
    monkeypatch.setenv("VISAVIS_KEYS", str(path))
    monkeypatch.setenv("VISAVIS_ENGINES", "fake")
    monkeypatch.setenv("VISAVIS_HOME", str(tmp_path))
    for name in ("SHARED_SECRET", "VISAVIS_API_KEY", "VISAVIS_ACCESS", "VISAVIS_HOSTS", "VISAVIS_HOST"):
        monkeypatch.delenv(name, raising=False)
    return path


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, arguments)


def test_a_key_is_made_listed_and_removed(keys: Path) -> None:
    assert "no keys" in run("keys", "list").stdout
    added = run("keys", "add", "Ada", "--quota", "100/day")
    text = added.stdout.strip()
    assert text.startswith(PREFIX)
    assert "cannot be" in run("keys", "add", "--help").stdout
    found = KeyStore(keys).find(text)
    assert found is not None
    assert found.quota == "100/day"
    listed = run("keys", "list").stdout
    assert "Ada" in listed
    assert text not in listed
    assert run("keys", "remove", "Ada").exit_code == 0
    assert KeyStore(keys).find(text) is None


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("remove", "Nobody"), "no key 'Nobody'"),
        (("add", " "), "1 to 64"),
        (("add", "Ada", "--quota", "lots"), "not a limit"),
    ],
)
def test_mistakes_are_said_in_a_sentence(keys: Path, arguments: tuple[str, ...], sentence: str) -> None:
    result = run("keys", *arguments)
    assert result.exit_code == 1
    assert sentence in result.stderr
    assert not keys.exists()


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "10.1.2.3"])
def test_a_server_for_others_does_not_start_without_a_key(keys: Path, host: str) -> None:
    result = run("serve", "--host", host, "--port", "0")
    assert result.exit_code == 1
    assert all(word in result.stderr for word in ("visavis keys add", "SHARED_SECRET", "--insecure"))


def test_nor_does_one_that_is_known_by_a_name_elsewhere(keys: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VISAVIS_HOSTS", '["talk.example"]')
    assert "visavis keys add" in run("serve", "--port", "0").stderr


@pytest.mark.parametrize("way", ["key", "secret", "insecure"])
def test_with_a_key_or_on_the_hosts_word_it_starts(keys: Path, monkeypatch: pytest.MonkeyPatch, way: str) -> None:
    if way == "key":
        KeyStore(keys).add("Ada")
    elif way == "secret":
        monkeypatch.setenv("SHARED_SECRET", "a shared phrase")
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        result = run("serve", "--host", "0.0.0.0", "--port", port, *(["--insecure"] if way == "insecure" else []))
    assert "cannot be used" in result.stderr, "it came as far as the port, which is taken"


def test_a_wrong_limit_ends_the_start(keys: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VISAVIS_RATE", "often")
    assert "'often' is not a limit" in run("serve", "--port", "0").stderr
