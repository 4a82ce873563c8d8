"""Small catalogues for tests."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from pathlib import Path

from visavis.weights.catalogue import Catalogue, FileEntry, ModelEntry
from visavis.weights.store import WeightStore


def entry(model: str, files: Mapping[str, tuple[bytes, Sequence[Sequence[str]]]], *, pinned: bool = True) -> ModelEntry:
    """A model whose files hold these bytes and come from these sources."""
    return ModelEntry(
        id=model,
        kind="stt",
        title=model,
        licence="MIT",
        default=True,
        files=tuple(
            FileEntry(
                name=name,
                bytes=len(data) if pinned else 0,
                sha256=hashlib.sha256(data).hexdigest() if pinned else "",
                sources=tuple(tuple(parts) for parts in sources),
            )
            for name, (data, sources) in files.items()
        ),
    )


def shelf(root: Path, *entries: ModelEntry) -> WeightStore:
    """A store with these models in its catalogue."""
    return WeightStore(root, Catalogue({one.id: one for one in entries}))


def visible(root: Path) -> set[str]:
    """Paths under the root, without what a pull works on."""
    return {
        str(path.relative_to(root))
        for path in root.rglob("*")
        if path.is_file() and ".partial" not in path.parts and path.name != ".installed.json"
    }
