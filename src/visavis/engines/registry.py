"""Finds engines through entry points, without importing the ones that are not used."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.metadata import EntryPoints, entry_points
from typing import Any, Final, Literal, get_args

from visavis.core.errors import VisavisError
from visavis.weights.store import WeightStore

Kind = Literal["vad", "turn_detector", "stt", "llm", "tts", "embedder"]

KINDS: Final[tuple[Kind, ...]] = get_args(Kind)


@dataclass(frozen=True, slots=True)
class EngineContext:
    """What an engine is given: the weight store, its thread budget, and its options by name (see each engine's
    `options`), as strings or already typed."""

    store: WeightStore
    threads: int = 1
    options: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class EngineInfo:
    """What an entry point of the group `visavis.<kind>` holds: who the engine is and how to make one.

    `models` are the catalogue ids it may load, the default one first; `options` is a Pydantic model class.
    """

    kind: Kind
    name: str
    summary: str
    create: Callable[[EngineContext], Any]
    options: type[Any] | None = None
    models: tuple[str, ...] = ()
    licence: str = "Apache-2.0"
    extra: str = ""
    """The pip extra that brings its runtime, empty when none is needed."""


@cache
def _installed() -> EntryPoints:
    """What the installed packages offer, for as long as the process runs: to ask anew reads a file of each of them."""
    return EntryPoints(point for kind in KINDS for point in entry_points(group=f"visavis.{kind}"))


class Registry:
    """Engines by kind and name. Built-in ones come through the same entry points as anyone's."""

    def __init__(self, extra: tuple[EngineInfo, ...] = ()) -> None:
        """`extra` engines are added to, and win over, the installed ones."""
        self._extra = {(info.kind, info.name): info for info in extra}

    def names(self, kind: Kind) -> tuple[str, ...]:
        """The installed engines of a kind, sorted; nothing is imported."""
        found = {point.name for point in _installed().select(group=f"visavis.{kind}")}
        found |= {name for k, name in self._extra if k == kind}
        return tuple(sorted(found))

    def info(self, kind: Kind, name: str) -> EngineInfo:
        """Imports that engine's description. Raises VisavisError `engine.unknown` or `engine.not_installed`."""
        if (kind, name) in self._extra:
            return self._extra[kind, name]
        for point in _installed().select(group=f"visavis.{kind}", name=name):
            try:
                info = point.load()
            except ImportError as error:
                raise VisavisError(
                    "engine.not_installed",
                    f"The {kind} engine '{name}' needs a package that is missing: {error}.",
                ) from error
            assert isinstance(info, EngineInfo)
            return info
        known = ", ".join(self.names(kind)) or "none"
        raise VisavisError("engine.unknown", f"There is no {kind} engine '{name}'. Installed: {known}.")

    def create(self, kind: Kind, name: str, context: EngineContext) -> Any:
        """Makes the engine; its weights are loaded by `warm` or on first use."""
        return self.info(kind, name).create(context)
