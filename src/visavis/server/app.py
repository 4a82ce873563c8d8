"""Puts a server together."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

import numpy as np
from fastapi import FastAPI
from platformdirs import user_cache_path

from visavis import __version__
from visavis.core.events import Notice
from visavis.engines.fallback import FallbackNotice
from visavis.engines.pool import Component, EnginePool, PoolMaker
from visavis.engines.registry import Registry
from visavis.engines.speech_cache import CachedTTS, SpeechCache
from visavis.engines.text_language import TextLanguage
from visavis.face.animator import AmbientAnimator, SpeechAnimator
from visavis.face.avatars import AvatarStore, default_root
from visavis.face.landmarks import Landmarker
from visavis.live.animate import Animators
from visavis.live.listen import ListenOptions
from visavis.live.play import Pace
from visavis.live.resources import LiveOptions, Resources
from visavis.live.sessions import Limits, Sessions
from visavis.observe.metrics import Metrics
from visavis.personas.persona import load_personas, pick_persona
from visavis.server import problems, realtime, static
from visavis.server.body_limit import BodyLimit
from visavis.server.cast import cast
from visavis.server.house import House
from visavis.server.loader import Loader
from visavis.server.plan import plan
from visavis.server.routes import avatars, health, outputs, personas, stats, studio, uploads, voices
from visavis.server.studio import Studio
from visavis.server.warming import draw_ahead, prepare_flows, read_ahead, speak_ahead
from visavis.settings import Settings
from visavis.weights.store import WeightStore

ROUTERS: Final = (
    realtime.router, health.router, personas.router, avatars.router, voices.router, uploads.router, studio.router,
    outputs.router, stats.router,
)  # fmt: skip
"""All routes but those of the page."""


def create_app(settings: Settings, registry: Registry) -> FastAPI:
    """The whole server as an ASGI app; its engines load in the background once it has started.

    Raises VisavisError `personas.invalid`, `personas.unknown`.
    """
    metrics = Metrics()
    assembly = _Assembly(settings, registry, metrics)
    house = assembly.house

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        loading = asyncio.create_task(assembly.run())
        yield
        loading.cancel()
        await asyncio.wait([loading])
        await assembly.aclose()

    app = FastAPI(title="visavis", version=__version__, lifespan=lifespan, docs_url="/docs", redoc_url=None)
    app.state.house = house
    app.state.metrics = metrics
    app.add_middleware(BodyLimit, largest=settings.server.max_message_bytes, streamed=uploads.router.prefix)
    problems.install(app)
    for router in ROUTERS:
        app.include_router(router)
    static.install(app)
    metrics.sessions.set_function(lambda: house.sessions.busy)
    metrics.queue.set_function(lambda: house.sessions.waiting)
    return app


class _Assembly:
    """Makes the house, and fills it when the engines are loaded."""

    def __init__(self, settings: Settings, registry: Registry, metrics: Metrics) -> None:
        sessions = settings.sessions
        personas = load_personas(settings.personas)
        pick_persona(personas, sessions.persona)
        self._settings = settings
        self._registry = registry
        self._metrics = metrics
        self._weights = WeightStore(settings.models_folder)
        self._maker: PoolMaker | None = None
        self._pool: EnginePool | None = None
        places = Sessions(Limits(sessions.places, sessions.queue, sessions.resume))
        avatars = AvatarStore(settings.avatars_folder or default_root(), self._landmarker)
        self._studio = Studio(settings, avatars, self._landmarker, lambda: places.quiet)
        self.house = House(
            settings, places, Loader(self._load, self._components), avatars, personas, self._studio.workshop
        )

    async def run(self) -> None:
        """Draws the faces while it loads everything, then speaks the fixed lines ahead of time."""
        async with asyncio.TaskGroup() as group:
            group.create_task(draw_ahead(self.house.avatars, self._portraits()))
            group.create_task(self._studio.run(self._engines))
            group.create_task(self._prepare())

    async def _prepare(self) -> None:
        house = self.house
        await house.loader.run()
        if house.loaded is None:
            return
        default = house.roles[self._settings.sessions.persona]
        others = [role for role in house.roles.values() if role is not default]
        await prepare_flows(house.roles.values())
        roles = [default, *others]
        await read_ahead(house.loaded.engines.llm, roles, lambda: house.sessions.quiet)
        await speak_ahead(house.loaded.tts, roles, lambda: house.sessions.quiet)

    async def _engines(self) -> EnginePool:
        """The engines, once they are loaded. Raises the VisavisError that prevents it."""
        await self.house.loader.wait()
        return self.house.resources.engines

    def _landmarker(self) -> Landmarker:
        return Landmarker.from_store(self._weights)

    async def aclose(self) -> None:
        """Frees the engines."""
        if self._pool is not None:
            await self._pool.aclose()

    def _portraits(self) -> list[str]:
        """The personas' avatars, the default one's first."""
        personas = self.house.personas
        return [personas[self._settings.sessions.persona].portrait, *(one.portrait for one in personas.values())]

    def _components(self) -> list[Component]:
        return self._maker.components if self._maker else []

    async def _load(self) -> None:
        settings = self._settings
        wanted = await plan(settings)
        self._maker = PoolMaker(wanted, self._registry, self._weights, self._fell_back)
        pool = self._pool = await self._maker.make()
        voice = next(one.name for one in wanted if one.kind == "tts")
        self.house.roles = cast(self.house.personas, pool, voice, settings.courses)
        self.house.loaded = self._resources(pool)

    def _resources(self, pool: EnginePool) -> Resources:
        settings, dice = self._settings, np.random.default_rng()
        folder = settings.cache or user_cache_path("visavis") / "speech"
        return Resources(
            engines=pool,
            tts=CachedTTS(pool.tts, SpeechCache(folder if settings.keep_lines else None)),
            animators=Animators(
                speech=lambda: SpeechAnimator(seed=int(dice.integers(2**31))),
                ambient=lambda: AmbientAnimator(np.random.default_rng(dice.integers(2**63))),
            ),
            detect_language=TextLanguage().detect,
            options=LiveOptions(
                listen=ListenOptions(settings.turns.speculate, settings.turns.longest),
                pace=Pace(lead=settings.turns.lead),
                idle_timeout=settings.sessions.idle_timeout,
                partial_interval=settings.turns.partial_interval,
            ),
            observe=self._metrics.observe,
        )

    def _fell_back(self, notice: FallbackNotice) -> None:
        message = f"The voice {notice.failed} failed ({notice.message}); {notice.chosen} speaks instead."
        self.house.sessions.announce(Notice(notice.code, message, "warning"))
