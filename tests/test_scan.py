"""The scan of `make check` finds what it looks for."""

from __future__ import annotations

from pathlib import Path

import pytest
from scripts.scan import secrets_in, unpinned, unpinned_npm

ROOT = Path(__file__).parents[1]
# Put together here, so that the scan does not find them in this file.
AWS = "AKIA" + "Z7QWERTYUIOPASDF"
GITHUB = "ghp_" + "a1B2c3D4e5" * 3 + "f6G7h8"
PRIVATE = "-----BEGIN RSA " + "PRIVATE KEY-----"
OWN = "sk-visavis-" + "Ab1-" * 10 + "Ab1"


@pytest.mark.parametrize("secret", [AWS, GITHUB, PRIVATE, OWN])
def test_secrets_are_found(tmp_path: Path, secret: str) -> None:
    path = tmp_path / "settings.py"
    path.write_text(f'"""Settings."""\n\nKEY = "{secret}"\n', "utf-8")
    found = list(secrets_in([str(path)]))
    assert found
    assert all(f"{path}:3: " in one for one in found)
    assert secret not in "".join(found)


def test_ordinary_files_are_left_alone() -> None:
    names = ["src/visavis/settings/access.py", "tests/server/access/test_doors.py", "README.md"]
    assert list(secrets_in([str(ROOT / name) for name in names])) == []


def test_what_is_not_held_to_a_hash_is_found() -> None:
    good = "one==1.0 ; python_version > '3'\\\n    --hash=sha256:ab\ntwo==2 \\\n    --hash=sha256:cd\n"
    assert list(unpinned(good, "a.lock")) == []
    for bad in ("one>=1.0\n", "one==1.0\n", "one @ https://host/one.whl\n", "-e ./one\n"):
        assert len(list(unpinned(good + bad, "a.lock"))) == 1, bad
    lock = {"packages": {"": {}, "node_modules/a": {"integrity": "sha512-x"}, "node_modules/b": {"version": "1"}}}
    assert list(unpinned_npm(lock, "b.json")) == ["b.json: node_modules/b has no hash"]


def test_our_own_locks_are_whole() -> None:
    for name in ("requirements.lock", "requirements-dev.lock"):
        assert list(unpinned((ROOT / name).read_text("utf-8"), name)) == []
