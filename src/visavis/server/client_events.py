"""The events a client may send, and the commands they are."""

from __future__ import annotations

import secrets
from typing import Annotated, Any, Final, Literal

import orjson
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from visavis.core import commands as core
from visavis.core.conversation import Message
from visavis.core.errors import VisavisError
from visavis.server.session_config import SessionConfig, SessionPatch

_Id = Annotated[str, Field(min_length=1, max_length=128)]

_DAY_MS: Final = 86_400_000
_LONGEST_ITEM: Final = 16_000


class ClientEvent(BaseModel):
    """What all client events have; fields that visavis does not know are accepted and have no effect."""

    model_config = ConfigDict(extra="ignore")

    event_id: str | None = Field(None, max_length=512)


class SessionUpdate(ClientEvent):
    """Changes the session; answered by `session.updated`."""

    type: Literal["session.update"]
    session: SessionPatch


class InputAudioBufferAppend(ClientEvent):
    """More audio from the microphone, base64 in the session's input format."""

    type: Literal["input_audio_buffer.append"]
    audio: str


class InputAudioBufferCommit(ClientEvent):
    """Push to talk: what is in the buffer is a message."""

    type: Literal["input_audio_buffer.commit"]


class InputAudioBufferClear(ClientEvent):
    """Forgets what is in the buffer."""

    type: Literal["input_audio_buffer.clear"]


class OutputAudioBufferClear(ClientEvent):
    """Stops the answer that is playing."""

    type: Literal["output_audio_buffer.clear"]


class ContentPart(BaseModel):
    """A part of a message; only text is taken."""

    model_config = ConfigDict(extra="ignore")

    type: Literal["input_text", "output_text", "text", "input_audio", "output_audio"]
    text: str | None = Field(None, max_length=8000)
    transcript: str | None = Field(None, max_length=8000)


class Item(BaseModel):
    """A message to put into the conversation."""

    model_config = ConfigDict(extra="ignore")

    type: Literal["message"] = "message"
    id: str | None = Field(None, min_length=1, max_length=64)
    role: Literal["user", "assistant", "system"]
    content: list[ContentPart] = Field(min_length=1, max_length=16)

    def message(self) -> Message:
        """The message it is. Raises VisavisError `item.empty`, `item.too_long`, `item.audio`."""
        if any(part.type == "input_audio" and not part.transcript for part in self.content):
            raise VisavisError(
                "item.audio", "Send speech with `input_audio_buffer.append` and `commit`; items take text only."
            )
        text = " ".join(part.text or part.transcript or "" for part in self.content).strip()
        if not text:
            raise VisavisError("item.empty", "The item holds no text.")
        if len(text) > _LONGEST_ITEM:
            raise VisavisError("item.too_long", f"The item is too long; send at most {_LONGEST_ITEM} characters.")
        return Message(self.role, text, self.id or f"item_{secrets.token_hex(8)}")


class ConversationItemCreate(ClientEvent):
    """Puts a text message into the conversation; `response.create` has it answered."""

    type: Literal["conversation.item.create"]
    item: Item
    previous_item_id: str | None = Field(None, max_length=128)


class ConversationItemDelete(ClientEvent):
    """Takes a message out of the conversation."""

    type: Literal["conversation.item.delete"]
    item_id: _Id


class ConversationItemRetrieve(ClientEvent):
    """Asks for a message of the conversation."""

    type: Literal["conversation.item.retrieve"]
    item_id: _Id


class ConversationItemTruncate(ClientEvent):
    """Says how much of an answer was heard, in milliseconds of its audio."""

    type: Literal["conversation.item.truncate"]
    item_id: _Id
    content_index: int = 0
    audio_end_ms: int = Field(ge=0, le=_DAY_MS)


class ResponseParams(BaseModel):
    """What may be set for one answer; `input` items are added to the conversation first."""

    model_config = ConfigDict(extra="ignore")

    output_modalities: list[Literal["audio", "text"]] | None = Field(None, min_length=1, max_length=1)
    input: list[Item] | None = Field(None, max_length=16)


class ResponseCreate(ClientEvent):
    """Answers what is not answered yet; on an empty conversation, greets."""

    type: Literal["response.create"]
    response: ResponseParams | None = None


class ResponseCancel(ClientEvent):
    """Stops the answer."""

    type: Literal["response.cancel"]
    response_id: str | None = Field(None, max_length=128)


class Playback(ClientEvent):
    """Ours: how much of an item's audio has been heard, sent about every 200 ms while playing, at start and at stop."""

    type: Literal["visavis.playback"]
    item_id: _Id
    audio_end_ms: float = Field(ge=0, le=_DAY_MS)
    playing: bool = True


