"""Recordings written down, in every form; what is refused."""

from __future__ import annotations

import json
from typing import Any

import httpx
import numpy as np
import pytest

from tests.server.media import sound, wav
from visavis.core.media import AudioChunk, Samples
from visavis.core.speech import Word
from visavis.engines.fake import spoken
from visavis.engines.stt import Transcript
from visavis.server.openai.sound_file import SoundFile
from visavis.server.openai.transcript_view import Heard

LINE = "Good morning. How are you?"
QUIET = np.zeros(8_000, np.float32)


def tones(text: str = LINE) -> Samples:
    return np.concatenate([spoken.encode(text, 16_000), QUIET])


def heard(api: httpx.Client, data: bytes | None = None, **fields: Any) -> httpx.Response:
    reply = api.post("/audio/transcriptions", files={"file": ("a", data or wav(tones()))}, data=fields)
    assert reply.status_code == 200, reply.text
    return reply


def test_json_and_text(api: httpx.Client) -> None:
    answer = heard(api, model="whisper-1").json()
    assert answer == {"text": LINE, "usage": {"type": "duration", "seconds": 3}}
    text = heard(api, response_format="text")
    assert (text.text, text.headers["content-type"]) == (f"{LINE}\n", "text/plain; charset=utf-8")


def test_captions(api: httpx.Client) -> None:
    srt = heard(api, response_format="srt").text
    assert srt.startswith("1\n00:00:00,") and " --> " in srt and "Good morning." in srt
    assert heard(api, response_format="vtt").text.startswith("WEBVTT\n\n00:00:00.")


def test_verbose_json(api: httpx.Client) -> None:
    both: Any = {"timestamp_granularities[]": ["word", "segment"]}
    answer = heard(api, response_format="verbose_json", **both).json()
    assert (answer["text"], answer["language"], answer["task"]) == (LINE, "english", "transcribe")
    assert answer["duration"] == pytest.approx(len(tones()) / 16_000, abs=0.01)
    assert [word["word"] for word in answer["words"]] == ["Good", "morning.", "How", "are", "you?"]
    times = [time for word in answer["words"] for time in (word["start"], word["end"])]
    assert times == sorted(times) and times[0] >= 0 and times[-1] <= answer["duration"]
    assert [one["text"] for one in answer["segments"]] == ["Good morning.", "How are you?"]
    assert answer["segments"][0]["end"] <= answer["segments"][1]["start"] + 1e-6
    assert "words" not in heard(api, response_format="verbose_json").json()


def test_events(api: httpx.Client) -> None:
    events = [json.loads(line[6:]) for line in heard(api, stream="true").text.splitlines() if line]
    assert [event["type"] for event in events] == ["transcript.text.delta", "transcript.text.done"]
    assert events[0]["delta"] == events[1]["text"] == LINE


@pytest.mark.parametrize("form", ["flac", "wav"])
def test_containers_that_lose_nothing(api: httpx.Client, form: Any) -> None:
    file = SoundFile(form)
    data = file.push(AudioChunk(spoken.encode(LINE, 24_000), 24_000)) + file.finish()
    assert heard(api, data).json()["text"] == LINE


@pytest.mark.parametrize(
    ("container", "codec"), [("mp3", "libmp3lame"), ("webm", "libopus"), ("ogg", "libopus"), ("mp4", "aac")]
)
def test_what_browsers_record_is_read(api: httpx.Client, container: str, codec: str) -> None:
    answer = heard(api, sound(container, codec), response_format="verbose_json").json()
    assert answer["text"] == "" and answer["duration"] == pytest.approx(1.0, abs=0.15)


def test_silence_is_no_error(api: httpx.Client) -> None:
    answer = heard(api, wav(np.zeros(16_000, np.float32)), response_format="verbose_json").json()
    assert (answer["text"], answer["segments"], answer["confidence"]) == ("", [], 0.0)
    assert heard(api, wav(np.zeros(16_000, np.float32)), response_format="vtt").text == "WEBVTT\n"


