"""How the engines of a server are, for people and for other servers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields, is_dataclass
from typing import Any

from visavis.core.events import EngineState
from visavis.engines.pool import Component


def engine_states(components: Sequence[Component]) -> tuple[EngineState, ...]:
    """The parts of a server as they are now."""
    return tuple(EngineState(one.kind, one.name, one.model, one.state, one.detail) for one in components)


def usable(components: Sequence[Component], kind: str) -> bool:
    """Whether an engine of that kind can be used now: one of them is enough."""
    return any(one.kind == kind and one.state == "ready" for one in components)


def broken(components: Sequence[Component]) -> tuple[str, ...]:
    """The kinds of engine that cannot be used now, though the server asks for them."""
    kinds = dict.fromkeys(one.kind for one in components)
    return tuple(kind for kind in kinds if not usable(components, kind))


def offers(components: Sequence[Component], engines: object | None) -> list[dict[str, Any]]:
    """What `/v1/engines` lists: one entry a kind, with what its engine can do where it is loaded (`engines` holds them
    by kind, None while they load)."""
    listed = []
    for kind in dict.fromkeys(one.kind for one in components):
        parts = [one for one in components if one.kind == kind]
        best = next((one for one in parts if one.state == "ready"), parts[0])
        engine = getattr(engines, kind, None)
        entry = {"kind": kind, "name": best.name, "model": best.model, "state": best.state, "detail": best.detail}
        listed.append({**entry, "capabilities": _plain(getattr(engine, "capabilities", None))})
    return listed


def _plain(capabilities: object) -> dict[str, Any]:
    """Capabilities as JSON."""
    if not is_dataclass(capabilities):
        return {}
    found = {}
    for field in fields(capabilities):
        value = getattr(capabilities, field.name)
        found[field.name] = sorted(value) if isinstance(value, frozenset) else value
    return found
