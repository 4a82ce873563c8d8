"""Which doors stand open to everybody, and which a conversation needs."""

from __future__ import annotations

from typing import Final

from starlette.types import Scope

PROBES: Final = frozenset({"/health", "/healthz", "/readyz", "/api/v1/health"})
"""Is the process there? To strangers they say no more than that."""

KEY_DOOR: Final = "/api/v1/access"
"""Where the page hands in its key."""

_PAGES: Final = frozenset(
    {"/", "/studio", "/dashboard", "/knowledge", "/index.html", "/favicon.svg", "/static/index.html"}
)
"""The page itself is no secret; it asks for the key."""

_ASSETS: Final = "/assets/"

_CALLS: Final = "/v1/realtime"

_FACES: Final = ("/v1/personas", "/v1/avatars")
"""Who is there to talk with, and what they look like."""


def is_free(scope: Scope) -> bool:
    """Whether this needs no key."""
    path: str = scope["path"]
    if path == KEY_DOOR:
        return True
    if scope["type"] != "http" or scope["method"] not in {"GET", "HEAD"}:
        return False
    return path in PROBES or path in _PAGES or path.startswith(_ASSETS)


def is_realtime(scope: Scope) -> bool:
    """Whether a token that is for conversations only opens this: no more tokens can be had for one."""
    path: str = scope["path"]
    if path == _CALLS or path.startswith(f"{_CALLS}/"):
        return path != f"{_CALLS}/client_secrets"
    return scope["type"] == "http" and scope["method"] in {"GET", "HEAD"} and path.startswith(_FACES)
