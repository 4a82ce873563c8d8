"""All that the routes of one server share."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from visavis.core.endpointing import Endpointing
from visavis.core.errors import VisavisError
from visavis.core.session import TurnDetection
from visavis.face.avatars import AvatarStore
from visavis.live.resources import Resources
from visavis.live.role import Role
from visavis.live.sessions import Sessions, Ticket
from visavis.personas.persona import Persona
from visavis.server.doors.guests import Guests
from visavis.server.knowledge import Knowledge
from visavis.server.loader import Loader
from visavis.server.openai.gates import Gates
from visavis.server.remembrance import Remembrance
from visavis.server.workshop import Workshop
from visavis.settings import Settings


@dataclass(slots=True)
class House:
    """One server's settings, places, avatars, personas, studio and, once loaded, engines and the roles they play;
    `guests` are the conversations that go on by an id, `knowledge` the host's documents, `remembrance` what is kept of
    people who agreed, `started` is when it began, by the monotonic clock."""

    settings: Settings
    sessions: Sessions
    loader: Loader
    avatars: AvatarStore
    personas: Mapping[str, Persona]
    workshop: Workshop
    guests: Guests
    knowledge: Knowledge
    remembrance: Remembrance
    started: float = field(default_factory=time.monotonic)
    roles: dict[str, Role] = field(default_factory=dict)
    loaded: Resources | None = None
    gates: Gates = field(init=False)

    def __post_init__(self) -> None:
        self.gates = Gates.of(self.settings.api)

    @property
    def models(self) -> Mapping[str, str]:
        """The names of the models by kind of engine, as far as they are known; of several voices the first."""
        components = reversed(self.loader.report()["components"])
        return {part["kind"]: part["model"] for part in components if part["model"]}

    @property
    def resources(self) -> Resources:
        """Engines and animators. Raises VisavisError `server.loading` before they are there."""
        if self.loaded is None:
            raise VisavisError("server.loading", "The models are still loading; try again soon.", retryable=True)
        return self.loaded

    def role(self, name: str) -> Role:
        """The persona of that name; a model name that is no persona, as clients of OpenAI send, means the default."""
        return self.roles.get(name) or self.roles[self.settings.sessions.persona]

    def turn_detection(self) -> TurnDetection:
        """Hands-free listening as the host has set it."""
        return TurnDetection(self.endpointing)

    @property
    def endpointing(self) -> Endpointing:
        """When a turn is over, as the host has set it."""
        return Endpointing(eager=self.settings.turns.eager, patient=self.settings.turns.patient)

    def introduction(self, ticket: Ticket) -> dict[str, Any]:
        """What `visavis.session` says: who speaks, with which engines, and how to come back."""
        role = ticket.memory.role
        components = self.loader.report()["components"]
        return {
            "session_id": ticket.id,
            "resume_token": ticket.token,
            "persona": {
                "id": role.id,
                "name": role.name,
                "accent": role.accent,
                "avatar": role.avatar,
                "languages": list(role.languages),
                "greeting": {language: role.flow.greeting(language) for language in role.languages},
            },
            "language": ticket.memory.language,
            "remembers": ticket.keeper is not None,
            "history": [
                {"id": m.id, "role": m.role, "text": m.text, "interrupted": m.interrupted}
                for m in ticket.memory.conversation.messages
            ],
            "engines": [
                {key: part[key] for key in ("kind", "name", "model", "state", "detail")} for part in components
            ],
            "limits": {
                "max_message_bytes": self.settings.server.max_message_bytes,
                "idle_timeout_s": self.settings.sessions.idle_timeout,
                "resume_s": self.settings.sessions.resume,
            },
        }
