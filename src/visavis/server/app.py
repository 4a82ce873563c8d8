"""Puts a server together."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

import numpy as np
import structlog
from fastapi import FastAPI
from platformdirs import user_cache_path

from visavis import __version__
from visavis.core.events import EnginesChanged, Notice
from visavis.engines.embedder import Embedder
from visavis.engines.fallback import FallbackNotice
from visavis.engines.pool import Component, EnginePool, PoolMaker
from visavis.engines.registry import Registry
from visavis.engines.speech_cache import CachedTTS, SpeechCache
from visavis.engines.text_language import TextLanguage
from visavis.face.animator import AmbientAnimator, SpeechAnimator
from visavis.face.avatars import AvatarStore, default_root
from visavis.face.landmarks import Landmarker
from visavis.live.admission import Admission
from visavis.live.animate import Animators
from visavis.live.listen import ListenOptions
from visavis.live.play import Pace
from visavis.live.resources import LiveOptions, Resources
from visavis.live.sessions import Limits, Sessions
from visavis.observe.heap import give_back
from visavis.observe.heartbeat import beat
from visavis.observe.metrics import Metrics
from visavis.personas.persona import load_personas, pick_persona
from visavis.server import api_page, openapi, problems, realtime, static
from visavis.server.access.install import guard
from visavis.server.body_limit import BodyLimit
from visavis.server.cast import cast
from visavis.server.doors import advisor, advisor_chat, assistant, chat_stream
from visavis.server.doors.guests import Guests
from visavis.server.engine_states import engine_states, usable
from visavis.server.house import House
from visavis.server.inherited import ignored
from visavis.server.knowledge import Knowledge, embedder_label
from visavis.server.loader import Loader
from visavis.server.openai import chat, embeddings, models, speech, transcriptions
from visavis.server.plan import plan
from visavis.server.remembrance import Remembrance
from visavis.server.routes import (
    access,
    avatars,
    calls,
    client_secrets,
    engines,
    health,
    knowledge,
    memory,
    outputs,
    personas,
    stats,
    studio,
    uploads,
    voices,
)
from visavis.server.studio import Studio
from visavis.server.warming import chores, draw_ahead, prepare_flows, work_ahead
from visavis.server.webrtc.calls import Calls
from visavis.settings import Settings
from visavis.weights.store import WeightStore

_log = structlog.get_logger(__name__)

ROUTERS: Final = (
    realtime.router, calls.router, client_secrets.router, access.router, health.router,
    personas.router, avatars.router, voices.router, uploads.router, studio.router,
    outputs.router, stats.router, knowledge.router, memory.router,
    advisor.router, advisor_chat.router, advisor_chat.page, assistant.router,
    chat_stream.router, models.router, chat.router, speech.router, transcriptions.router, embeddings.router,
    engines.router,
)  # fmt: skip
"""All routes but those of the page."""

STREAMED: Final = (uploads.router.prefix, knowledge.router.prefix, *transcriptions.UPLOADS)
"""Beginnings of paths whose bodies go to disk as they come, with limits of their own."""


def create_app(settings: Settings, registry: Registry) -> FastAPI:
    """The whole server as an ASGI app; its engines load in the background once it has started.

    Raises VisavisError `personas.invalid`, `personas.unknown`, `settings.invalid`.
    """
    metrics = Metrics()
    assembly = _Assembly(settings, registry, metrics)
    house = assembly.house

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        loading = asyncio.create_task(assembly.run())
        yield
        await app.state.calls.aclose()
        loading.cancel()
        await asyncio.wait([loading])
        await assembly.aclose()

    app = FastAPI(title="visavis", version=__version__, lifespan=lifespan, docs_url=None, redoc_url=None)
    app.state.house = house
    app.state.metrics = metrics
    app.add_middleware(BodyLimit, largest=settings.server.max_message_bytes, streamed=STREAMED)
    app.state.calls = Calls(house, guard(app, settings))
    problems.install(app)
    for router in ROUTERS:
        app.include_router(router)
    api_page.install(app)
    openapi.install(app)
    static.install(app)
    metrics.sessions.set_function(lambda: house.sessions.busy)
    metrics.queue.set_function(lambda: house.sessions.waiting)
    metrics.turns.set_function(lambda: assembly.admission.making)
    metrics.turns_waiting.set_function(lambda: assembly.admission.waiting)
    return app


class _Assembly:
    """Makes the house, and fills it when the engines are loaded."""

    def __init__(self, settings: Settings, registry: Registry, metrics: Metrics) -> None:
        sessions = settings.sessions
        personas = load_personas(settings.personas)
        for name in (sessions.persona, sessions.assistant):
            pick_persona(personas, name)
        self._settings = settings
        self._registry = registry
        self._languages = TextLanguage()
        self._metrics = metrics
        self._weights = WeightStore(settings.models_folder)
        self._maker: PoolMaker | None = None
        self._pool: EnginePool | None = None
        self._embedded_with = ""
        self.admission = Admission(settings.turns.let_through)
        places = Sessions(Limits(sessions.places, sessions.queue, sessions.resume))
        avatars = AvatarStore(settings.avatars_folder or default_root(), self._landmarker)
        self._studio = Studio(settings, avatars, self._landmarker, lambda: places.quiet)
        self.house = House(
            settings,
            places,
            Loader(self._load, self._components),
            avatars,
            personas,
            self._studio.workshop,
            Guests(sessions.chats, sessions.chat_keep),
            Knowledge(settings, lambda: places.quiet),
            Remembrance(settings),
        )

    async def run(self) -> None:
        """Draws the faces while it loads everything, then speaks the fixed lines ahead of time."""
        async with asyncio.TaskGroup() as group:
            group.create_task(beat(self._metrics.loop_lag.observe))
            group.create_task(give_back(lambda: self.house.sessions.quiet))
            group.create_task(self.house.remembrance.run())
            group.create_task(draw_ahead(self.house.avatars, self._portraits()))
            group.create_task(self._studio.run(self._engines))
            group.create_task(self.house.knowledge.run(self._embedder))
            group.create_task(self._prepare())

    async def _prepare(self) -> None:
        house = self.house
        await house.loader.run()
        if house.loaded is None:
            return
        await asyncio.to_thread(self._languages.warm)
        default = house.roles[self._settings.sessions.persona]
        others = [role for role in house.roles.values() if role is not default]
        await prepare_flows(house.roles.values())
        await house.knowledge.settled()  # what there is to know is part of the prompts
        if self._settings.sessions.ahead == "none":
            return
        roles = [default, *others]
        sessions = house.sessions
        todo = chores(house.loaded.engines.llm, house.loaded.tts, roles)
        whole = self._settings.sessions.ahead == "all"
        await work_ahead(todo, lambda: sessions.quiet, lambda: sessions.present, rest=whole)

    async def _engines(self) -> EnginePool:
        """The engines, once they are loaded. Raises the VisavisError that prevents it."""
        await self.house.loader.wait()
        return self.house.resources.engines

    async def _embedder(self) -> tuple[Embedder, str]:
        """The embedder and what it is called, once it is loaded. Raises the VisavisError that prevents it."""
        pool = await self._engines()
        return pool.embedder, self._embedded_with

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
        for one in ignored(settings):
            _log.warning("settings.ignored", variable=one.variable, value=one.value, reason=one.reason)
        wanted = await plan(settings)
        self._embedded_with = embedder_label(wanted)
        self._maker = PoolMaker(wanted, self._registry, self._weights, self._fell_back, self._changed)
        pool = self._pool = await self._maker.make()
        for part in self._maker.components:
            self._metrics.engine(part.kind, part.name, up=part.state == "ready")
        voice = getattr(pool.tts, "speaker", "") or next(one.name for one in wanted if one.kind == "tts")
        answers = settings.knowledge.answers
        self.house.roles = cast(
            self.house.personas, pool, voice, settings.courses, self.house.knowledge, answers=answers
        )
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
            detect_language=self._languages.detect,
            options=LiveOptions(
                listen=ListenOptions(settings.turns.speculate, settings.turns.longest),
                pace=Pace(lead=settings.turns.lead),
                idle_timeout=settings.sessions.idle_timeout,
                partial_interval=settings.turns.partial_interval,
            ),
            observe=self._metrics.observe,
            speaks=lambda: usable(self._components(), "tts"),
            admission=self.admission,
        )

    def _changed(self, component: Component) -> None:
        self._metrics.engine(component.kind, component.name, up=component.state == "ready")
        self.house.sessions.announce(EnginesChanged(engine_states(self._components())))

    def _fell_back(self, notice: FallbackNotice) -> None:
        message = f"The voice {notice.failed} failed ({notice.message}); {notice.chosen} speaks instead."
        self.house.sessions.announce(Notice(notice.code, message, "warning"))
