"""Calls pass the same gate as everything: key, token, origin and host; nobody ends another's call."""

from __future__ import annotations

from pathlib import Path

import httpx
from openai import AsyncOpenAI

from tests.server.access.closed import closed
from tests.server.webrtc.caller import Caller
from visavis.server.problems import status_of
from visavis.server.webrtc.reference import CODES

SDP = {"content-type": "application/sdp"}


async def test_strangers_get_no_answer_to_their_offer(tmp_path: Path) -> None:
    async with closed(tmp_path) as one, one.client() as client:
        caller = Caller()
        offer = await caller.offer()
        right = {"authorization": f"Bearer {one.key}"}
        for headers, status, code in (
            ({}, 401, "access.missing"),
            ({"authorization": "Bearer sk-visavis-" + "x" * 43}, 401, "access.wrong"),
            ({**right, "origin": "https://evil.example"}, 403, "origin.refused"),
            ({**right, "origin": "null"}, 403, "origin.refused"),
            ({**right, "host": "evil.example"}, 421, "host.refused"),
        ):
            for path in ("/v1/realtime/calls", "/v1/realtime/calls/rtc_x/hangup"):
                answer = await client.post(path, content=offer, headers={**SDP, **headers})
                assert (answer.status_code, answer.json()["error"]["code"]) == (status, code), (path, headers)
        assert len(one.server.app.state.calls) == 0
        await caller.close()


async def test_a_browsers_token_opens_a_call_with_the_stock_client_and_others_cannot_end_it(tmp_path: Path) -> None:
    async with closed(tmp_path) as one, one.client() as client:
        _, other = one.keys.add("Bob")
        right = {"authorization": f"Bearer {one.key}"}
        body = {"session": {"model": "genevieve", "visavis": {"language": "es"}}}
        token = (await client.post("/v1/realtime/client_secrets", json=body, headers=right)).json()["value"]
        caller = Caller()
        stock = AsyncOpenAI(api_key=token, base_url=f"{one.server.http}/v1")
        answer = await stock.realtime.calls.create(
            sdp=await caller.offer(), session={"type": "realtime", "output_modalities": ["text"]}
        )
        await caller.connect(httpx.Response(201, headers=answer.response.headers, content=answer.content))
        session = (await caller.until("session.created"))[-1]["session"]
        assert (session["model"], session["output_modalities"]) == ("genevieve", ["text"])
        assert session["visavis"]["language"] == "es"

        answer_ = await client.post(f"{caller.address}/hangup", headers={"authorization": f"Bearer {other}"})
        assert (answer_.status_code, answer_.json()["error"]["code"]) == (404, "call.unknown")
        await stock.realtime.calls.hangup(caller.address.rsplit("/", 1)[-1])
        assert len(one.server.app.state.calls) == 0
        assert one.server.app.state.house.sessions.busy == 0
        await stock.close()
        await caller.close()


def test_the_codes_have_a_status() -> None:
    assert {code: status_of(code) for code in CODES} == {
        "call.offer": 400,
        "call.media": 400,
        "call.session": 400,
        "call.type": 415,
        "call.too_large": 413,
        "call.unavailable": 503,
        "call.unknown": 404,
        "sessions.full": 503,
        "rate.busy": 429,
    }
