"""What the reference page of the protocol says of calls; a test holds its codes against what the server answers."""

from __future__ import annotations

from typing import Final

from visavis.server.webrtc.offer import LARGEST

CODES: Final[dict[str, str]] = {
    "call.offer": "the SDP cannot be read, or has no codec in common (Opus, G.722, G.711)",
    "call.media": "it offers something else than one audio track and one data channel",
    "call.session": "the `session` beside it is no session",
    "call.type": "neither `application/sdp` nor a multipart form",
    "call.too_large": f"more than {LARGEST // 1024} KiB",
    "call.unavailable": "no address to take calls on, or none in time",
    "call.unknown": "no call of that id, not any more, or another key's",
    "sessions.full": "as many callers as there are places and room in the queue",
    "rate.busy": "more conversations at once than one key or address may have",
}

WEBRTC: Final = """\
`POST /v1/realtime/calls` takes an SDP offer (`application/sdp`, or a form with `sdp` and `session`) and answers with
the SDP answer, status 201 and the call's address in `Location`; `POST …/hangup` there ends it. Offer one audio track
and one data channel named `oai-events`: the channel carries the events of this page, the tracks carry the sound both
ways, so there is no `response.output_audio.delta`. The gate is that of all routes; a token of `POST
/v1/realtime/client_secrets` is made for this. Who agreed to be remembered shows their secret in the header
`x-visavis-person`.

The server sends the voice as it is to be heard, so it knows itself how much of an answer was heard; a client that
sends `visavis.playback` is believed instead. When the person cuts in, the track is silent from its next frame (20 ms)
on. A microphone that sends nothing for 200 ms counts as silent.

Calls come to the address that the server listens on, to a free UDP port. By default the server follows no address
that a caller names: callers come by themselves, so a call cannot make it send anything elsewhere.
`VISAVIS_ICE_SERVERS` names a STUN or TURN server for callers behind other networks, `VISAVIS_PUBLIC_ADDRESS` the
address before NAT. Whoever is not connected after `VISAVIS_CALL_SETUP` seconds is given up. Events of more bytes than
the caller's `max-message-size` are left out.

| code | when |
|---|---|
""" + "\n".join(f"| `{code}` | {when} |" for code, when in CODES.items())