def test_the_language_is_told_asked_for_or_one_of_several(api: httpx.Client) -> None:
    def language(data: bytes, **fields: Any) -> str:
        return str(heard(api, data, response_format="verbose_json", **fields).json()["language"])

    hola = wav(tones("Hola, ¿qué tal?"))
    assert language(hola) == "spanish"
    assert language(hola, language="zh") == "chinese"
    assert language(hola, candidates="en,zh") != "spanish"
    assert language(hola, **{"languages[]": ["en", "es"]}) == "spanish"


def test_long_recordings_are_heard_in_pieces(api: httpx.Client) -> None:
    pause = np.zeros(16_000 * 20, np.float32)
    data = wav(np.concatenate([tones("One."), pause, tones("Two."), pause[: 16_000 * 6], tones("Three.")]))
    answer = heard(api, data, response_format="verbose_json", **{"timestamp_granularities[]": "word"}).json()
    assert answer["text"] == "One. Two. Three."
    two = len(tones("One.")) / 16_000 + 20
    assert [word["word"] for word in answer["words"]] == ["One.", "Two.", "Three."]
    assert [word["start"] for word in answer["words"]][1] >= 18
    events = [json.loads(line[6:]) for line in heard(api, data, stream="true").text.splitlines() if line]
    deltas = [event["delta"] for event in events[:-1]]
    assert len(deltas) >= 2 and "".join(deltas) == events[-1]["text"] == "One. Two. Three."
    assert two > 20


def test_pieces_join_with_their_words_in_place() -> None:
    pieces = [
        Transcript("Hi there.", "en", 0.9, 20.0, (Word("Hi", 0, 1, 0), Word("there.", 1, 2, 3))),
        Transcript("", "en", 0.0, 20.0),
        Transcript("Bye.", "en", 0.5, 10.0, (Word("Bye.", 4, 5, 0),)),
    ]
    whole = Heard.of(pieces, "en", 50.0)
    assert whole.text == "Hi there. Bye."
    assert whole.words[-1] == Word("Bye.", 44, 45, 10)
    assert all(whole.text[word.offset :].startswith(word.text) for word in whole.words)
    assert whole.confidence == pytest.approx((0.9 * 9 + 0.5 * 4) / 13)
    assert (
        Heard.of([Transcript("你好。", "zh", 1, 1), Transcript("再见。", "zh", 1, 1)], "zh", 2).text == "你好。再见。"
    )


@pytest.mark.parametrize(
    ("data", "fields", "status", "code"),
    [
        (b"this is no sound at all", {}, 400, "audio.not_audio"),
        (wav(tones()), {"response_format": "diarized_json"}, 400, "transcription.form"),
        (wav(tones()), {"language": "fr"}, 400, "transcription.language"),
        (wav(tones()), {"stream": "perhaps"}, 400, "transcription.form"),
        (wav(tones()), {"include[]": "logprobs"}, 400, "transcription.unsupported"),
        (wav(np.zeros(16_000 * 70, np.float32)), {}, 400, "audio.too_long"),
        (b"RIFF" + bytes(4_100_000), {}, 413, "upload.too_large"),
    ],
)
def test_refusals(api: httpx.Client, data: bytes, fields: Any, status: int, code: str) -> None:
    reply = api.post("/audio/transcriptions", files={"file": ("a", data)}, data=fields)
    assert (reply.status_code, reply.json()["error"]["code"]) == (status, code)


def test_no_form_no_file_and_no_translation(api: httpx.Client) -> None:
    for reply, code in (
        (api.post("/audio/transcriptions", content=b"x"), "upload.form"),
        (api.post("/audio/transcriptions", files={"other": (None, "x")}), "upload.form"),
        (api.post("/audio/translations", files={"file": ("a", b"x")}), "translation.unsupported"),
    ):
        assert reply.json()["error"]["code"] == code
        assert 400 <= reply.status_code < 500
