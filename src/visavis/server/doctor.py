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
from visavis.engines.pool import Wanted
from visavis.engines.registry import Kind, Registry
from visavis.personas.courses import load_courses
from visavis.personas.persona import load_personas, pick_persona
from visavis.server.access.install import require_entrance, rule_of
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
    """Looks at the machine, the page, the personas, the engines and the models; changes nothing."""
    yield Finding("visavis", True, f"{__version__} on Python {platform.python_version()}, {platform.system()}")
    cores = os.cpu_count() or 1
    yield Finding("processor", cores >= 2, f"{cores} cores; a live conversation wants two")
    built = (FOLDER / "index.html").is_file()
    yield Finding("page", built, "built" if built else "not built; run `make web` in a clone")
    yield _access(settings)
    yield _personas(settings)
    installed: list[Wanted] = []
    for one in asyncio.run(plan(settings)):
        finding = _engine(registry, one.kind, one.name, optional=one.optional)
        if finding.good and not one.optional:
            installed.append(one)
        yield finding
    for name in needed_models(installed, registry, store.catalogue):
        state, size = store.state(name), store.catalogue.model(name).bytes
        detail = _STATE[state] + (f" ({size / 1e6:,.0f} MB)" if size else "")
        yield Finding(f"model {name}", state == "installed", detail)
    free = shutil.disk_usage(next(path for path in (store.root, *store.root.parents) if path.exists())).free
    yield Finding("disk", free > 2e9, f"{free / 1e9:.0f} GB free at {store.root}")


_STATE = {
    "installed": "here",
    "partial": "incomplete; the next start goes on fetching it",
    "missing": "not here; the next start fetches it",
}


def _access(settings: Settings) -> Finding:
    try:
        rule = rule_of(settings)
        require_entrance(rule, settings)
        count = len(rule.keys.list())
    except VisavisError as error:
        return Finding("access", False, error.message)
    keys = "one key" if count == 1 else f"{count} keys"
    if settings.access.mode == "open":
        return Finding("access", True, f"everybody who reaches {settings.server.host}, without a key")
    if rule.closed:
        secret = " and a shared secret" if settings.access.secret else ""
        return Finding("access", True, f"with a key only; {keys}{secret}")
    return Finding("access", True, f"this machine, without a key; {keys}")


def _personas(settings: Settings) -> Finding:
    try:
        personas = load_personas(settings.personas)
        default = pick_persona(personas, settings.sessions.persona)
        courses = load_courses(settings.courses)
    except VisavisError as error:
        return Finding("personas", False, error.message)
    others = [name for name in personas if name != default.id]
    return Finding("personas", True, f"{', '.join([default.id, *others])}; {len(courses)} courses")


def _engine(registry: Registry, kind: Kind, name: str, *, optional: bool) -> Finding:
    part = f"{kind} {name}"
    try:
        info = registry.info(kind, name)
    except VisavisError as error:
        return Finding(part, optional, f"not installed (optional): {error.message}" if optional else error.message)
    return Finding(part, True, info.summary)
