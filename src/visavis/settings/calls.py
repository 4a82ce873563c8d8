"""Settings: calls over WebRTC."""

from __future__ import annotations

import re
from ipaddress import ip_address
from typing import Final

from pydantic import field_validator

from visavis.settings.source import FromEnvironment, variable

_SERVER: Final = re.compile(r"(stun|turn|turns):[^\s?:/@]+(:\d{1,5})?(\?transport=(udp|tcp))?")


class CallSettings(FromEnvironment):
    """How callers reach the server over WebRTC. By default they come to the address it listens on."""

    ice_servers: tuple[str, ...] = variable(
        (),
        "VISAVIS_ICE_SERVERS",
        description="JSON list with at most one STUN and one TURN server: `stun:host:port`, `turn:host:port`.",
    )
    turn_user: str = variable("", "VISAVIS_TURN_USER", description="Name for the TURN server.")
    turn_password: str = variable("", "VISAVIS_TURN_PASSWORD", description="Password for it.", repr=False)
    public_address: str = variable(
        "",
        "VISAVIS_PUBLIC_ADDRESS",
        description="IP address under which callers reach a server behind NAT whose UDP ports are forwarded.",
    )
    setup: float = variable(
        15.0, "VISAVIS_CALL_SETUP", description="Seconds in which a call has to be connected.", gt=0, le=120
    )

    @field_validator("ice_servers")
    @classmethod
    def _known(cls, servers: tuple[str, ...]) -> tuple[str, ...]:
        for one in servers:
            if not _SERVER.fullmatch(one):
                raise ValueError(f"'{one}' is no ICE server; write one like `stun:host:3478` or `turn:host:3478`")
        return servers

    @field_validator("public_address")
    @classmethod
    def _address(cls, text: str) -> str:
        return str(ip_address(text)) if text else ""
