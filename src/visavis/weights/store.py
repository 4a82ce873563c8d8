"""The weight store: verified model files on disk.

Layout under the root: `<model>/…` holds installed files and `.installed.json` (their sizes and hashes, written last:
a model without it is not installed); `.partial/` holds what a pull is working on. A file reaches `<model>/` only after
its bytes matched.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final, Literal

from platformdirs import user_cache_path

from visavis.core.errors import VisavisError
from visavis.weights.catalogue import Catalogue, ModelEntry
from visavis.weights.progress import OnProgress
from visavis.weights.pull import MANIFEST, Pull

State = Literal["installed", "partial", "missing"]

_BLOCK: Final = 1 << 20


def default_root() -> Path:
    """Where weights live: `$VISAVIS_HOME/models` when that is set, else the user's cache folder."""
    home = os.environ.get("VISAVIS_HOME")
    return Path(home).expanduser() / "models" if home else user_cache_path("visavis") / "models"


def sha256_of(path: Path, report: Callable[[int], None] | None = None) -> str:
    """Hex SHA-256 of a file; `report` gets each block's bytes."""
    digest = hashlib.sha256()
    with path.open("rb") as stream:
        while block := stream.read(_BLOCK):
            digest.update(block)
            if report:
                report(len(block))
    return digest.hexdigest()


class WeightStore:
    """Model files under `root`, one folder a model id, each checked by SHA-256 before it gets there."""

    def __init__(self, root: Path | None = None, catalogue: Catalogue | None = None) -> None:
        """`root` None means `default_root()`; `catalogue` None means the one that ships with visavis."""
        self.root = root if root is not None else default_root()
        self.catalogue = catalogue if catalogue is not None else Catalogue.load()

    def folder(self, model: str) -> Path:
        """The folder of an installed model. Raises VisavisError `weights.missing`, `weights.unknown`."""
        entry = self.catalogue.model(model)
        if self.state(model) != "installed":
            size = f" ({entry.bytes / 1e6:.0f} MB)" if entry.bytes else ""
            raise VisavisError(
                "weights.missing",
                f"The model '{model}'{size} is not on this machine: run `visavis models pull {model}`.",
            )
        return self.root / model

    def file(self, model: str, name: str) -> Path:
        """The path of one file of an installed model. Raises VisavisError `weights.missing`, `weights.unknown`."""
        self.catalogue.model(model).file(name)
        return self.folder(model) / name

    def state(self, model: str) -> State:
        """`installed` when every file is there in its size, `partial` when some of it is, else `missing`."""
        entry = self.catalogue.model(model)
        recorded = self.recorded(model)
        here = [(self.root / model / one.name) for one in entry.files]
        if all(self.fits(entry, one.name, recorded) for one in entry.files):
            return "installed"
        return "partial" if any(path.exists() for path in here) else "missing"

    def recorded(self, model: str) -> dict[str, tuple[int, str]]:
        """Size and hash of each installed file as they were when it was checked."""
        try:
            data = json.loads((self.root / model / MANIFEST).read_text("utf-8"))
            return {name: (int(size), str(digest)) for name, (size, digest) in data["files"].items()}
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            return {}

    def free_bytes(self) -> int:
        """Room left on the disk that holds the root."""
        return shutil.disk_usage(self.root).free

    def pull(self, models: str | Sequence[str], progress: OnProgress | None = None) -> None:
        """Brings models here, all or nothing for each; what is installed is not fetched again.

        Blocks, and waits while another process pulls into the same root. Broken off, it goes on where it was: finished
        packages are kept. Raises VisavisError `weights.corrupt`, `weights.disk_full`, `weights.offline`,
        `weights.unavailable`, `weights.unknown`.
        """
        names = (models,) if isinstance(models, str) else tuple(models)
        Pull(self, names, progress or (lambda _progress: None)).run()

    def verify(self, model: str, report: Callable[[int], None] | None = None) -> None:
        """Reads every byte of an installed model and compares hashes; `report` gets bytes as they are read.

        A file that does not match is deleted and named in VisavisError `weights.corrupt`; a model that is not here
        raises `weights.missing`.
        """
        entry = self.catalogue.model(model)
        folder, recorded = self.folder(model), self.recorded(model)
        bad = []
        for one in entry.files:
            if sha256_of(folder / one.name, report) != (one.sha256 or recorded[one.name][1]):
                (folder / one.name).unlink(missing_ok=True)
                bad.append(one.name)
        if bad:
            raise VisavisError(
                "weights.corrupt",
                f"{'A file' if len(bad) == 1 else 'Files'} of '{model}' had changed on disk and "
                f"{'was' if len(bad) == 1 else 'were'} deleted ({', '.join(bad)}): "
                f"run `visavis models pull {model}` to fetch {'it' if len(bad) == 1 else 'them'} again.",
            )

    def fits(self, entry: ModelEntry, name: str, recorded: dict[str, tuple[int, str]]) -> bool:
        """Whether a file is here in its recorded size and, where the catalogue pins one, under its hash."""
        wanted = entry.file(name)
        if name not in recorded or (wanted.sha256 and recorded[name][1] != wanted.sha256):
            return False
        try:
            return (self.root / entry.id / name).stat().st_size == recorded[name][0]
        except OSError:
            return False
