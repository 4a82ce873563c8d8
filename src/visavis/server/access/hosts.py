"""By which names this server is called: what asks for another host was led here by a name that lies (DNS rebinding)."""

from __future__ import annotations

from collections.abc import Iterable
from ipaddress import IPv4Address, IPv6Address, ip_address


def host_of(header: str) -> str:
    """The name in a `Host` header or in an address's network part: without port, brackets and final dot."""
    name = header.strip().lower()
    if name.startswith("["):
        return name[1:].partition("]")[0]
    if name.count(":") > 1:
        return name
    return name.partition(":")[0].rstrip(".")


def is_loopback(name: str) -> bool:
    """Whether only this machine is reached by it: `localhost`, 127.0.0.0/8, ::1."""
    if name == "localhost" or name.endswith(".localhost"):
        return True
    address = _address(name)
    return address is not None and address.is_loopback


class Hosts:
    """The hosts that requests may be meant for."""

    def __init__(self, bound: str, listed: Iterable[str]) -> None:
        """`bound` is where the server listens, `listed` what the host has named besides; `*` there allows any."""
        self._listed = frozenset({host_of(name) for name in listed})
        self._bound = host_of(bound)
        self.local = is_loopback(self._bound)
        """Whether the server listens on this machine only."""
        self.named_outside = any(not is_loopback(name) for name in self._listed)
        """Whether the host expects visitors from elsewhere, as behind a proxy."""

    def ours(self, header: str) -> bool:
        """Whether a request with this `Host` is meant for us.

        A server that others can reach is also called by its bare addresses: no name was resolved there, so none lied.
        """
        name = host_of(header)
        if not name:
            return False
        if is_loopback(name) or name in self._listed or "*" in self._listed:
            return True
        return not self.local and (name == self._bound or _address(name) is not None)


def _address(name: str) -> IPv4Address | IPv6Address | None:
    try:
        address = ip_address(name.partition("%")[0])
    except ValueError:
        return None
    return getattr(address, "ipv4_mapped", None) or address
