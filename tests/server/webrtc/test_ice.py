"""Where calls come in, and what of an offer the server follows up."""

from __future__ import annotations

import pytest
from aiortc import RTCIceGatherer, RTCIceTransport
from pydantic import ValidationError

from visavis.server.webrtc.ice import Ice
from visavis.server.webrtc.offer import screened
from visavis.settings import CallSettings

OFFER = "\r\n".join(
    [
        "v=0",
        "a=group:BUNDLE 0 1",
        "m=audio 9 UDP/TLS/RTP/SAVPF 111",
        "a=candidate:1 1 udp 2122 10.1.2.3 5000 typ host",
        "a=candidate:2 1 udp 2121 8c1f.local 5000 typ host",
        "a=end-of-candidates",
        "a=ice-ufrag:abcd",
        "a=ice-pwd:abcdefghijklmnopqrstuv",
        "a=fingerprint:sha-256 00",
        "m=application 9 UDP/DTLS/SCTP webrtc-datachannel",
        "",
    ]
)


def test_no_address_of_the_callers_is_followed_unless_there_is_a_relay_and_names_never() -> None:
    assert "candidate" not in screened(OFFER, candidates=False)
    kept = screened(
        OFFER.replace("a=ice-ufrag", "a=candidate:3 1 udp 1 10.9.9.9 1 typ host\r\na=ice-ufrag"), candidates=True
    )
    assert "10.1.2.3" in kept
    assert ".local" not in kept
    assert "end-of-candidates" not in kept
    many = OFFER.replace("a=end-of-candidates", "a=candidate:1 1 udp 2122 10.1.2.3 5000 typ host\r\n" * 100)
    assert screened(many, candidates=True).count("a=candidate") == 16


@pytest.mark.parametrize(("host", "expected"), [("127.0.0.1", {"127.0.0.1"}), ("localhost", {"127.0.0.1", "::1"})])
async def test_packets_come_in_where_the_server_listens_and_nowhere_else(host: str, expected: set[str]) -> None:
    found = await gathered(Ice(host, CallSettings()))
    assert "127.0.0.1" in found
    assert found <= expected


async def test_a_public_address_is_named_beside_those_the_machine_has() -> None:
    everywhere = await gathered(Ice("0.0.0.0", CallSettings()))
    assert "127.0.0.1" in everywhere
    shown = await gathered(Ice("0.0.0.0", CallSettings(public_address="203.0.113.7")))
    assert shown - everywhere <= {"203.0.113.7"}


def test_servers_that_are_none_are_refused() -> None:
    assert Ice("127.0.0.1", CallSettings()).configuration().iceServers == [], "nobody elsewhere is asked by default"
    assert CallSettings(ice_servers=("stun:stun.example:3478", "turn:turn.example")).ice_servers
    for wrong in (
        {"ice_servers": ("http://x",)},
        {"ice_servers": ("turn:user@x",)},
        {"public_address": "name.example"},
    ):
        with pytest.raises(ValidationError):
            CallSettings.model_validate(wrong)


async def gathered(ice: Ice) -> set[str]:
    transport = RTCIceTransport(RTCIceGatherer(iceServers=[]))
    await ice.listen_with(transport)
    await transport.iceGatherer.gather()
    try:
        return {one.ip for one in transport.iceGatherer.getLocalCandidates()}
    finally:
        await transport.stop()
