"""What a request shows to be let in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from starlette.requests import HTTPConnection
from starlette.types import Scope

COOKIE: Final = "visavis_access"
"""The page's cookie; it holds a token, never the key."""

HEADERS: Final = ("x-api-key", "x-shared-secret")
"""Where a key may stand as it is; in `Authorization` it is a bearer token."""

SUBPROTOCOL: Final = "openai-insecure-api-key."
"""How a browser hands a token to a WebSocket, which takes no headers: before it in `Sec-WebSocket-Protocol`."""


@dataclass(frozen=True, slots=True)
class Shown:
    """A key or token; `by_cookie` ones were sent by the browser unasked, so a stale one counts as none."""

    text: str
    by_cookie: bool = False


def shown_by(scope: Scope) -> Shown | None:
    """The first that there is: header, subprotocol, cookie."""
    connection = HTTPConnection(scope)
    if text := _token(connection.headers.get("authorization", "")):
        return Shown(text)
    for name in HEADERS:
        if text := connection.headers.get(name, "").strip():
            return Shown(text)
    for offered in scope.get("subprotocols", ()):
        if offered.startswith(SUBPROTOCOL):
            return Shown(offered.removeprefix(SUBPROTOCOL))
    if text := connection.cookies.get(COOKIE, ""):
        return Shown(text, by_cookie=True)
    return None


def _token(header: str) -> str:
    """The key in a header's value; other schemes than `Bearer` are not ours."""
    scheme, _, rest = header.strip().partition(" ")
    if not rest:
        return scheme if scheme.lower() != "bearer" else ""
    return rest.strip() if scheme.lower() == "bearer" else ""
