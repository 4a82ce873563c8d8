"""A real server on loopback in the test's own event loop, with fake engines."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import uvicorn
from fastapi import FastAPI

from visavis.engines.registry import Registry
from visavis.server.app import create_app
from visavis.server.web_server import web_config
from visavis.settings import (
    AccessSettings,
    ApiSettings,
    EngineSettings,
    KnowledgeSettings,
    ServerSettings,
    SessionSettings,
    Settings,
    StudioSettings,
    TurnSettings,
)

FAKE = EngineSettings(all="fake", ollama_base_url="")


def settings(**parts: Any) -> Settings:
    """Settings on fake engines; whole parts can be replaced."""
    return Settings(
        server=parts.get("server", ServerSettings(port=0)),
        access=parts.get("access", AccessSettings()),
        sessions=parts.get("sessions", SessionSettings()),
        turns=parts.get("turns", TurnSettings()),
        engines=parts.get("engines", FAKE),
        avatars=parts.get("avatars"),
        personas=parts.get("personas"),
        api=parts.get("api", ApiSettings()),
        studio=parts.get("studio", StudioSettings()),
        knowledge=parts.get("knowledge", KnowledgeSettings()),
    )


@dataclass(frozen=True)
class Served:
    """A running server."""

    port: int
    app: FastAPI

    @property
    def ws(self) -> str:
        return f"ws://127.0.0.1:{self.port}/v1/realtime"

    @property
    def http(self) -> str:
        return f"http://127.0.0.1:{self.port}"


@asynccontextmanager
async def serving(
    made: Settings | None = None, *, wait: bool = True, registry: Registry | None = None
) -> AsyncIterator[Served]:
    """Serves until the context ends; waits until it is ready. A studio and documents that have no folder get one for as
    long."""
    made = made or settings()
    with TemporaryDirectory() as folder:
        own = {
            name: part if part.folder else part.model_copy(update={"folder": Path(folder) / name})
            for name, part in {"studio": made.studio, "knowledge": made.knowledge}.items()
            if isinstance(part, StudioSettings | KnowledgeSettings)
        }
        async with _serving(made.model_copy(update=own), wait, registry or Registry()) as served:
            yield served


@asynccontextmanager
async def _serving(made: Settings, wait: bool, registry: Registry) -> AsyncIterator[Served]:
    async with running(create_app(made, registry), wait=wait, limits=made.server) as served:
        yield served


@asynccontextmanager
async def running(
    app: FastAPI, *, wait: bool = True, limits: ServerSettings | None = None, **others: Any
) -> AsyncIterator[Served]:
    """Serves an app on a free port until the context ends; waits until it is ready. `others` are uvicorn's own."""
    config = web_config(app, limits or ServerSettings(), port=0, log_config=None, **others)
    server = uvicorn.Server(config)
    serving = asyncio.create_task(server.serve())
    while not server.started:
        assert not serving.done()
        await asyncio.sleep(0.005)
    port = server.servers[0].sockets[0].getsockname()[1]
    try:
        if wait:
            await app.state.house.loader.wait()
        yield Served(port, app)
    finally:
        server.should_exit = True
        await serving
