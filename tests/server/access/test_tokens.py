"""Tokens are signed, short-lived, and say no more than they were given for."""

from __future__ import annotations

import re

from visavis.server.access.tokens import PREFIX, Tokens


class Clock:
    """Unix time that stands still until it is moved."""

    def __init__(self) -> None:
        self.now = 1_000_000.0

    def __call__(self) -> float:
        return self.now


def test_a_token_says_what_it_was_given_for() -> None:
    tokens = Tokens(lambda: b"x" * 32, Clock())
    text, grant = tokens.mint("key_1", "realtime", 600, {"model": "open"})
    assert tokens.read(text) == grant
    assert (grant.holder, grant.reach, grant.expires, grant.session) == (
        "key_1",
        "realtime",
        1_000_600,
        {"model": "open"},
    )


def test_its_time_ends() -> None:
    clock = Clock()
    tokens = Tokens(lambda: b"x" * 32, clock)
    text, _ = tokens.mint("key_1", "all", 10)
    clock.now += 9
    assert tokens.read(text) is not None
    clock.now += 1
    assert tokens.read(text) is None


def test_not_one_character_can_be_changed() -> None:
    tokens = Tokens(lambda: b"x" * 32, Clock())
    text, _ = tokens.mint("key_1", "realtime", 600)
    for index in range(len(PREFIX), len(text)):
        other = "A" if text[index] != "A" else "B"
        changed = text[:index] + other + text[index + 1 :]
        # The last character of base64 may hold bits that say nothing.
        assert tokens.read(changed) is None or index == len(text) - 1, index


def test_another_servers_token_is_none() -> None:
    text, _ = Tokens(lambda: b"x" * 32, Clock()).mint("key_1", "all", 600)
    assert Tokens(lambda: b"y" * 32, Clock()).read(text) is None


def test_what_is_no_token() -> None:
    tokens = Tokens(lambda: b"x" * 32, Clock())
    for text in ("", PREFIX, "ek_x", "ek_x.y", "ek_" + "." * 100, "sk-visavis-x", "ek_\ud800", "ek_ü.ü"):
        assert tokens.read(text) is None


def test_a_token_fits_into_a_header_and_a_subprotocol() -> None:
    text, _ = Tokens(lambda: b"x" * 32, Clock()).mint("key_1", "realtime", 600, {"audio": {"output": {"voice": "ü"}}})
    assert re.fullmatch(r"[A-Za-z0-9._-]+", text)
    assert len(text) < 400
