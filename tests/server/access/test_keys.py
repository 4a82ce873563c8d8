"""Keys are shown once and kept as hashes."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from visavis.core.errors import VisavisError
from visavis.server.access.keys import PREFIX, KeyStore, digest_of


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "data" / "keys.json"


def test_a_key_is_found_again_and_nowhere_written(path: Path) -> None:
    store = KeyStore(path)
    key, text = store.add("Ada", "60/minute")
    assert text.startswith(PREFIX)
    assert len(text) > 50
    assert KeyStore(path).find(text) == key
    assert store.find(text + "x") is None
    assert store.find(text[:-1]) is None
    content = path.read_text("utf-8")
    assert text not in content
    assert text.removeprefix(PREFIX) not in content
    assert digest_of(text) in content
    assert repr(key).find(text) == -1


def test_only_the_owner_can_read_the_file(path: Path) -> None:
    KeyStore(path).add("Ada")
    assert path.stat().st_mode & 0o777 == 0o600
    assert [one.name for one in path.parent.glob("*.new")] == []


def test_what_another_process_changes_counts(path: Path) -> None:
    running, shell = KeyStore(path), KeyStore(path)
    _, text = shell.add("Ada")
    running.reread()
    assert running.find(text) is not None
    signing = running.signing
    shell.remove("Ada")
    running.reread()
    assert running.find(text) is None
    assert running.signing == signing


def test_removed_by_name_or_id(path: Path) -> None:
    store = KeyStore(path)
    first, _ = store.add("Ada")
    store.add("Bob")
    assert store.remove(first.id) == first
    assert [key.name for key in store.list()] == ["Bob"]
    with pytest.raises(VisavisError) as caught:
        store.remove("Ada")
    assert caught.value.code == "keys.unknown"


@pytest.mark.parametrize("name", ["", "   ", "x" * 65, "two\nlines"])
def test_bad_names(path: Path, name: str) -> None:
    with pytest.raises(VisavisError) as caught:
        KeyStore(path).add(name)
    assert caught.value.code == "keys.name"


def test_a_name_is_given_once(path: Path) -> None:
    store = KeyStore(path)
    store.add("Ada")
    with pytest.raises(VisavisError) as caught:
        store.add("Ada")
    assert caught.value.code == "keys.exists"


@pytest.mark.parametrize("content", ["", "{", "[]", json.dumps({"keys": [{"id": "x"}], "signing": ""})])
def test_a_broken_file_lets_nobody_in(path: Path, content: str) -> None:
    path.parent.mkdir()
    path.write_text(content, "utf-8")
    with pytest.raises(VisavisError) as caught:
        KeyStore(path).find("sk-visavis-x")
    assert caught.value.code == "keys.unreadable"


def test_a_folder_that_cannot_be_made_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(VisavisError) as caught:
        KeyStore(tmp_path / "file" / "keys.json").add("Ada")
    assert caught.value.code == "keys.unwritable"
