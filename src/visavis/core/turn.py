"""One user utterance and the answer to it: its states and its times."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Final, Literal

from visavis.core.errors import VisavisError

TurnState = Literal["listening", "thinking", "speaking", "done", "interrupted", "failed"]

_NEXT: Final[dict[TurnState, frozenset[TurnState]]] = {
    "listening": frozenset({"thinking", "interrupted", "failed", "done"}),
    "thinking": frozenset({"speaking", "interrupted", "failed", "done"}),
    "speaking": frozenset({"done", "interrupted", "failed"}),
    "done": frozenset(),
    "interrupted": frozenset(),
    "failed": frozenset(),
}


@dataclass(frozen=True, slots=True)
class TurnTimings:
    """When things happened in a turn.

    `speech_end`, `endpoint`, `transcript`, `first_token`, `first_audio`, `first_motion` and `done` are milliseconds
    after the last voiced sample was received (after the request, for a typed turn); None: it did not happen. A
    negative value happened while the person was still speaking. `stt_ms`, `llm_ms` (request to first token),
    `tts_ms` (text to first audio) and `waited_ms` (until other turns were made; None: not at all) are durations;
    `tokens` come from the model.
    """

    turn_id: str
    response_id: str = ""
    speech_end: float = 0.0
    endpoint: float | None = None
    transcript: float | None = None
    first_token: float | None = None
    first_audio: float | None = None
    first_motion: float | None = None
    done: float | None = None
    stt_ms: float | None = None
    llm_ms: float | None = None
    tts_ms: float | None = None
    waited_ms: float | None = None
    tokens: int | None = None
    tokens_per_second: float | None = None


@dataclass(frozen=True, slots=True)
class Turn:
    """A turn's identity and state; every change makes a new value."""

    id: str
    state: TurnState = "listening"
    timings: TurnTimings = field(default_factory=lambda: TurnTimings(turn_id=""))

    @property
    def over(self) -> bool:
        """Whether the turn has reached a final state."""
        return not _NEXT[self.state]

    def to(self, state: TurnState) -> Turn:
        """The turn in its next state. Raises VisavisError `turn.state` when that does not follow."""
        if state not in _NEXT[self.state]:
            raise VisavisError("turn.state", f"A turn that is {self.state} cannot become {state}.")
        return replace(self, state=state)
