"""What one job has made already, by what it was made from: nothing finished is made twice."""

from __future__ import annotations

import hashlib
import json
import os
import secrets
import shutil
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

from visavis.studio.artifacts import Artifacts, explained

_REVISION: Final = 2
"""Raised when the same inputs give another result than before."""


class Memo:
    """A folder of one job: a small file for everything made, named after the hash of what went into it, with the id of
    the artifact that came out. It outlives the process; an artifact that has gone is forgotten. Thread-safe."""

    def __init__(self, folder: Path, artifacts: Artifacts) -> None:
        self.folder, self._artifacts = folder, artifacts

    def key(self, kind: str, /, **inputs: Any) -> str:
        """The hash of all that decides the result; `inputs` are JSON values."""
        text = json.dumps([_REVISION, kind, inputs], sort_keys=True, ensure_ascii=False)
        return hashlib.sha256(text.encode()).hexdigest()

    def get(self, key: str) -> str | None:
        """The id of the artifact made before, None when there is none."""
        try:
            name = (self.folder / key).read_text("ascii")
        except (FileNotFoundError, UnicodeDecodeError):
            return None
        return name if name in self._artifacts else None

    def put(self, key: str, name: str) -> str:
        """Remembers the artifact `name`; returns it. Raises VisavisError `storage.full`, `storage.failed`."""
        beside = self.folder / f".{os.getpid()}-{secrets.token_hex(6)}"
        with explained():
            try:
                self.folder.mkdir(parents=True, exist_ok=True)
                beside.write_text(name, "ascii")
                beside.replace(self.folder / key)
            except OSError:
                with suppress(OSError):
                    beside.unlink(missing_ok=True)
                raise
        return name

    def __iter__(self) -> Iterator[str]:
        """The ids of all artifacts it knows of."""
        for path in sorted(self.folder.iterdir()) if self.folder.is_dir() else ():
            if path.is_file() and len(path.name) == 64 and (name := self.get(path.name)):
                yield name

    def clear(self) -> None:
        """Forgets everything, and removes what else lies in the job's folder; the artifacts stay."""
        shutil.rmtree(self.folder, ignore_errors=True)
