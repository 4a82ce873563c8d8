"""Conversations over WebRTC: a real peer against the real app, with fake engines."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import httpx
import numpy as np
import pytest

from tests.server.serving import Served, serving, settings
from tests.server.webrtc.caller import Caller, calling
from visavis.engines.fake import spoken
from visavis.settings import SessionSettings

SILENCE = np.zeros(24_000, np.float32)
STORY = "Tell me a story, please. " * 12
"""The fake answer to it says it again, which takes long enough to cut in."""


async def settled(server: Served) -> None:
    """Waits until no call is on and no place is taken."""
    async with asyncio.timeout(30):
        while len(server.app.state.calls) or server.app.state.house.sessions.busy:  # noqa: ASYNC110 - nobody tells
            await asyncio.sleep(0.02)


async def test_a_voice_turn_then_a_typed_one_then_cutting_in() -> None:
    async with serving() as server:
        async with calling(server) as caller:
            caller.send("session.update", session={"type": "realtime", "visavis": {"motion": True}})
            assert (await caller.until("session.updated"))[-1]["session"]["visavis"]["motion"]
            caller.mouth.say(np.concatenate([spoken.encode("Hello there, how are you?", 24_000), SILENCE]))
            events = await caller.until("output_audio_buffer.stopped")
            by_type = {event["type"]: event for event in events}
            asked = by_type["conversation.item.input_audio_transcription.completed"]["transcript"]
            assert asked == "Hello there, how are you?"
            assert "response.output_audio.delta" not in by_type, "sound goes over the track"
            answer = by_type["response.output_audio_transcript.done"]["transcript"]
            await asyncio.sleep(0.3)  # what the caller's own buffer still holds
            assert spoken.decode(caller.sound, 48_000).strip() in answer
            starts = [e for e in events if e["type"] == "visavis.playout" and e["playing"]]
            stops = [e for e in events if e["type"] == "visavis.playout" and not e["playing"]]
            assert starts[0]["audio_ms"] == 0
            motion = [e for e in events if e["type"] == "visavis.motion.delta" and e.get("layer") == "speech"]
            placed = starts[0]["track_ms"] + motion[0]["start_ms"]
            assert abs(motion[0]["track_ms"] - placed) <= 100, "motion lies on the track's clock"
            assert stops[-1]["audio_ms"] > 500

            item = {"type": "message", "role": "user", "content": [{"type": "input_text", "text": STORY}]}
            caller.sounding.clear()
            caller.send("conversation.item.create", item=item)
            caller.send("response.create")
            begun = (await caller.until("output_audio_buffer.started"))[-1]["response_id"]
            caller.heard.clear()
            async with asyncio.timeout(10):
                await caller.sounding.wait()
            caller.send("response.cancel")
            events = await caller.until("response.done")
            cut = asyncio.get_running_loop().time()
            assert events[-1]["response"]["id"] == begun
            assert events[-1]["response"]["status"] == "cancelled"
            truncated = next(e for e in events if e["type"] == "conversation.item.truncated")
            assert 0 < truncated["audio_end_ms"] < 8000
            await asyncio.sleep(0.6)
            loud = [at for at, samples in caller.heard if np.abs(samples).max() > 0.02]
            assert loud, "it had begun to sound"
            assert loud[-1] - cut < 0.4, "the track falls silent, but for what the caller's own buffer holds"
        await settled(server)


async def test_hanging_up_frees_the_place_for_who_waits() -> None:
    made = settings(sessions=SessionSettings(places=1, queue=1))
    async with serving(made) as server, httpx.AsyncClient(base_url=server.http, timeout=60) as client:
        async with calling(server) as first:
            second = Caller()
            form: dict[str, Any] = {
                "sdp": (None, await second.offer(), "application/sdp"),
                "session": (None, '{"model": "genevieve"}'),
            }
            await second.connect(await client.post("/v1/realtime/calls", files=form))
            assert (await second.until("visavis.queue"))[-1]["position"] == 1
            third = Caller()
            answer = await client.post(
                "/v1/realtime/calls", content=await third.offer(), headers={"content-type": "application/sdp"}
            )
            assert (answer.status_code, answer.json()["error"]["code"]) == (503, "sessions.full")
            await third.close()
            assert (await client.post(f"{first.address}/hangup")).status_code == 200
            created = (await second.until("session.created"))[-1]
            assert created["session"]["model"] == "genevieve"
            async with asyncio.timeout(10):
                await first.gone.wait()
            again = await client.post(f"{first.address}/hangup")
            assert (again.status_code, again.json()["error"]["code"]) == (404, "call.unknown")
            await second.close()
        await settled(server)


async def test_offers_that_make_no_sense_are_refused_and_leave_nothing_behind() -> None:
    async with serving() as server, httpx.AsyncClient(base_url=server.http, timeout=60) as client:
        caller = Caller()
        good = await caller.offer()
        await caller.close()
        sdp = {"content-type": "application/sdp"}
        cases: list[tuple[str | bytes, dict[str, str], int, str]] = [
            ("", sdp, 400, "call.offer"),
            ("v=0\r\n", sdp, 400, "call.media"),
            (good.replace("m=audio", "m=video"), sdp, 400, "call.media"),
            (good.split("m=application")[0], sdp, 400, "call.media"),
            (good.replace("a=fingerprint", "a=finger"), sdp, 400, "call.offer"),
            (good.replace("a=setup:actpass", "a=setup:never"), sdp, 400, "call.offer"),
            (good.replace(" opus/", " none/").replace(" PCM", " NOPE").replace(" G722", " X"), sdp, 400, "call.offer"),
            (b"v=0\xff", sdp, 400, "call.offer"),
            ("v=0\r\n" + "a=x\r\n" * 20_000, sdp, 413, "call.too_large"),
            (json.dumps({"sdp": good}), {"content-type": "application/json"}, 415, "call.type"),
        ]
        for content, headers, status, code in cases:
            answer = await client.post("/v1/realtime/calls", content=content, headers=headers)
            assert (answer.status_code, answer.json()["error"]["code"]) == (status, code), str(content)[:60]
        form = {"sdp": (None, good), "session": (None, '{"output_modalities": []}')}
        answer = await client.post("/v1/realtime/calls", files=form)
        assert (answer.status_code, answer.json()["error"]["code"]) == (400, "call.session")
        assert len(server.app.state.calls) == 0


@pytest.mark.parametrize("setup", [0.5])
async def test_a_caller_who_never_comes_is_given_up(setup: float) -> None:
    made = settings()
    made = made.model_copy(update={"calls": made.calls.model_copy(update={"setup": setup})})
    async with serving(made) as server, httpx.AsyncClient(base_url=server.http, timeout=60) as client:
        caller = Caller()
        headers = {"content-type": "application/sdp"}
        answer = await client.post("/v1/realtime/calls", content=await caller.offer(), headers=headers)
        assert answer.status_code in {201, 503}
        hosts = [line.split()[4] for line in answer.text.splitlines() if line.startswith("a=candidate")]
        assert set(hosts) <= {"127.0.0.1"}, "nothing but the address the server listens on"
        await caller.close()
        await settled(server)
