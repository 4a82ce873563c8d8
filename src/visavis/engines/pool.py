"""Makes the engines that one server works with, side by side, and says how far it is."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

import structlog

from visavis.core.errors import VisavisError
from visavis.engines.embedder import Embedder
from visavis.engines.fallback import FallbackTTS, OnNotice
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
    """What is known of one part of the server while it starts; `progress` in [0, 1]."""

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
    """Makes a pool to a plan. `components` can be read at any time."""

    def __init__(
        self, plan: Sequence[Wanted], registry: Registry, store: WeightStore, on_fallback: OnNotice | None = None
    ) -> None:
        """Several voices become one that falls back from each to the next and tells `on_fallback`."""
        self._plan = tuple(plan)
        self._registry = registry
        self._store = store
        self._on_fallback = on_fallback
        self.components = [Component(wanted.kind, wanted.name) for wanted in plan]

    async def make(self) -> EnginePool:
        """Creates and warms all engines side by side. Raises the VisavisError of one that is needed and fails."""
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
        return EnginePool(
            vad=made["vad"],
            turn_detector=made["turn_detector"],
            stt=made["stt"],
            llm=made["llm"],
            tts=voices[0][1] if len(voices) == 1 else FallbackTTS(voices, on_notice=self._on_fallback),
            embedder=made["embedder"],
        )

    async def _one(self, wanted: Wanted, component: Component) -> Any | None:
        component.state = "loading"
        begin = time.monotonic()
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
            if wanted.optional:
                _log.warning("engine.left_out", kind=wanted.kind, name=wanted.name, message=error.message)
                return None
            raise
        component.state, component.progress = "ready", 1.0
        seconds = round(time.monotonic() - begin, 2)
        _log.info("engine.ready", kind=wanted.kind, name=wanted.name, model=component.model, seconds=seconds)
        return engine


async def _warm(engine: Any) -> None:
    warm = getattr(engine, "warm", None)
    if warm is not None:
        await warm()


def _model(registry: Registry, wanted: Wanted) -> str:
    models = registry.info(wanted.kind, wanted.name).models
    return str(wanted.options.get("model") or (models[0] if models else wanted.name))
