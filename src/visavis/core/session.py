"""What a session may be told about itself: language, turn detection, what it sends."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from visavis.core.endpointing import Endpointing
from visavis.core.language import Language

SessionState = Literal["idle", "listening", "thinking", "speaking"]

Modality = Literal["audio", "text"]


@dataclass(frozen=True, slots=True)
class TurnDetection:
    """Hands-free listening. `threshold` is the VAD probability of speech, `prefix` the seconds of audio kept from
    before the speech; `create_response` answers by itself, `interrupt_response` lets the person cut in."""

    endpointing: Endpointing = field(default_factory=Endpointing)
    threshold: float = 0.5
    prefix: float = 0.3
    create_response: bool = True
    interrupt_response: bool = True


@dataclass(frozen=True, slots=True)
class SessionOptions:
    """One session's options. `language` None: detected turn by turn; `turn_detection` None: push to talk; `voice` "":
    the persona's own. `motion` and `partials` say whether the client wants these events."""

    language: Language | None = None
    turn_detection: TurnDetection | None = field(default_factory=TurnDetection)
    modality: Modality = "audio"
    voice: str = ""
    speed: float = 1.0
    motion: bool = False
    partials: bool = False
