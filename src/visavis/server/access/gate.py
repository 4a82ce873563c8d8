"""The two doorkeepers: one looks where a request comes from and whom it is for, the other who sends it."""

from __future__ import annotations

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from visavis.core.errors import VisavisError
from visavis.server.access.hosts import Hosts
from visavis.server.access.origins import Origins
from visavis.server.access.refusal import refuse
from visavis.server.access.rule import Rule


class Site:
    """An ASGI middleware that refuses what is meant for another host, or sent by another site's page."""

    def __init__(self, app: ASGIApp, hosts: Hosts, origins: Origins) -> None:
        self._app, self._hosts, self._origins = app, hosts, origins

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serves one request or connection."""
        if scope["type"] in {"http", "websocket"} and (error := self._problem(scope)) is not None:
            await refuse(scope, receive, send, error)
            return
        await self._app(scope, receive, send)

    def _problem(self, scope: Scope) -> VisavisError | None:
        headers = Headers(scope=scope)
        if not self._hosts.ours(headers.get("host", "")):
            sentence = "This server does not answer to that host name; its host can allow it (VISAVIS_HOSTS)."
            return VisavisError("host.refused", sentence)
        if not self._origins.welcome(headers, scope.get("method", "GET")):
            return VisavisError("origin.refused", "Pages of this origin may not use this server (VISAVIS_ORIGINS).")
        return None


class Gate:
    """An ASGI middleware that lets in whom the rule lets in; `caller_of` then says who it was."""

    def __init__(self, app: ASGIApp, rule: Rule) -> None:
        self._app, self._rule = app, rule

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serves one request or connection."""
        if scope["type"] not in {"http", "websocket"}:
            await self._app(scope, receive, send)
            return
        try:
            caller = await self._rule.judge(scope)
            leave = self._rule.enter(caller, scope)
        except VisavisError as error:
            await refuse(scope, receive, send, error)
            return
        scope.setdefault("state", {})["caller"] = caller
        try:
            await self._app(scope, receive, send)
        finally:
            leave()
