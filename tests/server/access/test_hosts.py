"""A server answers to its own names only."""

from __future__ import annotations

import pytest

from visavis.server.access.hosts import Hosts, host_of, is_loopback


@pytest.mark.parametrize(
    ("header", "name"),
    [
        ("localhost:8000", "localhost"),
        ("LocalHost", "localhost"),
        ("example.com.", "example.com"),
        ("[::1]:8000", "::1"),
        ("::1", "::1"),
        ("127.0.0.1:80", "127.0.0.1"),
        ("", ""),
    ],
)
def test_the_name_in_a_header(header: str, name: str) -> None:
    assert host_of(header) == name


@pytest.mark.parametrize("name", ["localhost", "app.localhost", "127.0.0.1", "127.8.9.10", "::1", "::ffff:127.0.0.1"])
def test_names_of_this_machine(name: str) -> None:
    assert is_loopback(name)


@pytest.mark.parametrize(
    "name", ["0.0.0.0", "localhost.example", "10.0.0.1", "::", "example.com", "127.0.0.1.nip.io", ""]
)
def test_other_names(name: str) -> None:
    assert not is_loopback(name)


def test_a_server_on_this_machine_answers_to_no_other_name() -> None:
    hosts = Hosts("127.0.0.1", ())
    assert hosts.local
    assert all(hosts.ours(name) for name in ("localhost:8000", "127.0.0.1:8000", "[::1]:8000"))
    assert not any(hosts.ours(name) for name in ("evil.example", "10.0.0.1:8000", "127.0.0.1.nip.io", ""))


def test_a_server_that_others_reach_answers_to_addresses_and_to_the_names_it_was_given() -> None:
    hosts = Hosts("0.0.0.0", ("Talk.example:443",))
    assert not hosts.local
    assert hosts.named_outside
    assert all(hosts.ours(name) for name in ("10.0.0.1:8000", "[2001:db8::1]", "talk.example", "localhost"))
    assert not hosts.ours("evil.example")
    assert Hosts("box.lan", ()).ours("box.lan:8000")


def test_a_star_allows_every_name() -> None:
    assert Hosts("0.0.0.0", ("*",)).ours("whatever.example")
