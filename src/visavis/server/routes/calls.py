"""`/v1/realtime/calls`: the Realtime protocol over WebRTC."""

from __future__ import annotations

from typing import Any, Final

from fastapi import APIRouter, Request, Response

from visavis.server.access.caller import caller_of
from visavis.server.conversation import Wish
from visavis.server.remembrance import person_of
from visavis.server.webrtc.calls import Calls
from visavis.server.webrtc.offer import read_offer

router = APIRouter(tags=["realtime"])

_SDP: Final = {"type": "string", "description": "What `createOffer` made: one audio track, one data channel."}
_FORM: Final[dict[str, Any]] = {
    "type": "object",
    "required": ["sdp"],
    "properties": {
        "sdp": _SDP,
        "session": {"type": "string", "description": "JSON, as in a `session.update`, with the persona as `model`."},
    },
}
_BODY: Final[dict[str, Any]] = {
    "requestBody": {
        "required": True,
        "content": {"application/sdp": {"schema": _SDP}, "multipart/form-data": {"schema": _FORM}},
    }
}
_ANSWERS: Final[dict[int | str, dict[str, Any]]] = {
    201: {
        "description": "The SDP answer; `Location` is the call's address.",
        "content": {"application/sdp": {"schema": {"type": "string"}}},
    }
}


@router.post("/v1/realtime/calls", status_code=201, response_class=Response, openapi_extra=_BODY, responses=_ANSWERS)
async def call(request: Request, model: str = "", session: str = "", token: str = "") -> Response:
    """Takes a call over WebRTC: an SDP offer in, the answer out (docs/protocol.md). `model`, `session` and `token` are
    those of the WebSocket; the header `x-visavis-person` says who it is, for those who agreed to be remembered."""
    calls: Calls = request.app.state.calls
    caller, person = caller_of(request), person_of(request.headers)
    offer = await read_offer(request)
    patches = tuple(patch for patch in (offer.session, caller.session) if patch)
    begun = await calls.begin(caller, offer.sdp, Wish(model, session, token, patches, person))
    headers = {"Location": f"/v1/realtime/calls/{begun.id}", "Cache-Control": "no-store"}
    return Response(begun.answer, 201, headers, media_type="application/sdp")


@router.post("/v1/realtime/calls/{call_id}/hangup")
async def hang_up(request: Request, call_id: str) -> Response:
    """Ends a call; its place is free when this answers."""
    calls: Calls = request.app.state.calls
    await calls.hang_up(call_id, caller_of(request).holder)
    return Response(status_code=200)
