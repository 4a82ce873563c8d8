"""A server that wants a key, on loopback."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
from fastapi.routing import APIRoute, APIWebSocketRoute

from tests.server.serving import Served, serving, settings
from visavis.server.access.keys import KeyStore
from visavis.server.app import ROUTERS
from visavis.settings import AccessSettings


@dataclass(frozen=True)
class Closed:
    """A running server and a key that it takes."""

    server: Served
    key: str
    keys: KeyStore

    def client(self, **options: Any) -> httpx.AsyncClient:
        return httpx.AsyncClient(base_url=self.server.http, timeout=30, **options)


@asynccontextmanager
async def closed(folder: Path, **access: Any) -> AsyncIterator[Closed]:
    """Serves with `VISAVIS_ACCESS=key` and one key, Ada's."""
    store = KeyStore(folder / "keys.json")
    _, key = store.add("Ada")
    made = settings(access=AccessSettings(**{"mode": "key", "keys": store.path, **access}))
    async with serving(made) as server:
        yield Closed(server, key, store)


def http_doors() -> list[tuple[str, str]]:
    """Method and address of every HTTP route, with something in place of what varies."""
    found = [("GET", "/docs"), ("GET", "/docs/swagger-ui.css"), ("GET", "/openapi.json")]
    for router in ROUTERS:
        for route in router.routes:
            if isinstance(route, APIRoute):
                found += [(method, _filled(route.path)) for method in sorted((route.methods or set()) - {"HEAD"})]
    return found


def socket_doors() -> list[str]:
    """The address of every WebSocket route."""
    return [
        _filled(route.path) for router in ROUTERS for route in router.routes if isinstance(route, APIWebSocketRoute)
    ]


def _filled(path: str) -> str:
    parts = ["x" if part.startswith("{") else part for part in path.split("/")]
    return "/".join(parts)
