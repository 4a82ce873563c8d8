"""Where a call's packets come in: on the address the server listens on, and on no other."""

from __future__ import annotations

import asyncio
import copy
import socket
from dataclasses import dataclass
from typing import Final

from aioice import Candidate
from aiortc import RTCBundlePolicy, RTCConfiguration, RTCIceServer, RTCIceTransport

from visavis.settings import CallSettings

_EVERY: Final = frozenset({"", "0.0.0.0", "::"})  # noqa: S104 - what the host may have asked for
_HERE: Final = "127.0.0.1"


@dataclass(frozen=True, slots=True)
class Ice:
    """How callers reach this server: `host` is what it listens on."""

    host: str
    settings: CallSettings

    @property
    def reaches_out(self) -> bool:
        """Whether the server has to send first, to addresses that callers name: through NAT or a relay."""
        return bool(self.settings.ice_servers)

    def configuration(self) -> RTCConfiguration:
        """aiortc's; with no servers named it would ask Google's."""
        own = self.settings
        servers = [RTCIceServer(url, own.turn_user or None, own.turn_password or None) for url in own.ice_servers]
        return RTCConfiguration(iceServers=servers, bundlePolicy=RTCBundlePolicy.MAX_BUNDLE)

    async def listen_with(self, transport: RTCIceTransport) -> None:
        """Has a transport that has gathered nothing yet gather here.

        aiortc and aioice always take all addresses but loopback and offer no choice, so their gathering is wrapped.
        """
        own = await self._addresses()
        connection = transport.iceGatherer._connection
        gather = connection.get_component_candidates

        async def here(component: int, addresses: list[str], timeout: int = 5) -> list[Candidate]:  # noqa: ASYNC109
            found = await gather(component, own or [*addresses, _HERE], timeout)
            return [*found, *self._public(found)]

        connection.get_component_candidates = here  # type: ignore[method-assign]

    async def _addresses(self) -> list[str]:
        """The addresses to listen on; empty for every one there is."""
        if self.host in _EVERY:
            return []
        known = await asyncio.get_running_loop().getaddrinfo(self.host, None, type=socket.SOCK_DGRAM)
        return list(dict.fromkeys(str(address[0]) for *_, address in known))

    def _public(self, found: list[Candidate]) -> list[Candidate]:
        address = self.settings.public_address
        if not address:
            return []
        shown = []
        for one in found:
            if one.type == "host" and one.host != _HERE and (":" in one.host) == (":" in address):
                outside = copy.copy(one)
                outside.host, outside.foundation = address, f"p{one.foundation}"[:32]
                shown.append(outside)
        return shown
