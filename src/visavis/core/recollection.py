"""What is remembered of a person beyond a conversation, and what a flow makes of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol, runtime_checkable

from visavis.core.conversation import Message
from visavis.core.language import Language


@dataclass(frozen=True, slots=True)
class KeptConversation:
    """One conversation with the persona `persona`, as it was heard: messages of the person and of the avatar, oldest
    first, and the `facts` that the flow had learned, by name. Times are aware."""

    id: str
    persona: str
    language: Language
    began_at: datetime
    updated_at: datetime
    messages: tuple[Message, ...] = ()
    facts: Mapping[str, str] = field(default_factory=dict)


@runtime_checkable
class Remembering(Protocol):
    """A flow that can go on with somebody it knows. Pure, as every flow."""

    def facts(self, state: object) -> Mapping[str, str]:
        """What the state holds about the person, by name."""
        ...

    def recall(self, facts: Mapping[str, str]) -> object:
        """The state of a conversation with somebody of whom this is known; what it does not understand is left out."""
        ...

    def welcome_back(self, state: object, language: Language) -> tuple[str, ...]:
        """The fixed lines that greet somebody who returns."""
        ...
