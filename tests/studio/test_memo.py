from __future__ import annotations

from pathlib import Path

import pytest

from visavis.core.errors import VisavisError
from visavis.studio.artifacts import Artifacts
from visavis.studio.memo import Memo


def test_it_remembers_by_what_went_in(tmp_path: Path) -> None:
    artifacts = Artifacts(tmp_path / "files")
    memo = Memo(tmp_path / "job", artifacts)
    key = memo.key("segment", first=0, size=512)
    assert memo.get(key) is None and list(memo) == []
    name = memo.put(key, artifacts.put(b"drawn", "mp4"))
    assert Memo(tmp_path / "job", artifacts).get(memo.key("segment", size=512, first=0)) == name
    assert memo.get(memo.key("segment", first=1, size=512)) is None
    assert memo.get(memo.key("enhanced", first=0, size=512)) is None
    assert list(memo) == [name]


def test_what_has_gone_is_made_again(tmp_path: Path) -> None:
    artifacts = Artifacts(tmp_path / "files")
    memo = Memo(tmp_path / "job", artifacts)
    key = memo.key("motion", seed=1)
    artifacts.path(memo.put(key, artifacts.put(b"moved", "npz"))).unlink()
    assert memo.get(key) is None and list(memo) == []
    (tmp_path / "job" / key).write_bytes(b"\xff not an id")
    assert memo.get(key) is None


def test_clearing_leaves_the_artifacts(tmp_path: Path) -> None:
    artifacts = Artifacts(tmp_path / "files")
    memo = Memo(tmp_path / "job", artifacts)
    name = memo.put(memo.key("a"), artifacts.put(b"a", "npz"))
    memo.clear()
    assert memo.get(memo.key("a")) is None and name in artifacts
    memo.clear()


def test_a_folder_that_cannot_be_written(tmp_path: Path) -> None:
    artifacts = Artifacts(tmp_path / "files")
    (tmp_path / "job").write_text("in the way")
    with pytest.raises(VisavisError) as failed:
        Memo(tmp_path / "job", artifacts).put("0" * 64, artifacts.put(b"a", "npz"))
    assert failed.value.code == "storage.failed"
