"""Hypothesis strategies for what a client may send over a WebSocket: right, nearly right, and not at all."""

from __future__ import annotations

import base64
import io
import json
import wave
from collections.abc import Callable, Mapping
from typing import Any, Final

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from visavis.core.media import SPEECH_RATE, AudioChunk
from visavis.engines.fake.spoken import encode

_ODD: Final = (
    "", " ", "\0", "\ud800", "\udfff\ud800", "\u202e", "\ufeff", "a" * 3000, "你好", "¿Qué?", "item_1", "root", "null",
    "../../etc/passwd", "<script>", "%00", "𝒳" * 40, "-1", "1e400", "RIFF",
)  # fmt: skip

_NUMBERS: Final = (
    0, -1, 1, 2**31, 2**63, 2**64, -(2**63), 10**400, 0.5, -0.0, 1e308, -1e308, 5e-324, float("nan"), float("inf"),
    float("-inf"),
)  # fmt: skip

words = st.one_of(st.text(max_size=40), st.sampled_from(_ODD))
numbers = st.one_of(st.integers(), st.floats(), st.sampled_from(_NUMBERS))
anything = st.recursive(
    st.one_of(st.none(), st.booleans(), numbers, words),
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(words, inner, max_size=4)),
    max_leaves=8,
)
"""Any JSON, `NaN` and half surrogates included: Python writes and reads both."""


def changed(objects: SearchStrategy[dict[str, Any]]) -> SearchStrategy[dict[str, Any]]:
    """The objects with up to three places in them replaced, removed or added."""

    @st.composite
    def change(draw: Callable[[SearchStrategy[Any]], Any]) -> dict[str, Any]:
        value: dict[str, Any] = json.loads(json.dumps(draw(objects)))
        for _ in range(draw(st.integers(1, 3))):
            _change(draw, value)
        return value

    return change()


def _change(draw: Callable[[SearchStrategy[Any]], Any], value: Any) -> None:
    places = list(value) if isinstance(value, dict) else list(range(len(value)))
    if not places:
        return
    place = draw(st.sampled_from(places))
    inner = value[place]
    if isinstance(inner, dict | list) and inner and draw(st.booleans()):
        _change(draw, inner)
        return
    deed = draw(st.integers(0, 2))
    if deed == 0:
        value[place] = draw(anything)
    elif deed == 1:
        del value[place]
    elif isinstance(value, dict):
        value[draw(words)] = draw(anything)
    else:
        value.append(draw(anything))


def garbled(texts: SearchStrategy[str]) -> SearchStrategy[str]:
    """The texts cut off, doubled, or with something foreign in them."""

    @st.composite
    def garble(draw: Callable[[SearchStrategy[Any]], Any]) -> str:
        text = draw(texts)
        at = draw(st.integers(0, len(text)))
        return str(draw(st.sampled_from([text[:at], text + text, text[:at] + draw(words) + text[at:]])))

    return garble()


def messages(objects: SearchStrategy[dict[str, Any]]) -> SearchStrategy[str | bytes]:
    """What is sent: mostly the objects or changed ones as JSON; sometimes other JSON, broken text, or bytes."""
    dumped = objects.map(json.dumps)
    bent = changed(objects).map(json.dumps)
    return st.one_of(
        dumped, dumped, bent, bent, bent, _sendable(garbled(dumped)), anything.map(json.dumps),
        _sendable(words), st.binary(max_size=200),
    )  # fmt: skip


def _sendable(texts: SearchStrategy[str]) -> SearchStrategy[str]:
    return texts.map(lambda text: text.encode("utf-8", "replace").decode())


