"""What happens in a session, as data: a door turns it into its protocol, a test reads it as a log."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from visavis.core.conversation import Message
from visavis.core.language import Language
from visavis.core.media import AudioChunk
from visavis.core.motion import Motion
from visavis.core.session import Modality, SessionState
from visavis.core.speech import Word
from visavis.core.turn import TurnTimings

ResponseStatus = Literal["completed", "cancelled", "failed", "incomplete"]


@dataclass(frozen=True, slots=True)
class SpeechStarted:
    """The person began to speak; `audio_start` in seconds of all audio received."""

    item_id: str
    audio_start: float


@dataclass(frozen=True, slots=True)
class SpeechStopped:
    """The person's turn is over; the speech ended `audio_end` seconds into all audio received."""

    item_id: str
    audio_end: float


@dataclass(frozen=True, slots=True)
class InputCommitted:
    """The input buffer became the message `item_id`."""

    item_id: str
    previous_item_id: str | None


@dataclass(frozen=True, slots=True)
class InputCleared:
    """The input buffer was emptied: by request, or because there were no words in it."""


@dataclass(frozen=True, slots=True)
class TranscriptPartial:
    """What the person seems to have said so far; replaces the partial before it."""

    item_id: str
    text: str
    language: Language


@dataclass(frozen=True, slots=True)
class TranscriptCompleted:
    """What the person said in `duration` seconds of audio."""

    item_id: str
    text: str
    language: Language
    duration: float


@dataclass(frozen=True, slots=True)
class TranscriptFailed:
    """The speech could not be transcribed."""

    item_id: str
    code: str
    message: str


@dataclass(frozen=True, slots=True)
class ItemAdded:
    """A message entered the conversation. `spoken`: it was said aloud, so its text is a transcript; None when that
    text is still to come."""

    message: Message
    previous_item_id: str | None
    spoken: bool = False


@dataclass(frozen=True, slots=True)
class ItemRetrieved:
    """A message that the client asked for."""

    message: Message
    spoken: bool = False


@dataclass(frozen=True, slots=True)
class ItemDeleted:
    """A message left the conversation."""

    item_id: str


@dataclass(frozen=True, slots=True)
class ItemTruncated:
    """An answer was cut to its first `audio_end` seconds: `text` is what was heard."""

    item_id: str
    audio_end: float
    text: str


@dataclass(frozen=True, slots=True)
class ResponseStarted:
    """An answer is on its way."""

    response_id: str
    modality: Modality


@dataclass(frozen=True, slots=True)
class OutputStarted:
    """The answer's message has begun."""

    response_id: str
    item_id: str
    previous_item_id: str | None
    modality: Modality


@dataclass(frozen=True, slots=True)
class TextDelta:
    """More of the answer's text: written, or said in the audio that follows."""

    response_id: str
    item_id: str
    text: str
    modality: Modality


@dataclass(frozen=True, slots=True)
class SpeechWords:
    """When the words of an utterance are said, in seconds of the item's audio."""

    response_id: str
    item_id: str
    words: tuple[Word, ...]


@dataclass(frozen=True, slots=True)
class SpeechMotion:
    """How the face speaks; `motion.start` in seconds of the item's audio. Sent before the audio it belongs to."""

    response_id: str
    item_id: str
    motion: Motion


@dataclass(frozen=True, slots=True)
class AudioDelta:
    """More of the answer's audio; `audio.start` in seconds of the item's audio."""

    response_id: str
    item_id: str
    audio: AudioChunk


@dataclass(frozen=True, slots=True)
class AmbientMotion:
    """How the face lives; `motion.start` in seconds of the session's ambient clock. May be dropped when late."""

    motion: Motion


@dataclass(frozen=True, slots=True)
class OutputDone:
    """The answer's message is complete, or `interrupted`."""

    response_id: str
    item_id: str
    text: str
    modality: Modality
    interrupted: bool = False


@dataclass(frozen=True, slots=True)
class ResponseDone:
    """The answer ended. `reason` says why it was cancelled, `code` and `message` why it failed."""

    response_id: str
    item_id: str
    status: ResponseStatus
    text: str
    modality: Modality
    reason: Literal["", "turn_detected", "client_cancelled"] = ""
    code: str = ""
    message: str = ""
    tokens: int = 0


@dataclass(frozen=True, slots=True)
class PlayoutCleared:
    """Stop playing at once and forget what is buffered."""

    response_id: str


@dataclass(frozen=True, slots=True)
class StateChanged:
    """What the avatar does now."""

    state: SessionState
    response_id: str = ""


@dataclass(frozen=True, slots=True)
class LanguageChanged:
    """The conversation goes on in this language."""

    language: Language


@dataclass(frozen=True, slots=True)
class Shown:
    """Something for the page, from a flow's `Show`, for the answer `item_id`."""

    response_id: str
    name: str
    payload: Mapping[str, Any]
    item_id: str = ""


@dataclass(frozen=True, slots=True)
class Waiting:
    """The person has finished, but as many turns are being made as may: theirs is the `position`th of `length` to
    come, from 1; 0 of 0 when it has come."""

    position: int
    length: int


@dataclass(frozen=True, slots=True)
class TimingsMeasured:
    """A turn's times."""

    timings: TurnTimings


@dataclass(frozen=True, slots=True)
class EngineState:
    """One part of the server: its `kind` (`stt`), `name` and `model`, its `state` (`waiting`, `loading`, `ready`,
    `failed`) and, when it failed, why, in a sentence."""

    kind: str
    name: str
    model: str
    state: str
    detail: str = ""


@dataclass(frozen=True, slots=True)
class EnginesChanged:
    """A part of the server failed, or works again; all of them as they are now."""

    engines: tuple[EngineState, ...]


@dataclass(frozen=True, slots=True)
class Notice:
    """Something the person should know; the session goes on."""

    code: str
    message: str
    severity: Literal["info", "warning", "error"] = "info"


@dataclass(frozen=True, slots=True)
class Refused:
    """A command that could not be done, and why; `event_id` is the client's."""

    code: str
    message: str
    event_id: str | None = None


Event = (
    SpeechStarted
    | SpeechStopped
    | InputCommitted
    | InputCleared
    | TranscriptPartial
    | TranscriptCompleted
    | TranscriptFailed
    | ItemAdded
    | ItemRetrieved
    | ItemDeleted
    | ItemTruncated
    | ResponseStarted
    | OutputStarted
    | TextDelta
    | SpeechWords
    | SpeechMotion
    | AudioDelta
    | AmbientMotion
    | OutputDone
    | ResponseDone
    | PlayoutCleared
    | StateChanged
    | LanguageChanged
    | Shown
    | Waiting
    | TimingsMeasured
    | EnginesChanged
    | Notice
    | Refused
)
