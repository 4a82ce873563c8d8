"""The documents themselves, as they were sent: files named after what is in them."""

from __future__ import annotations

import errno
import hashlib
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from visavis.core.errors import VisavisError


class Originals:
    """A folder of files named by the SHA-256 of their bytes. Its calls block; they are safe from many threads."""

    def __init__(self, folder: Path) -> None:
        """`folder`/incoming is emptied: what a crash left there belongs to nobody."""
        self._files, self._incoming = folder / "files", folder / "incoming"

    def clear(self) -> None:
        """Removes what a broken-off upload has left."""
        shutil.rmtree(self._incoming, ignore_errors=True)

    def incoming(self) -> Path:
        """A path for a file that is still arriving; whoever asks removes it."""
        with _explained():
            self._incoming.mkdir(parents=True, exist_ok=True, mode=0o700)
        return self._incoming / secrets.token_hex(16)

    def keep(self, path: Path) -> tuple[str, int]:
        """Copies a file; returns its digest and size in bytes. Raises VisavisError `storage.full`, `storage.failed`."""
        with _explained():
            with path.open("rb") as file:
                digest = hashlib.file_digest(file, "sha256").hexdigest()
            target = self._files / digest
            if not target.is_file():
                self._files.mkdir(parents=True, exist_ok=True, mode=0o700)
                beside = target.with_suffix(f".{secrets.token_hex(8)}")
                try:
                    shutil.copyfile(path, beside)
                    beside.replace(target)
                finally:
                    beside.unlink(missing_ok=True)
            return digest, target.stat().st_size

    def path(self, digest: str) -> Path:
        """Where the file lies. Raises VisavisError `knowledge.unknown`."""
        path = self._files / digest
        if not path.is_file():
            raise VisavisError("knowledge.unknown", "The document's file is gone; remove it and add it again.")
        return path

    def drop(self, digest: str) -> None:
        """Removes a file that no document has any more."""
        with suppress(OSError):
            (self._files / digest).unlink(missing_ok=True)


@contextmanager
def _explained() -> Iterator[None]:
    """Turns the disk's trouble into errors that say what to do."""
    try:
        yield
    except OSError as error:
        if error.errno in {errno.ENOSPC, errno.EDQUOT}:
            raise VisavisError("storage.full", "The disk is full; free some space, then try again.") from error
        message = f"The document could not be kept ({error.strerror or error})."
        raise VisavisError("storage.failed", message) from error
