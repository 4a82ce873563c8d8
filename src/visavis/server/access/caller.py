"""Who sends a request, as far as the server knows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from ipaddress import IPv6Address, ip_address
from typing import Any, Literal

from starlette.requests import HTTPConnection
from starlette.types import Scope

Reach = Literal["nothing", "realtime", "all"]
"""What somebody may do: only what everybody may, hold conversations, or everything."""

_FORWARDED = frozenset({b"forwarded", b"x-forwarded-for", b"x-forwarded-host", b"x-real-ip", b"via"})


@dataclass(frozen=True, slots=True)
class Caller:
    """One sender: `address` as it is counted, `holder` the id of the key behind it ("" for none), `quota` that key's
    limits, `session` what a token of `/v1/realtime/client_secrets` fixes of a conversation."""

    address: str
    reach: Reach = "nothing"
    holder: str = ""
    quota: str = ""
    session: Mapping[str, Any] | None = None
    counted: bool = True
    """False for who sits at the machine itself and needs no key: nothing of theirs is limited."""


def caller_of(connection: HTTPConnection) -> Caller:
    """Who the gate let in; nobody in particular where there is no gate."""
    found = getattr(connection.state, "caller", None)
    return found if isinstance(found, Caller) else Caller(address_of(connection.scope), "all", counted=False)


def address_of(scope: Scope) -> str:
    """The sender's address; of an IPv6 address its /64, which is what one household or host has."""
    client = scope.get("client")
    if not client:
        return ""
    try:
        address = ip_address(str(client[0]).partition("%")[0])
    except ValueError:
        return str(client[0])
    if isinstance(address, IPv6Address):
        if address.ipv4_mapped is not None:
            return str(address.ipv4_mapped)
        return str(IPv6Address(int(address) >> 64 << 64)) if not address.is_loopback else "::1"
    return str(address)


def forwarded(scope: Scope) -> bool:
    """Whether the request came through a proxy, and its sender is not at this machine whatever the address says."""
    return any(name in _FORWARDED for name, _ in scope["headers"])
