"""Speech in every format, as a file and as events."""

from __future__ import annotations

import base64
import io
import json
from typing import Any

import av
import httpx
import numpy as np
import pytest

from visavis.core.media import AudioChunk, Samples
from visavis.engines.fake import spoken
from visavis.engines.fake.tts import letters
from visavis.engines.timeline_wire import timeline_from_wire
from visavis.server.openai.sound_file import MEDIA_TYPES, SoundFile, SoundFormat

LINE = "Good morning. How are you?"
FORMATS: tuple[SoundFormat, ...] = ("mp3", "opus", "aac", "flac", "wav", "pcm")
EXACT = {"flac", "wav", "pcm"}


def said(api: httpx.Client, **body: Any) -> httpx.Response:
    reply = api.post("/audio/speech", json={"model": "tts-1", "voice": "alloy", "input": LINE, **body})
    assert reply.status_code == 200, reply.text
    return reply


def samples_of(data: bytes, form: str) -> Samples:
    if form == "pcm":
        return AudioChunk.from_pcm16(data, 24_000).samples
    pieces = []
    with av.open(io.BytesIO(data), "r") as file:
        resampler = av.AudioResampler(format="flt", layout="mono", rate=24_000)
        for frame in file.decode(audio=0):
            pieces += [one.to_ndarray().reshape(-1) for one in resampler.resample(frame)]
        pieces += [one.to_ndarray().reshape(-1) for one in resampler.resample(None)]
    return np.concatenate(pieces)


def events_of(reply: httpx.Response) -> list[Any]:
    return [json.loads(line[6:]) for line in reply.text.splitlines() if line]


@pytest.mark.parametrize("form", FORMATS)
def test_a_file_in_every_format(api: httpx.Client, form: SoundFormat) -> None:
    reply = said(api, response_format=form)
    assert reply.headers["content-type"].split(";")[0] == MEDIA_TYPES[form]
    samples = samples_of(reply.content, form)
    expected = sum(spoken.duration(line) for line in ("Good morning.", "How are you?"))
    assert abs(len(samples) / 24_000 - expected) < 0.15
    if form in EXACT:
        assert spoken.decode(samples, 24_000) == LINE


def test_mp3_is_what_comes_unasked_and_speed_is_kept(api: httpx.Client) -> None:
    assert said(api).headers["content-type"] == "audio/mpeg"
    usual = samples_of(said(api, response_format="pcm").content, "pcm")
    # The fake voice knows one speed, so all that is heard of it is what goes beyond a voice's own 2.
    quick = samples_of(said(api, response_format="pcm", speed=4).content, "pcm")
    assert len(quick) / len(usual) == pytest.approx(0.5, abs=0.03)


@pytest.mark.parametrize("form", FORMATS)
def test_the_file_begins_long_before_the_speech_ends(form: SoundFormat) -> None:
    file = SoundFile(form)
    noise = np.random.default_rng(1).normal(0, 0.1, 12_000).astype(np.float32)
    pieces = [file.push(AudioChunk(noise, 24_000, number / 2)) for number in range(4)]
    assert all(pieces)
    assert len(samples_of(b"".join([*pieces, file.finish()]), form)) == pytest.approx(48_000, abs=3000)


def test_other_rates_are_brought_to_24_khz() -> None:
    file = SoundFile("pcm")
    half = np.zeros(11_025, np.float32)
    data = file.push(AudioChunk(half, 22_050)) + file.push(AudioChunk(half, 22_050)) + file.finish()
    assert len(data) == pytest.approx(48_000, abs=8)


def test_events(api: httpx.Client) -> None:
    events = events_of(said(api, stream_format="sse", response_format="pcm"))
    assert [event["type"] for event in events][-1] == "speech.audio.done"
    assert {event["type"] for event in events[:-1]} == {"speech.audio.delta"}
    data = b"".join(base64.b64decode(event["audio"]) for event in events[:-1])
    assert spoken.decode(samples_of(data, "pcm"), 24_000) == LINE
    assert events[-1]["usage"]["input_tokens"] == len(LINE)
    assert events[-1]["usage"]["output_tokens"] == pytest.approx(len(data) / 48_000 * 50, abs=1)


def test_timelines_come_exact_and_before_their_sound(api: httpx.Client) -> None:
    events = events_of(said(api, timeline=True, stream_format="sse", response_format="pcm", language="en"))
    assert [event["type"] for event in events[:2]] == ["visavis.speech.timeline", "speech.audio.delta"]
    timeline = timeline_from_wire(events[0]["timeline"])
    exact = letters(LINE, spoken.duration(LINE))
    assert [one.symbol for one in timeline.phonemes] == [one.symbol for one in exact.phonemes]
    assert [one.start for one in timeline.phonemes] == pytest.approx([one.start for one in exact.phonemes], abs=1e-4)
    assert [(word.text, word.offset) for word in timeline.words] == [(word.text, word.offset) for word in exact.words]
    sound = [event for event in events if event["type"] == "speech.audio.delta"]
    assert [event["final"] for event in sound] == [False] * (len(sound) - 1) + [True]
    at = 0.0
    for event in sound:
        assert event["start"] == pytest.approx(at, abs=1e-4)
        at += len(base64.b64decode(event["audio"])) / 48_000


def test_voices_are_named_by_name_persona_or_as_openais(api: httpx.Client) -> None:
    for voice in ("tone", "open", "shimmer", {"id": "tone"}, ""):
        assert said(api, voice=voice, input="Hi.").content


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({"input": ""}, 422, "request.invalid"),
        ({"input": "..."}, 400, "speech.empty"),
        ({"input": "word " * 1000}, 400, "speech.too_long"),
        ({"voice": "nobody"}, 400, "speech.voice"),
        ({"response_format": "midi"}, 422, "request.invalid"),
        ({"speed": 5}, 422, "request.invalid"),
    ],
)
def test_refusals(api: httpx.Client, body: Any, status: int, code: str) -> None:
    reply = api.post("/audio/speech", json={"input": LINE, **body})
    assert (reply.status_code, reply.json()["error"]["code"]) == (status, code)
