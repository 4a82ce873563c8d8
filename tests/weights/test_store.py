"""The store: states, files, verification, pulls from this machine."""

from __future__ import annotations

import shutil
import threading
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.weights.shelf import entry, shelf, visible
from visavis.core.errors import VisavisError
from visavis.weights.progress import PullProgress
from visavis.weights.store import WeightStore, default_root

DATA = {"model.bin": b"weights" * 1000, "tokenizer.json": b"{}"}


@pytest.fixture
def store(tmp_path: Path) -> WeightStore:
    source = tmp_path / "source"
    source.mkdir()
    for name, data in DATA.items():
        (source / name).write_bytes(data)
    files = {name: (data, [[f"file:{source / name}"]]) for name, data in DATA.items()}
    return shelf(tmp_path / "root", entry("small", files), entry("free", files, pinned=False))


def test_missing_says_how_to_get_it(store: WeightStore) -> None:
    assert store.state("small") == "missing"
    with pytest.raises(VisavisError, match=r"visavis models pull small") as caught:
        store.folder("small")
    assert caught.value.code == "weights.missing"
    with pytest.raises(VisavisError, match=r"visavis models pull small"):
        store.file("small", "model.bin")


def test_unknown_models_and_files(store: WeightStore) -> None:
    store.pull("small")
    for ask in (lambda: store.state("huge"), lambda: store.file("small", "x"), lambda: store.pull("huge")):
        with pytest.raises(VisavisError) as caught:
            ask()
        assert caught.value.code == "weights.unknown"


def test_pull_brings_every_byte(store: WeightStore) -> None:
    seen: list[PullProgress] = []
    store.pull(["small"], seen.append)
    assert store.state("small") == "installed"
    assert {name: store.file("small", name).read_bytes() for name in DATA} == DATA
    assert store.folder("small") == store.root / "small"
    assert seen[-1].phase == "done" and seen[-1].done <= seen[-1].total
    store.verify("small")


def test_a_second_pull_reads_nothing(store: WeightStore, tmp_path: Path) -> None:
    store.pull("small")
    shutil.rmtree(tmp_path / "source")
    store.pull("small")
    assert store.state("small") == "installed"


def test_a_changed_file_is_deleted_named_and_fetched_again(store: WeightStore) -> None:
    store.pull("small")
    path = store.file("small", "model.bin")
    data = bytearray(path.read_bytes())
    data[500] ^= 1
    path.write_bytes(data)
    assert store.state("small") == "installed"  # its size is right: only reading it can tell
    with pytest.raises(VisavisError, match=r"model\.bin") as caught:
        store.verify("small")
    assert caught.value.code == "weights.corrupt"
    assert not path.exists() and store.state("small") == "partial"
    with pytest.raises(VisavisError) as caught:
        store.file("small", "tokenizer.json")
    assert caught.value.code == "weights.missing"
    store.pull("small")
    assert path.read_bytes() == DATA["model.bin"]


def test_a_truncated_file_is_seen_without_reading_it(store: WeightStore) -> None:
    store.pull("small")
    store.file("small", "model.bin").write_bytes(b"short")
    assert store.state("small") == "partial"
    store.pull("small")
    store.verify("small")


def test_files_that_were_put_there_by_hand_are_not_trusted(store: WeightStore) -> None:
    (store.root / "small").mkdir(parents=True)
    for name, data in DATA.items():
        (store.root / "small" / name).write_bytes(data)
    assert store.state("small") == "partial"
    store.pull("small")
    assert store.state("small") == "installed"


def test_a_source_with_other_bytes_installs_nothing(store: WeightStore, tmp_path: Path) -> None:
    (tmp_path / "source" / "tokenizer.json").write_bytes(b"[]")
    with pytest.raises(VisavisError, match=r"tokenizer\.json") as caught:
        store.pull("small")
    assert caught.value.code == "weights.corrupt"
    assert visible(store.root) == set()
    assert store.state("small") == "missing"


def test_an_unpinned_file_is_held_to_its_first_download(store: WeightStore, tmp_path: Path) -> None:
    store.pull("free")
    store.verify("free")
    store.file("free", "model.bin").write_bytes(b"x" * len(DATA["model.bin"]))
    with pytest.raises(VisavisError):
        store.verify("free")
    (tmp_path / "source" / "model.bin").write_bytes(b"y" * len(DATA["model.bin"]))
    with pytest.raises(VisavisError) as caught:
        store.pull("free")
    assert caught.value.code == "weights.corrupt"


