"""Puts the doorkeepers before an app."""

from __future__ import annotations

from fastapi import FastAPI
from starlette.middleware.cors import CORSMiddleware

from visavis.core.errors import VisavisError
from visavis.server.access.body_pace import BodyPace
from visavis.server.access.gate import Gate, Site
from visavis.server.access.headers import SecurityHeaders
from visavis.server.access.hosts import Hosts
from visavis.server.access.keys import KeyStore
from visavis.server.access.origins import Origins
from visavis.server.access.rule import Rule
from visavis.settings import Settings


def guard(app: FastAPI, settings: Settings) -> Rule:
    """Guards every route of the app, mounted ones and WebSockets too; `app.state.rule` is the rule.

    Raises VisavisError `settings.invalid`.
    """
    hosts = Hosts(settings.server.host, settings.access.hosts)
    origins = settings.server.origins
    rule = app.state.rule = rule_of(settings)
    # The last one added is asked first.
    app.add_middleware(BodyPace, patience=settings.server.patience)
    app.add_middleware(Gate, rule=rule)
    if origins:
        app.add_middleware(
            CORSMiddleware,
            allow_origins=origins,
            allow_methods=["GET", "POST", "PUT", "PATCH", "DELETE"],
            allow_headers=["*"],
            expose_headers=["Retry-After"],
        )
    app.add_middleware(Site, hosts=hosts, origins=Origins(origins))
    app.add_middleware(SecurityHeaders, shared=bool(origins))
    return rule


def rule_of(settings: Settings) -> Rule:
    """The rule by these settings. Raises VisavisError `settings.invalid`."""
    hosts = Hosts(settings.server.host, settings.access.hosts)
    return Rule(settings.access, hosts, KeyStore(settings.keys_file))


def require_entrance(rule: Rule, settings: Settings) -> None:
    """Raises VisavisError `access.needed` for a server that others reach, and that nobody could get into."""
    if rule.enterable:
        return
    names = ", ".join(settings.access.hosts)
    place = f"on {settings.server.host}" + (f" as {names}" if names else "")
    raise VisavisError(
        "access.needed",
        f"Others can reach a server {place}, and there is no key yet: make one with `visavis keys add NAME`, set "
        "SHARED_SECRET, or let everybody in with --insecure.",
    )
