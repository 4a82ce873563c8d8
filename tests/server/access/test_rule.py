"""The one rule, case by case."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from visavis.core.errors import VisavisError
from visavis.server.access.hosts import Hosts
from visavis.server.access.keys import KeyStore
from visavis.server.access.rule import Rule
from visavis.settings import AccessSettings

SECRET = "a shared phrase of some length"


def rule(tmp_path: Path, bound: str = "127.0.0.1", **settings: Any) -> Rule:
    made = AccessSettings(**settings)
    return Rule(made, Hosts(bound, made.hosts), KeyStore(tmp_path / "keys.json"))


def asked(path: str = "/v1/models", client: str = "127.0.0.1", method: str = "GET", **headers: str) -> dict[str, Any]:
    return {
        "type": "http",
        "method": method,
        "path": path,
        "client": (client, 1),
        "headers": [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()],
    }


def call(path: str = "/v1/realtime", client: str = "127.0.0.1", *protocols: str) -> dict[str, Any]:
    return {"type": "websocket", "path": path, "client": (client, 1), "headers": [], "subprotocols": list(protocols)}


async def outcome(one: Rule, scope: dict[str, Any]) -> str:
    try:
        return (await one.judge(scope)).reach
    except VisavisError as error:
        return error.code


async def test_this_machine_needs_no_key_and_may_say_any_word_that_is_not_ours(tmp_path: Path) -> None:
    one = rule(tmp_path)
    assert await outcome(one, asked()) == "all"
    assert await outcome(one, asked(authorization="Bearer none")) == "all"
    assert await outcome(one, asked(authorization="Basic dTpw")) == "all"
    assert await outcome(one, call()) == "all"


async def test_what_looks_like_our_key_must_be_one_even_here(tmp_path: Path) -> None:
    one = rule(tmp_path)
    assert await outcome(one, asked(authorization="Bearer sk-visavis-wrong")) == "access.wrong"
    assert await outcome(one, asked(authorization="Bearer ek_wrong")) == "access.expired"
    assert await outcome(one, call("/v1/realtime", "127.0.0.1", "realtime", "openai-insecure-api-key.ek_x")) == (
        "access.expired"
    )
    assert await outcome(one, asked(cookie="visavis_access=ek_stale")) == "all"


@pytest.mark.parametrize("header", ["x_forwarded_for", "forwarded", "x_real_ip", "via", "x_forwarded_host"])
async def test_through_a_proxy_nobody_is_at_this_machine(tmp_path: Path, header: str) -> None:
    assert await outcome(rule(tmp_path), asked(**{header: "127.0.0.1"})) == "access.missing"


async def test_from_elsewhere_a_key_is_needed(tmp_path: Path) -> None:
    one = rule(tmp_path)
    assert await outcome(one, asked(client="10.0.0.9")) == "access.missing"
    assert await outcome(one, asked(client="10.0.0.9", authorization="Bearer none")) == "access.wrong"


@pytest.mark.parametrize(
    ("bound", "settings"),
    [
        ("0.0.0.0", {}),
        ("::", {}),
        ("10.0.0.1", {}),
        ("127.0.0.1", {"hosts": ("talk.example",)}),
        ("127.0.0.1", {"mode": "key"}),
        ("127.0.0.1", {"secret": SECRET}),
    ],
)
async def test_a_server_that_others_reach_wants_a_key_from_all(
    tmp_path: Path, bound: str, settings: dict[str, Any]
) -> None:
    one = rule(tmp_path, bound, **settings)
    assert one.closed
    assert await outcome(one, asked()) == "access.missing"
    assert await outcome(one, asked(authorization="Bearer none")) == "access.wrong"
    _, text = one.keys.add("Ada")
    for shown in ({"authorization": f"Bearer {text}"}, {"x_api_key": text}, {"x_shared_secret": text}):
        assert await outcome(one, asked(**shown)) == "all"
    assert await outcome(one, call("/v1/realtime", "10.0.0.9", f"openai-insecure-api-key.{text}")) == "all"


async def test_whether_anybody_can_get_in(tmp_path: Path) -> None:
    assert rule(tmp_path).enterable
    assert rule(tmp_path, "0.0.0.0", mode="open").enterable
    assert rule(tmp_path, "0.0.0.0", secret=SECRET).enterable
    one = rule(tmp_path, "0.0.0.0")
    assert not one.enterable
    one.keys.add("Ada")
    assert one.enterable


async def test_insecure_lets_everybody_in(tmp_path: Path) -> None:
    assert await outcome(rule(tmp_path, "0.0.0.0", mode="open"), asked(client="10.0.0.9")) == "all"


async def test_the_shared_secret(tmp_path: Path) -> None:
    one = rule(tmp_path, secret=SECRET)
    assert await outcome(one, asked(x_api_key=SECRET)) == "all"
    assert await outcome(one, asked(authorization=SECRET)) == "access.missing", "no scheme of ours"
    assert await outcome(one, asked(x_api_key=SECRET[:-1])) == "access.wrong"


async def test_guessing_ends_soon_and_real_keys_still_work(tmp_path: Path) -> None:
    one = rule(tmp_path, secret=SECRET, guesses="3/hour")
    _, key = one.keys.add("Ada")
    for _ in range(3):
        assert await outcome(one, asked(x_api_key="guess")) == "access.wrong"
    assert await outcome(one, asked(x_api_key="guess")) == "rate.guesses"
    assert await outcome(one, asked(x_api_key=SECRET)) == "rate.guesses"
    assert await outcome(one, asked(x_api_key=key)) == "all"
    assert await outcome(one, asked(client="10.0.0.9", x_api_key=SECRET)) == "all"


async def test_probes_and_the_page_are_free_and_tell_nothing(tmp_path: Path) -> None:
    one = rule(tmp_path, "0.0.0.0")
    for path in (
        "/healthz",
        "/health",
        "/readyz",
        "/api/v1/health",
        "/",
        "/studio",
        "/assets/index.js",
        "/favicon.svg",
    ):
        assert await outcome(one, asked(path)) == "nothing", path
        assert await outcome(one, asked(path, authorization="Bearer wrong")) == "nothing", path
        if path != "/":
            assert await outcome(one, asked(path, method="POST")) == "access.missing", path
    for path in ("/assets", "/metrics", "/docs", "/openapi.json", "/v1/models", "/outputs/x", "/assetsx", "//"):
        assert await outcome(one, asked(path)) == "access.missing", path


async def test_a_realtime_token_opens_conversations_only(tmp_path: Path) -> None:
    one = rule(tmp_path, "0.0.0.0")
    key, _ = one.keys.add("Ada")
    token, _ = one.tokens.mint(key.id, "realtime", 60)
    shown = {"authorization": f"Bearer {token}"}
    assert await outcome(one, call("/v1/realtime", "10.0.0.9", f"openai-insecure-api-key.{token}")) == "realtime"
    assert await outcome(one, asked("/v1/realtime/calls", method="POST", **shown)) == "realtime"
    assert await outcome(one, asked("/v1/avatars/genevieve/rig.json", **shown)) == "realtime"
    for path in ("/v1/realtime/client_secrets", "/v1/models", "/api/v1/knowledge", "/metrics"):
        assert await outcome(one, asked(path, method="POST", **shown)) == "access.reach", path
    one.keys.remove("Ada")
    assert await outcome(one, asked("/v1/realtime/calls", method="POST", **shown)) == "access.expired"


async def test_a_token_of_an_open_server_ends_when_it_is_closed(tmp_path: Path) -> None:
    one = rule(tmp_path)
    one.keys.add("Ada")
    token, _ = one.tokens.mint("", "all", 60)
    assert await outcome(one, asked(authorization=f"Bearer {token}")) == "all"
    assert await outcome(rule(tmp_path, mode="key"), asked(authorization=f"Bearer {token}")) == "access.expired"


async def test_a_token_of_the_shared_secret_ends_with_it(tmp_path: Path) -> None:
    one = rule(tmp_path, secret=SECRET)
    one.keys.add("Ada")  # the signing secret is kept from now on
    token, _ = one.tokens.mint(one.holder_of_secret(), "all", 60)
    assert await outcome(one, asked(cookie=f"visavis_access={token}")) == "all"
    changed = rule(tmp_path, secret=SECRET + "!")
    assert await outcome(changed, asked(cookie=f"visavis_access={token}")) == "access.missing"


async def test_addresses_and_keys_have_their_limits(tmp_path: Path) -> None:
    one = rule(tmp_path, mode="key", rate="5/minute")
    _, key = one.keys.add("Ada", "2/day")
    for _ in range(2):
        assert await outcome(one, asked(x_api_key=key)) == "all"
    assert await outcome(one, asked(x_api_key=key)) == "rate.quota"
    for _ in range(2):
        assert await outcome(one, asked("/healthz")) == "nothing"
    assert await outcome(one, asked("/healthz")) == "rate.limited"
    assert await outcome(one, asked("/healthz", client="10.0.0.9")) == "nothing"


async def test_neighbours_in_one_ipv6_network_count_as_one(tmp_path: Path) -> None:
    one = rule(tmp_path, "::", rate="2/minute")
    for client in ("2001:db8:1:2::1", "2001:db8:1:2:ffff::9"):
        assert await outcome(one, asked("/healthz", client=client)) == "nothing"
    assert await outcome(one, asked("/healthz", client="2001:db8:1:2::3")) == "rate.limited"
    assert await outcome(one, asked("/healthz", client="2001:db8:1:3::1")) == "nothing"


async def test_who_sits_at_the_machine_is_not_counted(tmp_path: Path) -> None:
    one = rule(tmp_path, rate="1/minute")
    for _ in range(3):
        assert await outcome(one, asked()) == "all"


async def test_a_broken_file_of_keys_lets_nobody_in(tmp_path: Path) -> None:
    (tmp_path / "keys.json").write_text("{")
    one = rule(tmp_path, mode="key")
    assert await outcome(one, asked(authorization="Bearer sk-visavis-x")) == "keys.unreadable"
