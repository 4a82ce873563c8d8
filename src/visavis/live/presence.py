"""What the avatar is doing, as its face and the client are told."""

from __future__ import annotations

from visavis.core.events import StateChanged
from visavis.core.session import SessionState
from visavis.live.animate import AmbientAnimator
from visavis.live.transport import Transport


class Presence:
    """The state of the avatar; telling it the same state twice changes nothing."""

    def __init__(self, transport: Transport, ambient: AmbientAnimator) -> None:
        self.state: SessionState = "idle"
        self._transport = transport
        self._ambient = ambient

    def become(self, state: SessionState, response_id: str = "") -> None:
        """From now on it does this."""
        if state != self.state:
            self.state = state
            self._ambient.set_state(state)
            self._transport.emit(StateChanged(state, response_id))

    def feel(self, emotion: str) -> None:
        """From now on it looks like this."""
        self._ambient.set_state(self.state, emotion)
