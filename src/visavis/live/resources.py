"""What a session is handed: engines, faces, and how it should behave."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from visavis.core.events import Event
from visavis.core.language import Language
from visavis.engines.pool import EnginePool
from visavis.engines.speech_cache import CachedTTS
from visavis.live.admission import Admission
from visavis.live.animate import Animators
from visavis.live.listen import ListenOptions
from visavis.live.play import Pace


@dataclass(frozen=True, slots=True)
class LiveOptions:
    """How sessions behave. `idle_timeout`: seconds without speech or request after which a session is ended;
    `reopen`: when an answer is cut off unheard and the person went on within so many seconds, both are one turn;
    `partial_interval`: seconds between partial transcripts."""

    listen: ListenOptions = field(default_factory=ListenOptions)
    pace: Pace = field(default_factory=Pace)
    idle_timeout: float = 600.0
    reopen: float = 3.0
    partial_interval: float = 0.9


def _always() -> bool:
    """The voice works."""
    return True


def _unobserved(event: Event) -> None:
    """Nobody watches."""


@dataclass(frozen=True, slots=True)
class Resources:
    """Shared by all sessions. `tts` is the pool's voice with its cache of fixed lines; `detect_language(text, current)`
    names the language of typed text; `observe` sees every event of every session, beside the pipeline; `speaks` says
    whether the voice works now (while it does not, answers are written); `admission` how many
    turns are made at once."""

    engines: EnginePool
    tts: CachedTTS
    animators: Animators
    detect_language: Callable[[str, Language], Language]
    options: LiveOptions = field(default_factory=LiveOptions)
    observe: Callable[[Event], None] = _unobserved
    speaks: Callable[[], bool] = _always
    admission: Admission = field(default_factory=Admission)