def recording(text: str) -> bytes:
    """The text as the fake engines speak it, as a WAV file."""
    file = io.BytesIO()
    with wave.open(file, "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(2)
        sound.setframerate(SPEECH_RATE)
        sound.writeframes(AudioChunk(encode(text, SPEECH_RATE), SPEECH_RATE).pcm16())
    return file.getvalue()


# The seeds' doors -------------------------------------------------------------------------------------------------


def advisor_messages() -> SearchStrategy[dict[str, Any]]:
    """What the client of seed 000 sends, right or nearly so."""
    files = st.one_of(st.binary(max_size=500), st.just(recording("Hi.")), st.just(recording("Hi.")[:200]))
    sounds = st.one_of(files.map(lambda data: base64.b64encode(data).decode()), words)
    return st.one_of(
        st.fixed_dictionaries({"type": st.just("text"), "text": words}),
        st.fixed_dictionaries({"type": st.just("audio"), "audio": sounds}),
        st.fixed_dictionaries({"type": words}, optional={"text": words, "audio": sounds}),
    )


def assistant_messages() -> SearchStrategy[str | bytes]:
    """What the client of seed 002 sends, right or nearly so."""
    whole = recording("Hi.")
    pieces = st.one_of(st.binary(max_size=500), st.just(whole), st.integers(0, len(whole)).map(lambda at: whole[:at]))
    ends = st.sampled_from(['{"type": "end_stream"}', '{"type": "end_stream", "more": 1}', '{"type": "end"}', "end"])
    return st.one_of(pieces, pieces, ends, messages(st.fixed_dictionaries({"type": words})))


# Realtime --------------------------------------------------------------------------------------------------------

ids = st.one_of(st.sampled_from(["item_a", "item_b", "item_c", "resp_a"]), words)
audio = st.one_of(
    st.binary(max_size=2000).map(lambda data: base64.b64encode(data).decode()),
    st.sampled_from(["", "AA", "AAAA", "%%%%", base64.b64encode(bytes(9600)).decode()]),
    st.sampled_from([b"RIFF0000WAVE", b"OggS", b"\x1a\x45\xdf\xa3", b"fLaC", b"ID3", b"0000ftyp"]).map(
        lambda head: base64.b64encode(head + bytes(64)).decode()
    ),
    words,
)
content = st.lists(
    st.fixed_dictionaries(
        {"type": st.sampled_from(["input_text", "output_text", "text", "input_audio", "output_audio"])},
        optional={"text": words, "transcript": words, "audio": audio},
    ),
    min_size=1,
    max_size=3,
)
items = st.fixed_dictionaries(
    {"type": st.just("message"), "role": st.sampled_from(["user", "assistant", "system"]), "content": content},
    optional={"id": ids},
)
formats = st.fixed_dictionaries(
    {"type": st.sampled_from(["audio/pcm", "audio/pcmu", "audio/pcma", "audio/opus"])},
    optional={"rate": st.sampled_from([8000, 16000, 24000, 48000, 11025])},
)
detection = st.one_of(
    st.none(),
    st.fixed_dictionaries(
        {"type": st.sampled_from(["server_vad", "semantic_vad"])},
        optional={
            "threshold": numbers,
            "prefix_padding_ms": st.integers(-10, 3000),
            "silence_duration_ms": st.integers(0, 11000),
            "eagerness": st.sampled_from(["low", "medium", "high", "auto"]),
            "create_response": st.booleans(),
            "interrupt_response": st.booleans(),
        },
    ),
)
sessions = st.fixed_dictionaries(
    {"type": st.just("realtime")},
    optional={
        "output_modalities": st.sampled_from([["audio"], ["text"], []]),
        "instructions": words,
        "tools": anything,
        "audio": st.fixed_dictionaries(
            {},
            optional={
                "input": st.fixed_dictionaries(
                    {}, optional={"format": formats, "turn_detection": detection, "transcription": anything}
                ),
                "output": st.fixed_dictionaries(
                    {}, optional={"format": formats, "voice": words, "speed": st.floats(0.4, 1.6)}
                ),
            },
        ),
        "visavis": st.fixed_dictionaries(
            {},
            optional={
                "motion": st.booleans(),
                "partials": st.booleans(),
                "language": st.sampled_from(["auto", "en", "zh", "es"]),
            },
        ),
    },
)
_FIELDS: Final[Mapping[str, Mapping[str, SearchStrategy[Any]]]] = {
    "session.update": {"session": sessions},
    "input_audio_buffer.append": {"audio": audio},
    "input_audio_buffer.commit": {},
    "input_audio_buffer.clear": {},
    "output_audio_buffer.clear": {},
    "conversation.item.create": {"item": items, "previous_item_id": st.one_of(st.none(), ids)},
    "conversation.item.delete": {"item_id": ids},
    "conversation.item.retrieve": {"item_id": ids},
    "conversation.item.truncate": {"item_id": ids, "content_index": numbers, "audio_end_ms": numbers},
    "response.create": {
        "response": st.fixed_dictionaries(
            {},
            optional={
                "output_modalities": st.sampled_from([["audio"], ["text"]]),
                "input": st.lists(items, max_size=2),
                "instructions": words,
            },
        )
    },
    "response.cancel": {"response_id": st.one_of(st.none(), ids)},
    "visavis.playback": {"item_id": ids, "audio_end_ms": numbers, "playing": st.booleans()},
}
"""The fields of every client event of `/v1/realtime`; a test holds the names against the protocol's own."""

REALTIME: Final = tuple(_FIELDS)


def realtime_events() -> SearchStrategy[dict[str, Any]]:
    """Events of `/v1/realtime`, right or nearly so."""
    return st.one_of(
        [
            st.fixed_dictionaries({"type": st.just(kind), **fields}, optional={"event_id": words})
            for kind, fields in _FIELDS.items()
        ]
    )
