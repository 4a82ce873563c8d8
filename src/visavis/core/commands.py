"""What a client asks of a session, whatever door it came through."""

from __future__ import annotations

from dataclasses import dataclass

from visavis.core.conversation import Message
from visavis.core.media import AudioChunk
from visavis.core.session import Modality, SessionOptions


@dataclass(frozen=True, slots=True)
class Configure:
    """Take these options from now on."""

    options: SessionOptions


@dataclass(frozen=True, slots=True)
class AppendAudio:
    """More of what the microphone hears."""

    audio: AudioChunk


@dataclass(frozen=True, slots=True)
class CommitAudio:
    """Push to talk: what is in the input buffer is a message."""

    event_id: str | None = None


@dataclass(frozen=True, slots=True)
class ClearAudio:
    """Forget what is in the input buffer."""


@dataclass(frozen=True, slots=True)
class AddItem:
    """Put a message into the conversation, after `previous_item_id` when that is set ("root": at the beginning)."""

    message: Message
    previous_item_id: str | None = None
    event_id: str | None = None


@dataclass(frozen=True, slots=True)
class DeleteItem:
    """Take a message out of the conversation."""

    item_id: str
    event_id: str | None = None


@dataclass(frozen=True, slots=True)
class RetrieveItem:
    """Send a message of the conversation again."""

    item_id: str
    event_id: str | None = None


@dataclass(frozen=True, slots=True)
class TruncateItem:
    """The person heard only `audio_end` seconds of this answer."""

    item_id: str
    audio_end: float
    event_id: str | None = None


@dataclass(frozen=True, slots=True)
class CreateResponse:
    """Answer what has not been answered yet; on an empty conversation, greet."""

    modality: Modality | None = None
    event_id: str | None = None


@dataclass(frozen=True, slots=True)
class CancelResponse:
    """Stop the answer that is being given."""

    response_id: str | None = None
    event_id: str | None = None


@dataclass(frozen=True, slots=True)
class ReportPlayback:
    """The client has played `position` seconds of this item's audio, and is still `playing` or not."""

    item_id: str
    position: float
    playing: bool


Command = (
    Configure
    | AppendAudio
    | CommitAudio
    | ClearAudio
    | AddItem
    | DeleteItem
    | RetrieveItem
    | TruncateItem
    | CreateResponse
    | CancelResponse
    | ReportPlayback
)
