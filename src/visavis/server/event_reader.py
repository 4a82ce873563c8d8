"""A client's messages, read."""

from __future__ import annotations

from collections.abc import Callable

from visavis.core.commands import AppendAudio, Command
from visavis.core.errors import VisavisError
from visavis.server.client_events import RejectedEventError, SessionUpdate, decoded, sound_in, to_commands, validated
from visavis.server.problems import error_event
from visavis.server.server_events import Wire
from visavis.server.session_config import SessionConfig


class EventReader:
    """Makes commands of one client's messages; what cannot be taken is answered with `error`."""

    def __init__(self, config: SessionConfig, say: Callable[[Wire], None], limit: int) -> None:
        """`say` answers; `limit` is the longest event in bytes."""
        self._config = config
        self._say = say
        self._limit = limit
        self.describe: Callable[[], Wire] = dict
        """The session object for `session.updated`."""

    def read(self, message: str | bytes | None) -> list[Command]:
        """What a message asks, in order."""
        try:
            if not isinstance(message, str):
                raise RejectedEventError("event.binary", "Events are JSON text; binary messages are not taken.")
            data = decoded(message, self._limit)
            if (sound := sound_in(data)) is not None:
                return [AppendAudio(self._config.input.decode(sound))]
            event = validated(data)
        except RejectedEventError as error:
            self._say(error_event(error.code, error.message, error.event_id))
            return []
        except VisavisError as error:
            self._say(error_event(error.code, error.message))
            return []
        try:
            commands = to_commands(event, self._config)
        except VisavisError as error:
            self._say(error_event(error.code, error.message, event.event_id))
            return []
        if isinstance(event, SessionUpdate):
            self._say({"type": "session.updated", "session": self.describe()})
        return commands