def test_the_next_source_helps_out(tmp_path: Path) -> None:
    (tmp_path / "bad").write_bytes(b"no")
    (tmp_path / "good").write_bytes(b"yes")
    sources = [[f"file:{tmp_path / 'gone'}"], [f"file:{tmp_path / 'bad'}"], [f"file:{tmp_path / 'good'}"]]
    store = shelf(tmp_path / "root", entry("m", {"f": (b"yes", sources)}))
    store.pull("m")
    assert store.file("m", "f").read_bytes() == b"yes"


@settings(max_examples=25, deadline=None)
@given(parts=st.lists(st.binary(max_size=300), min_size=1, max_size=5))
def test_parts_are_joined_in_order(parts: list[bytes], tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.mktemp("parts")
    for number, part in enumerate(parts):
        (folder / f"p{number}").write_bytes(part)
    whole = b"".join(parts)
    sources = [[f"file:{folder / f'p{number}'}" for number in range(len(parts))]]
    store = shelf(folder / "root", entry("m", {"deep/down/f": (whole, sources)}))
    store.pull("m")
    assert store.file("m", "deep/down/f").read_bytes() == whole


def test_too_little_room_is_said_before_anything_is_fetched(store: WeightStore) -> None:
    class Cramped(WeightStore):
        def free_bytes(self) -> int:
            return 1_000_000

    cramped = Cramped(store.root, store.catalogue)
    with pytest.raises(VisavisError, match="Not enough room") as caught:
        cramped.pull("small")
    assert caught.value.code == "weights.disk_full"
    assert visible(store.root) == set()


def test_a_disk_that_fills_up_leaves_nothing_half_done(store: WeightStore) -> None:
    def fill(progress: PullProgress) -> None:
        if progress.phase == "check" and progress.item == "model.bin":
            place = store.root / ".partial" / "files" / "small"
            place.mkdir(parents=True)
            (place / "model.bin").symlink_to("/dev/full")

    with pytest.raises(VisavisError, match="full") as caught:
        store.pull("small", fill)
    assert caught.value.code == "weights.disk_full"
    assert visible(store.root) == set() and store.state("small") == "missing"
    store.pull("small")
    store.verify("small")


def test_a_folder_that_cannot_be_made_is_named(store: WeightStore, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    blocked = WeightStore(tmp_path / "file", store.catalogue)
    with pytest.raises(VisavisError, match="cannot be written") as caught:
        blocked.pull("small")
    assert caught.value.code == "weights.folder"


def test_what_progress_raises_ends_the_pull(store: WeightStore) -> None:
    class Enough(Exception):  # noqa: N818 - not an error
        pass

    def stop(progress: PullProgress) -> None:
        raise Enough

    with pytest.raises(Enough):
        store.pull("small", stop)
    assert visible(store.root) == set()


def test_two_pulls_at_once_take_turns(store: WeightStore) -> None:
    other = WeightStore(store.root, store.catalogue)
    entered, waiting, problems = threading.Event(), threading.Event(), []

    def first(progress: PullProgress) -> None:
        entered.set()
        assert waiting.wait(10)

    def second(progress: PullProgress) -> None:
        if progress.phase == "waiting":
            waiting.set()

    def run(target: WeightStore, watch: object) -> None:
        try:
            target.pull(["small", "free"], watch)  # type: ignore[arg-type]
        except BaseException as error:
            problems.append(error)

    threads = [threading.Thread(target=run, args=(store, first)), threading.Thread(target=run, args=(other, second))]
    threads[0].start()
    assert entered.wait(10)
    threads[1].start()
    for thread in threads:
        thread.join(20)
    assert not problems
    assert store.state("small") == other.state("free") == "installed"


def test_the_root_follows_visavis_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VISAVIS_HOME", str(tmp_path))
    assert default_root() == tmp_path / "models" == WeightStore().root
    monkeypatch.delenv("VISAVIS_HOME")
    assert default_root().parts[-2:] == ("visavis", "models")
