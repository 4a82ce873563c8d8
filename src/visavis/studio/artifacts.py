"""Files named after what is in them: written once, whole or not at all, found again by their id."""

from __future__ import annotations

import errno
import hashlib
import math
import os
import re
import secrets
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

from visavis.core.errors import VisavisError

ID: Final = re.compile(r"[0-9a-f]{64}\.[a-z0-9]{1,8}")
"""What the id of an artifact looks like."""


class Artifacts:
    """A folder of files whose id is the SHA-256 of their bytes, a dot and a suffix. Safe to use from many threads."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def put(self, data: bytes, suffix: str) -> str:
        """Keeps these bytes; returns their id. Raises VisavisError `storage.full`, `storage.failed`."""
        name = f"{hashlib.sha256(data).hexdigest()}.{suffix}"
        if not self.renew(name):
            self._write(name, lambda path: path.write_bytes(data))
        return name

    def renew(self, name: str) -> bool:
        """Makes the file count as new from now on, for `keep_only`; returns whether there is one of that id."""
        try:
            os.utime(self.path(name))
        except (VisavisError, OSError):
            return False
        return True

    def make(self, suffix: str, write: Callable[[Path], object]) -> str:
        """Keeps the file that `write` makes at the path it is given; returns its id. Raises as `put` does, and what
        `write` raises; nothing is left behind then."""
        beside = self._beside(suffix)
        try:
            with explained():
                write(beside)
                name = f"{_hash(beside)}.{suffix}"
                beside.replace(self.root / name)
        finally:
            beside.unlink(missing_ok=True)
        return name

    def path(self, name: str) -> Path:
        """Where the file lies. Raises VisavisError `artifact.unknown`."""
        if not ID.fullmatch(name) or not (self.root / name).is_file():
            raise VisavisError("artifact.unknown", "There is no such file; it may have been removed after its time.")
        return self.root / name

    def read(self, name: str) -> bytes:
        """The bytes. Raises VisavisError `artifact.unknown`."""
        return self.path(name).read_bytes()

    def __contains__(self, name: str) -> bool:
        return bool(ID.fullmatch(name)) and (self.root / name).is_file()

    def __iter__(self) -> Iterator[str]:
        if self.root.is_dir():
            yield from sorted(path.name for path in self.root.iterdir() if ID.fullmatch(path.name))

    def keep_only(self, names: Iterable[str], since: float = math.inf) -> int:
        """Removes every other file, unfinished ones too, that was last written before `since` (POSIX time); returns how
        many."""
        kept, removed = set(names), 0
        for path in [*self.root.iterdir()] if self.root.is_dir() else []:
            with suppress(FileNotFoundError):  # an unfinished file that has just been finished
                if path.name not in kept and path.is_file() and path.stat().st_mtime < since:
                    path.unlink()
                    removed += 1
        return removed

    def _write(self, name: str, write: Callable[[Path], object]) -> None:
        beside = self._beside(name.rpartition(".")[2])
        try:
            with explained():
                write(beside)
                beside.replace(self.root / name)
        finally:
            beside.unlink(missing_ok=True)

    def _beside(self, suffix: str) -> Path:
        with explained():
            self.root.mkdir(parents=True, exist_ok=True)
        return self.root / f".{os.getpid()}-{secrets.token_hex(6)}.{suffix}"


@contextmanager
def explained() -> Iterator[None]:
    """Turns a full disk, and other trouble with files, into errors that say what to do."""
    try:
        yield
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise VisavisError(
                "storage.full", "The disk is full; free some space, then retry the job: it goes on where it was."
            ) from error
        raise VisavisError("storage.failed", f"A file could not be written ({error.strerror or error}).") from error


def _hash(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
