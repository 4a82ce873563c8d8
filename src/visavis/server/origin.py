"""Whose pages may use the server: its own, and those of origins that the host has named."""

from __future__ import annotations

from urllib.parse import urlsplit

from starlette.requests import HTTPConnection, Request

from visavis.core.errors import VisavisError
from visavis.server.house import House


def welcome(connection: HTTPConnection) -> bool:
    """Whether the page that this comes from may; what is no page, like a script, always may."""
    house: House = connection.app.state.house
    origin = connection.headers.get("origin")
    if origin is None or origin in house.settings.server.origins:
        return True
    return urlsplit(origin).netloc == connection.headers.get("host")


def welcome_pages_only(request: Request) -> None:
    """A dependency of routes that change something. Raises VisavisError `origin.refused`."""
    if not welcome(request):
        raise VisavisError("origin.refused", "Pages of this origin may not use this server.")
