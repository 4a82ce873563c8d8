"""Makes the engines that one server works with, side by side, and says how far it is."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

import structlog

from visavis.core.errors import VisavisError
from visavis.engines.embedder import Embedder
from visavis.engines.fallback import FallbackTTS, OnNotice
from visavis.engines.health import Health
from visavis.engines.llm import LLM
from visavis.engines.registry import EngineContext, Kind, Registry
from visavis.engines.stt import STT
from visavis.engines.tts import TTS
from visavis.engines.turn_detector import TurnDetector
from visavis.engines.vad import VAD
from visavis.weights.store import WeightStore

_log = structlog.get_logger(__name__)

ComponentState = Literal["waiting", "loading", "ready", "failed"]


@dataclass(frozen=True, slots=True)
class Wanted:
    """One engine of a plan: which, with how many threads, and its options. An `optional` one may be
    missing, and is loaded only when it is needed."""

    kind: Kind
    name: str
    threads: int = 1
    options: Mapping[str, Any] = field(default_factory=dict)
    optional: bool = False


@dataclass(slots=True)
class Component:
    """What is known of one part of the server; `progress` in [0, 1] while it starts."""

    kind: str
    name: str
    model: str = ""
    state: ComponentState = "waiting"
    progress: float = 0.0
    detail: str = ""


@dataclass(frozen=True, slots=True)
class EnginePool:
    """One engine of each kind, shared by all sessions."""

    vad: VAD
    turn_detector: TurnDetector
    stt: STT
    llm: LLM
    tts: TTS
    embedder: Embedder

    async def aclose(self) -> None:
        """Frees all models."""
        for engine in (self.vad, self.turn_detector, self.stt, self.llm, self.tts, self.embedder):
            await engine.aclose()


class PoolMaker:
    """Makes a pool to a plan. `components` can be read at any time, also long after: an engine that has a `Health`
    may fail, and work again. One that is only away when it is made is waited for like that too."""

    def __init__(
        self,
        plan: Sequence[Wanted],
        registry: Registry,
        store: WeightStore,
        on_fallback: OnNotice | None = None,
        on_change: Callable[[Component], None] | None = None,
    ) -> None:
        """Several voices become one that falls back from each to the next and tells `on_fallback`; `on_change` is told
        of every part that fails or works again after the start."""
        self._plan = tuple(plan)
        self._registry = registry
        self._store = store
        self._on_fallback, self._on_change = on_fallback, on_change
        self.components = [Component(wanted.kind, wanted.name) for wanted in plan]

    async def make(self) -> EnginePool:
        """One engine of each kind. Raises the VisavisError of one that is needed and fails."""
        return EnginePool(**await self.engines())

    async def engines(self) -> dict[Kind, Any]:
        """Creates and warms the engines of the plan side by side: one of each kind in it. Raises as `make` does."""
        failed: list[VisavisError] = []
        try:
            async with asyncio.TaskGroup() as group:
                pairs = zip(self._plan, self.components, strict=True)
                tasks = [group.create_task(self._one(wanted, component)) for wanted, component in pairs]
        except* VisavisError as failures:
            failed += [error for error in failures.exceptions if isinstance(error, VisavisError)]
        if failed:
            raise failed[0]
        engines = [(wanted, task.result()) for wanted, task in zip(self._plan, tasks, strict=True)]
        made = {wanted.kind: engine for wanted, engine in engines if engine is not None}
        voices: list[tuple[str, TTS]] = [
            (wanted.name, engine) for wanted, engine in engines if wanted.kind == "tts" and engine is not None
        ]
        if len(voices) > 1:
            made["tts"] = FallbackTTS(voices, on_notice=self._on_fallback)
        return made

    async def _one(self, wanted: Wanted, component: Component) -> Any | None:
        component.state = "loading"
        begin = time.monotonic()
        engine: Any = None
        try:
            context = EngineContext(self._store, wanted.threads, wanted.options)
            # An engine's first import may take a second: the page is served meanwhile.
            engine = await asyncio.to_thread(self._registry.create, wanted.kind, wanted.name, context)
            component.model = str(getattr(engine, "model", "")) or _model(self._registry, wanted)
            if not wanted.optional:
                await _warm(engine)
        except VisavisError as error:
            component.detail = error.message
            component.state = "failed"
            health = _health(engine)
            if health is not None and error.retryable:
                _log.warning("engine.away", kind=wanted.kind, name=wanted.name, message=error.message)
                self._follow(component, engine, health)
                return engine
            if wanted.optional:
                _log.warning("engine.left_out", kind=wanted.kind, name=wanted.name, message=error.message)
                return None
            raise
        component.state, component.progress = "ready", 1.0
        component.model = str(getattr(engine, "model", "")) or component.model
        seconds = round(time.monotonic() - begin, 2)
        _log.info("engine.ready", kind=wanted.kind, name=wanted.name, model=component.model, seconds=seconds)
        if (health := _health(engine)) is not None:
            self._follow(component, engine, health)
        return engine

    def _follow(self, component: Component, engine: Any, health: Health) -> None:
        """Keeps the component as its engine is."""

        def changed(error: VisavisError | None) -> None:
            component.state, component.progress = ("failed", 0.0) if error else ("ready", 1.0)
            component.detail = error.message if error else ""
            component.model = str(getattr(engine, "model", "")) or component.model
            told = {"kind": component.kind, "name": component.name}
            if error:
                _log.warning("engine.away", **told, message=error.message)
            else:
                _log.info("engine.back", **told)
            if self._on_change is not None:
                self._on_change(component)

        health.listen(changed)


def _health(engine: Any) -> Health | None:
    found = getattr(engine, "health", None)
    return found if isinstance(found, Health) else None


async def _warm(engine: Any) -> None:
    warm = getattr(engine, "warm", None)
    if warm is not None:
        await warm()


def _model(registry: Registry, wanted: Wanted) -> str:
    models = registry.info(wanted.kind, wanted.name).models
    return str(wanted.options.get("model") or (models[0] if models else wanted.name))
