"""Pages of other sites get nothing, however they ask."""

from __future__ import annotations

import pytest
from starlette.datastructures import Headers

from visavis.server.access.origins import Origins

HOST = {"host": "localhost:8000"}


def welcome(method: str = "GET", listed: tuple[str, ...] = (), **headers: str) -> bool:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Origins(listed).welcome(Headers({**HOST, **named}), method)


def test_scripts_and_own_pages_may() -> None:
    assert welcome()
    assert welcome("POST")
    assert welcome("POST", origin="http://localhost:8000", sec_fetch_site="same-origin")
    assert welcome(sec_fetch_site="same-origin", sec_fetch_mode="no-cors")
    assert welcome(sec_fetch_site="none", sec_fetch_mode="navigate")


@pytest.mark.parametrize(
    "origin",
    ["https://evil.example", "http://localhost:3000", "http://localhost", "null", "", "http://localhost:80000"],
)
def test_other_origins_may_not(origin: str) -> None:
    assert not welcome(origin=origin)


def test_what_browsers_load_without_naming_the_origin_is_refused_too() -> None:
    for site in ("cross-site", "same-site"):
        assert not welcome(sec_fetch_site=site, sec_fetch_mode="no-cors", sec_fetch_dest="image")
        assert not welcome(sec_fetch_site=site, sec_fetch_mode="navigate", sec_fetch_dest="iframe")
        assert not welcome("POST", sec_fetch_site=site, sec_fetch_mode="navigate", sec_fetch_dest="document")


def test_a_link_from_another_site_may_be_followed() -> None:
    assert welcome(sec_fetch_site="cross-site", sec_fetch_mode="navigate", sec_fetch_dest="document")


def test_listed_origins_may() -> None:
    friend = ("https://friend.example",)
    assert welcome("POST", friend, origin="https://friend.example")
    loading = {"sec_fetch_site": "cross-site", "sec_fetch_mode": "no-cors"}
    assert welcome("GET", friend, referer="https://friend.example/page", **loading)
    assert not welcome("GET", friend, referer="https://friend.example.evil/page", **loading)
    assert not welcome("POST", friend, origin="https://friend.example.evil")
