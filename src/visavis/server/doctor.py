"""What works on this machine."""

from __future__ import annotations

import asyncio
import os
import platform
import shutil
from collections.abc import Iterator
from dataclasses import dataclass

from visavis import __version__
from visavis.core.errors import VisavisError
from visavis.engines.registry import Kind, Registry
from visavis.server.plan import needed_models, plan
from visavis.server.static import FOLDER
from visavis.settings import Settings
from visavis.weights.store import WeightStore


@dataclass(frozen=True, slots=True)
class Finding:
    """One part of the machine, whether a default start can work with it, and what was found."""

    part: str
    good: bool
    detail: str


def findings(settings: Settings, registry: Registry, store: WeightStore) -> Iterator[Finding]:
    """Looks at the machine, the page, the engines and the models; changes nothing."""
    yield Finding("visavis", True, f"{__version__} on Python {platform.python_version()}, {platform.system()}")
    cores = os.cpu_count() or 1
    yield Finding("processor", cores >= 2, f"{cores} cores; a live conversation wants two")
    built = (FOLDER / "index.html").is_file()
    yield Finding("page", built, "built" if built else "not built; run `make web` in a clone")
    wanted = asyncio.run(plan(settings))
    for one in wanted:
        yield _engine(registry, one.kind, one.name, optional=one.optional)
    for name in needed_models(wanted, registry, store.catalogue):
        state = store.state(name)
        yield Finding(f"model {name}", state == "installed", _STATE[state])
    free = shutil.disk_usage(next(path for path in (store.root, *store.root.parents) if path.exists())).free
    yield Finding("disk", free > 2e9, f"{free / 1e9:.0f} GB free at {store.root}")


_STATE = {
    "installed": "here",
    "partial": "incomplete; the next start goes on fetching it",
    "missing": "not here; the next start fetches it",
}


def _engine(registry: Registry, kind: Kind, name: str, *, optional: bool) -> Finding:
    part = f"{kind} {name}"
    try:
        info = registry.info(kind, name)
    except VisavisError as error:
        return Finding(part, optional, f"not installed (optional): {error.message}" if optional else error.message)
    return Finding(part, True, info.summary)
