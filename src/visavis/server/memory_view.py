"""What a person is shown of what is remembered of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Literal, Self

from pydantic import BaseModel

from visavis.core.language import Language
from visavis.core.recollection import KeptConversation


class SaidView(BaseModel):
    """One message, as far as it was heard; `interrupted`: the person cut in."""

    role: Literal["user", "assistant"]
    text: str
    interrupted: bool


class ConversationView(BaseModel):
    """One conversation; `facts` is what the persona had learned, by name."""

    id: str
    language: Language
    began_at: datetime
    updated_at: datetime
    facts: dict[str, str]
    messages: list[SaidView]

    @classmethod
    def of(cls, kept: KeptConversation) -> Self:
        """It, as JSON shows it."""
        said = [
            SaidView(
                role="assistant" if one.role == "assistant" else "user", text=one.text, interrupted=one.interrupted
            )
            for one in kept.messages
        ]
        return cls(
            id=kept.id,
            language=kept.language,
            began_at=kept.began_at,
            updated_at=kept.updated_at,
            facts=dict(kept.facts),
            messages=said,
        )


class PersonaMemoryView(BaseModel):
    """What one persona remembers; `facts` is what it would go on with: the advisor's profile."""

    persona: str
    name: str
    facts: dict[str, str]
    conversations: list[ConversationView]


class MemoryView(BaseModel):
    """`enabled`: the host lets people be remembered, for `days`; `agreed_at`: since when this person agrees, null if
    they do not."""

    enabled: bool
    days: float
    agreed_at: datetime | None
    personas: list[PersonaMemoryView]

    @classmethod
    def of(
        cls,
        kept: Sequence[KeptConversation],
        names: Mapping[str, str],
        *,
        enabled: bool,
        days: float,
        agreed: datetime | None,
    ) -> Self:
        """By persona, the newest first."""
        by_persona: dict[str, list[KeptConversation]] = {}
        for one in kept:
            by_persona.setdefault(one.persona, []).append(one)
        personas = [
            PersonaMemoryView(
                persona=persona,
                name=names.get(persona, persona),
                facts=next((dict(one.facts) for one in theirs if one.facts), {}),
                conversations=[ConversationView.of(one) for one in theirs],
            )
            for persona, theirs in by_persona.items()
        ]
        return cls(enabled=enabled, days=days, agreed_at=agreed, personas=personas)
