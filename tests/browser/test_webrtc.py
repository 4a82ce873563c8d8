"""A call from a page that knows only WebRTC and OpenAI's documentation: no line of it is ours."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Browser

from bench.server import ServerProcess

pytestmark = pytest.mark.browser

CALL = """async () => {
  const peer = new RTCPeerConnection();
  const audio = document.createElement("audio");
  audio.autoplay = true;
  const ear = new AudioContext();
  const analyser = ear.createAnalyser();
  let loudest = 0;
  const listen = () => {
    const samples = new Float32Array(analyser.fftSize);
    analyser.getFloatTimeDomainData(samples);
    loudest = Math.max(loudest, ...samples.map(Math.abs));
  };
  peer.ontrack = (event) => {
    audio.srcObject = event.streams[0];
    ear.createMediaStreamSource(event.streams[0]).connect(analyser);
    setInterval(listen, 20);
  };
  const microphone = await navigator.mediaDevices.getUserMedia({ audio: true });
  peer.addTrack(microphone.getTracks()[0]);
  const channel = peer.createDataChannel("oai-events");
  const call = { peer, channel, audio, events: [], loudest: () => loudest };
  channel.addEventListener("message", (event) => call.events.push(JSON.parse(event.data)));
  await peer.setLocalDescription(await peer.createOffer());
  const answer = await fetch("/v1/realtime/calls?model=open", {
    method: "POST",
    body: peer.localDescription.sdp,
    headers: { Authorization: "Bearer none", "Content-Type": "application/sdp" },
  });
  await peer.setRemoteDescription({ type: "answer", sdp: await answer.text() });
  window.call = call;
  return answer.status;
}"""

SAY = """text => {
  const content = [{ type: "input_text", text }];
  for (const event of [
    { type: "session.update", session: { type: "realtime", audio: { input: { turn_detection: null } } } },
    { type: "conversation.item.create", item: { type: "message", role: "user", content } },
    { type: "response.create" },
  ]) call.channel.send(JSON.stringify(event));
}"""
"""Chromium's own microphone beeps, which would be taken for words: without turn detection it cuts nobody short."""

HEARD = """async () => {
  const all = [...(await call.peer.getStats()).values()];
  const { packetsReceived } = all.find((one) => one.type === "inbound-rtp");
  const { packetsSent } = all.find((one) => one.type === "outbound-rtp");
  return { packetsReceived, packetsSent, loudest: call.loudest() };
}"""


def test_a_page_that_follows_openais_documentation_talks_over_webrtc(browser: Browser, server: ServerProcess) -> None:
    context = browser.new_context(bypass_csp=True)
    context.grant_permissions(["microphone"], origin=server.url)
    page = context.new_page()
    page.goto(server.url + "healthz")
    page.mouse.click(5, 5)  # the gesture without which no page may sound
    assert page.evaluate(CALL) == 201
    page.wait_for_function("call.events.some((one) => one.type === 'session.created')")
    page.evaluate(SAY, "Tell me something about lamps.")
    page.wait_for_function("call.events.some((one) => one.type === 'output_audio_buffer.stopped')")
    heard: dict[str, Any] = page.evaluate(HEARD)
    events: list[dict[str, Any]] = page.evaluate("call.events")
    kinds = [one["type"] for one in events]
    assert "error" not in kinds
    assert kinds.index("session.created") < kinds.index("response.created") < kinds.index("output_audio_buffer.started")
    assert next(one for one in events if one["type"] == "response.output_audio_transcript.done")["transcript"]
    assert heard["packetsReceived"] > 25, "half a second of sound came"
    assert heard["loudest"] > 0.02, "and it was not silence"
    assert heard["packetsSent"] > 25, "the microphone was sent"
    page.evaluate("call.peer.close()")
    context.close()
