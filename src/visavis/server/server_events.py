"""A session's events in the words of the Realtime protocol."""

from __future__ import annotations

import binascii
import secrets
from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

from visavis.core import events as core
from visavis.core.conversation import Message
from visavis.core.motion import encode
from visavis.server.audio_formats import AudioEncoder
from visavis.server.problems import error_event
from visavis.server.session_config import SessionConfig

Wire = dict[str, Any]


def _base64(data: bytes) -> str:
    return binascii.b2a_base64(data, newline=False).decode("ascii")


def milliseconds(seconds: float) -> int:
    """Whole milliseconds."""
    return round(seconds * 1000)


class EventEncoder:
    """Turns the events of one session into wire events, in order; audio formats make it stateful."""

    def __init__(self, config: SessionConfig) -> None:
        self._config = config
        self._audio: AudioEncoder | None = None
        self._tokens_in = 0

    def encode(self, event: core.Event) -> Iterator[Wire]:
        """The wire events that say this, each with its own `event_id`."""
        for wire in self._encode(event):
            yield {"event_id": f"event_{secrets.token_hex(8)}", **wire}

    def _encode(self, event: core.Event) -> Iterator[Wire]:
        match event:
            case core.AudioDelta() | core.SpeechMotion() | core.AmbientMotion() | core.SpeechWords():
                yield from self._media(event)
            case core.ResponseStarted() | core.OutputStarted() | core.TextDelta() | core.OutputDone():
                yield from self._output(event)
            case core.ResponseDone():
                yield {"type": "response.done", "response": self._finished(event)}
            case core.PlayoutCleared():
                yield {"type": "output_audio_buffer.cleared", "response_id": event.response_id}
            case core.SpeechStarted() | core.SpeechStopped() | core.InputCommitted() | core.InputCleared():
                yield _input(event)
            case core.TranscriptPartial() | core.TranscriptCompleted() | core.TranscriptFailed():
                yield from _transcript(event)
            case core.ItemAdded() | core.ItemRetrieved() | core.ItemDeleted() | core.ItemTruncated():
                yield from _item(event)
            case core.Refused():
                yield error_event(event.code, event.message, event.event_id)
            case _:
                yield _ours(event)

    def _media(
        self, event: core.AudioDelta | core.SpeechMotion | core.AmbientMotion | core.SpeechWords
    ) -> Iterator[Wire]:
        match event:
            case core.AudioDelta():
                self._audio = self._audio or AudioEncoder(self._config.output)
                if delta := self._audio.encode(event.audio):
                    yield self._part("response.output_audio.delta", event.response_id, event.item_id, delta=delta)
            case core.SpeechMotion():
                yield {
                    "type": "visavis.motion.delta",
                    "layer": "speech",
                    "response_id": event.response_id,
                    "item_id": event.item_id,
                    "start_ms": round(event.motion.start * 1000, 1),
                    "frames": _base64(encode(event.motion)),
                }
            case core.AmbientMotion():
                yield {
                    "type": "visavis.motion.delta",
                    "layer": "ambient",
                    "start_ms": round(event.motion.start * 1000, 1),
                    "frames": _base64(encode(event.motion)),
                }
            case core.SpeechWords():
                words = [
                    {"text": w.text, "start_ms": milliseconds(w.start), "end_ms": milliseconds(w.end)}
                    for w in event.words
                ]
                yield {"type": "visavis.speech.words", "item_id": event.item_id, "words": words}

    def _output(
        self, event: core.ResponseStarted | core.OutputStarted | core.TextDelta | core.OutputDone
    ) -> Iterator[Wire]:
        match event:
            case core.ResponseStarted():
                self._audio = None
                yield {"type": "response.created", "response": self._response(event.response_id, event.modality)}
            case core.OutputStarted():
                item = _answer(event.item_id, event.modality, None, "in_progress")
                yield {**_at(event.response_id), "type": "response.output_item.added", "item": item}
                yield {"type": "conversation.item.added", "previous_item_id": event.previous_item_id, "item": item}
                part = _content_part(event.modality, "")
                yield self._part("response.content_part.added", event.response_id, event.item_id, part=part)
            case core.TextDelta():
                kind = "text" if event.modality == "text" else "audio_transcript"
                name = f"response.output_{kind}.delta"
                yield self._part(name, event.response_id, event.item_id, delta=event.text)
            case core.OutputDone():
                yield from self._output_done(event)

    def _output_done(self, event: core.OutputDone) -> Iterator[Wire]:
        where = (event.response_id, event.item_id)
        if event.modality == "audio":
            if not event.interrupted and self._audio is not None and (rest := self._audio.finish()):
                yield self._part("response.output_audio.delta", *where, delta=rest)
            yield self._part("response.output_audio.done", *where)
            yield self._part("response.output_audio_transcript.done", *where, transcript=event.text)
        else:
            yield self._part("response.output_text.done", *where, text=event.text)
        self._audio = None
        part = _content_part(event.modality, event.text)
        yield self._part("response.content_part.done", *where, part=part)
        item = _answer(event.item_id, event.modality, event.text, "incomplete" if event.interrupted else "completed")
        yield {**_at(event.response_id), "type": "response.output_item.done", "item": item}
        yield {"type": "conversation.item.done", "previous_item_id": None, "item": item}

    def _part(self, kind: str, response_id: str, item_id: str, **fields: Any) -> Wire:
        return {"type": kind, **_at(response_id), "item_id": item_id, "content_index": 0, **fields}

    def _response(self, response_id: str, modality: str) -> Wire:
        return {
            "id": response_id,
            "object": "realtime.response",
            "status": "in_progress",
            "status_details": None,
            "output": [],
            "output_modalities": [modality],
            "audio": {"output": {"format": self._config.output.wire}},
            "usage": None,
        }

    def _finished(self, event: core.ResponseDone) -> Wire:
        details: Wire = {"type": event.status}
        if event.reason:
            details["reason"] = event.reason
        if event.code:
            details["error"] = {"type": "server_error", "code": event.code, "message": event.message}
        status = "completed" if event.status == "completed" else "incomplete"
        output = [_answer(event.item_id, event.modality, event.text, status)] if event.item_id else []
        return {
            **self._response(event.response_id, event.modality),
            "status": event.status,
            "status_details": details,
            "output": output,
            "usage": {"input_tokens": 0, "output_tokens": event.tokens, "total_tokens": event.tokens},
        }