AnyClientEvent = Annotated[
    SessionUpdate
    | InputAudioBufferAppend
    | InputAudioBufferCommit
    | InputAudioBufferClear
    | OutputAudioBufferClear
    | ConversationItemCreate
    | ConversationItemDelete
    | ConversationItemRetrieve
    | ConversationItemTruncate
    | ResponseCreate
    | ResponseCancel
    | Playback,
    Field(discriminator="type"),
]


_APPEND: Final = "input_audio_buffer.append"
_BARE: Final = 2
"""Fields that such an event has at least: its `type` and its `audio`."""
_ADAPTER: Final[TypeAdapter[AnyClientEvent]] = TypeAdapter(AnyClientEvent)


class RejectedEventError(VisavisError):
    """A client event that cannot be taken; `event_id` is the client's, where one could be read."""

    def __init__(self, code: str, message: str, event_id: str | None = None) -> None:
        super().__init__(code, message)
        self.event_id = event_id


def decoded(text: str | bytes, limit: int) -> dict[str, Any]:
    """The JSON object with a `type` that an event of at most `limit` bytes is.

    Raises RejectedEventError `event.too_large`, `event.malformed`.
    """
    if len(text) > limit:
        raise RejectedEventError("event.too_large", f"The event has {len(text)} bytes; at most {limit} are taken.")
    try:
        data = orjson.loads(text)
    except ValueError as error:
        raise RejectedEventError("event.malformed", "The message is not valid JSON.") from error
    if not isinstance(data, dict) or not isinstance(data.get("type"), str):
        raise RejectedEventError("event.malformed", "An event is a JSON object with a `type`.")
    return data


def sound_in(data: dict[str, Any]) -> str | None:
    """The audio of an `input_audio_buffer.append` that has nothing else to say, None of any other event.

    Of these there are 50 a second, so they are told apart before the models look at anything.
    """
    audio = data.get("audio")
    return audio if len(data) == _BARE and data["type"] == _APPEND and isinstance(audio, str) else None


def validated(data: dict[str, Any]) -> AnyClientEvent:
    """The event that a decoded object is. Raises RejectedEventError `event.unknown`, `event.invalid`."""
    try:
        return _ADAPTER.validate_python(data)
    except ValidationError as error:
        raise _explained(error, data) from error


def _explained(error: ValidationError, data: dict[str, Any]) -> RejectedEventError:
    event_id = data.get("event_id") if isinstance(data.get("event_id"), str) else None
    first = error.errors()[0]
    if first["type"] == "union_tag_invalid" and len(first["loc"]) == 0:
        return RejectedEventError("event.unknown", f"There is no client event of type '{data['type'][:80]}'.", event_id)
    where = ".".join(str(part) for part in first["loc"][1:]) or data["type"]
    return RejectedEventError("event.invalid", f"`{where}`: {first['msg']}.", event_id)


def to_commands(event: AnyClientEvent, config: SessionConfig) -> list[core.Command]:  # noqa: PLR0911 - one a type
    """What the event asks of the session, in order. Raises VisavisError for audio or items that cannot be read."""
    match event:
        case SessionUpdate():
            return [core.Configure(config.apply(event.session))]
        case InputAudioBufferAppend():
            return [core.AppendAudio(config.input.decode(event.audio))]
        case InputAudioBufferCommit():
            return [core.CommitAudio(event.event_id)]
        case InputAudioBufferClear():
            return [core.ClearAudio()]
        case OutputAudioBufferClear():
            return [core.CancelResponse(None, event.event_id)]
        case ConversationItemCreate():
            return [core.AddItem(event.item.message(), event.previous_item_id, event.event_id)]
        case ConversationItemDelete():
            return [core.DeleteItem(event.item_id, event.event_id)]
        case ConversationItemRetrieve():
            return [core.RetrieveItem(event.item_id, event.event_id)]
        case ConversationItemTruncate():
            return [core.TruncateItem(event.item_id, event.audio_end_ms / 1000, event.event_id)]
        case ResponseCreate():
            params = event.response or ResponseParams(output_modalities=None, input=None)
            added = [core.AddItem(item.message(), None, event.event_id) for item in params.input or []]
            modality = params.output_modalities[0] if params.output_modalities else None
            return [*added, core.CreateResponse(modality, event.event_id)]
        case ResponseCancel():
            return [core.CancelResponse(event.response_id, event.event_id)]
        case Playback():
            return [core.ReportPlayback(event.item_id, event.audio_end_ms / 1000, event.playing)]
