"""Puts a server together that runs one engine: `visavis serve --only …`."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from importlib import import_module
from typing import Any, Final

from fastapi import APIRouter, FastAPI

from visavis import __version__
from visavis.engines.pool import Component, PoolMaker
from visavis.engines.registry import Registry
from visavis.engines.text_language import TextLanguage
from visavis.server import problems
from visavis.server.access.install import guard
from visavis.server.annex import Annex, AnnexResources, OneEngine, Part
from visavis.server.body_limit import BodyLimit
from visavis.server.loader import Loader
from visavis.server.openai import models
from visavis.server.openai.gates import Gate, Gates
from visavis.server.plan import plan_one
from visavis.server.routes import annex as health
from visavis.server.routes import engines
from visavis.settings import Settings
from visavis.weights.store import WeightStore

_ROUTES: Final[Mapping[Part, str]] = {
    "stt": "transcriptions",
    "tts": "speech",
    "llm": "chat",
    "embedder": "embeddings",
}
"""The module with the routes of each engine; the others are not even imported."""

_AT_ONCE: Final = 64
"""Requests that may reach the engine together; it has an order of its own."""


def create_annex(settings: Settings, registry: Registry, part: Part) -> FastAPI:
    """A server for the engine of that kind as an ASGI app; it loads in the background once it has started."""
    filling = _Filling(settings, registry, part)
    annex = filling.annex

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        loading = asyncio.create_task(annex.loader.run())
        yield
        loading.cancel()
        await asyncio.wait([loading])
        await filling.aclose()

    app = FastAPI(title=f"visavis {part}", version=__version__, lifespan=lifespan, redoc_url=None)
    app.state.house = annex
    app.add_middleware(BodyLimit, largest=settings.server.max_message_bytes, streamed=("/v1/audio/transcriptions",))
    guard(app, settings)
    guard(app, settings)
    problems.install(app)
    for router in (health.router, engines.router, models.router, _routes(part)):
        app.include_router(router)
    return app


def _gates(settings: Settings) -> Gates:
    """Nobody talks here: the engine is for whoever asks."""
    return Gates(*(Gate(_AT_ONCE, settings.api.queue) for _ in range(4)))


def _routes(part: Part) -> APIRouter:
    router = import_module(f"visavis.server.openai.{_ROUTES[part]}").router
    assert isinstance(router, APIRouter)
    return router


class _Filling:
    """Makes the annex, and puts the engine into it."""

    def __init__(self, settings: Settings, registry: Registry, part: Part) -> None:
        self._settings, self._registry, self._part = settings, registry, part
        self._maker: PoolMaker | None = None
        self._engine: Any = None
        self.annex = Annex(settings, part, Loader(self._load, self._components), _gates(settings))

    async def aclose(self) -> None:
        """Frees the engine."""
        if self._engine is not None:
            await self._engine.aclose()

    async def _load(self) -> None:
        settings = self._settings
        wanted = await plan_one(settings, self._part)
        self._maker = PoolMaker(wanted, self._registry, WeightStore(settings.models_folder))
        made = await self._maker.engines()
        self._engine = made[self._part]
        self.annex.loaded = AnnexResources(OneEngine(self._part, self._engine), TextLanguage().detect)

    def _components(self) -> list[Component]:
        return self._maker.components if self._maker else []