def _at(response_id: str) -> Wire:
    return {"response_id": response_id, "output_index": 0}


def _content_part(modality: str, text: str) -> Wire:
    return {"type": "text", "text": text} if modality == "text" else {"type": "audio", "transcript": text}


def _answer(item_id: str, modality: str, text: str | None, status: str) -> Wire:
    content: list[Wire] = []
    if text is not None:
        content = [{"type": "output_text", "text": text} if modality == "text" else _spoken("output_audio", text)]
    return {"id": item_id, **_MESSAGE, "status": status, "role": "assistant", "content": content}


_MESSAGE = {"object": "realtime.item", "type": "message"}


def _spoken(kind: str, transcript: str | None) -> Wire:
    return {"type": kind, "transcript": transcript}


def message_item(message: Message, *, spoken: bool) -> Wire:
    """A message as a conversation item."""
    if message.role == "assistant":
        status = "incomplete" if message.interrupted else "completed"
        return _answer(message.id, "audio" if spoken else "text", message.text, status)
    part = _spoken("input_audio", message.text or None) if spoken else {"type": "input_text", "text": message.text}
    return {"id": message.id, **_MESSAGE, "status": "completed", "role": message.role, "content": [part]}


def _input(event: core.SpeechStarted | core.SpeechStopped | core.InputCommitted | core.InputCleared) -> Wire:
    match event:
        case core.SpeechStarted():
            return {
                "type": "input_audio_buffer.speech_started",
                "item_id": event.item_id,
                "audio_start_ms": milliseconds(event.audio_start),
            }
        case core.SpeechStopped():
            return {
                "type": "input_audio_buffer.speech_stopped",
                "item_id": event.item_id,
                "audio_end_ms": milliseconds(event.audio_end),
            }
        case core.InputCommitted():
            return {
                "type": "input_audio_buffer.committed",
                "item_id": event.item_id,
                "previous_item_id": event.previous_item_id,
            }
        case core.InputCleared():
            return {"type": "input_audio_buffer.cleared"}


def _transcript(event: core.TranscriptPartial | core.TranscriptCompleted | core.TranscriptFailed) -> Iterator[Wire]:
    prefix = "conversation.item.input_audio_transcription"
    match event:
        case core.TranscriptPartial():
            fields = {"item_id": event.item_id, "text": event.text, "language": event.language}
            yield {"type": "visavis.transcript.partial", **fields}
        case core.TranscriptCompleted():
            yield {
                "type": f"{prefix}.completed",
                "item_id": event.item_id,
                "content_index": 0,
                "transcript": event.text,
                "usage": {"type": "duration", "seconds": round(event.duration, 3)},
            }
        case core.TranscriptFailed():
            error = {"type": "server_error", "code": event.code, "message": event.message, "param": None}
            yield {"type": f"{prefix}.failed", "item_id": event.item_id, "content_index": 0, "error": error}


def _item(event: core.ItemAdded | core.ItemRetrieved | core.ItemDeleted | core.ItemTruncated) -> Iterator[Wire]:
    match event:
        case core.ItemAdded():
            item = message_item(event.message, spoken=event.spoken)
            for name in ("added", "done"):
                yield {"type": f"conversation.item.{name}", "previous_item_id": event.previous_item_id, "item": item}
        case core.ItemRetrieved():
            item = message_item(event.message, spoken=event.spoken)
            yield {"type": "conversation.item.retrieved", "item": item}
        case core.ItemDeleted():
            yield {"type": "conversation.item.deleted", "item_id": event.item_id}
        case core.ItemTruncated():
            yield {
                "type": "conversation.item.truncated",
                "item_id": event.item_id,
                "content_index": 0,
                "audio_end_ms": milliseconds(event.audio_end),
            }


def _ours(event: core.Event) -> Wire:  # noqa: PLR0911 - one a type
    match event:
        case core.StateChanged():
            wire: Wire = {"type": "visavis.state", "state": event.state}
            return {**wire, "response_id": event.response_id} if event.response_id else wire
        case core.LanguageChanged():
            return {"type": "visavis.language", "language": event.language}
        case core.Shown():
            wire = {"type": f"visavis.{event.name}", "response_id": event.response_id}
            return {**wire, "item_id": event.item_id, **event.payload}
        case core.Waiting():
            return {"type": "visavis.turn.waiting", "position": event.position, "length": event.length}
        case core.TimingsMeasured():
            return {"type": "visavis.turn.timings", **timings_wire(event)}
        case core.EnginesChanged():
            return {"type": "visavis.engines", "engines": [asdict(one) for one in event.engines]}
        case core.Notice():
            fields = {"code": event.code, "message": event.message, "severity": event.severity}
            return {"type": "visavis.notice", **fields}
    raise TypeError(f"no wire form for {type(event).__name__}")


def timings_wire(event: core.TimingsMeasured) -> Wire:
    """A turn's times: ids, then milliseconds after the last voiced sample, durations and tokens."""
    return asdict(event.timings)
