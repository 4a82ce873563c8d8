"""Fits a prompt into a model's context."""

from __future__ import annotations

from collections.abc import Sequence

from visavis.core.conversation import Message
from visavis.core.errors import VisavisError


def shortened(messages: Sequence[Message], share: float) -> tuple[Message, ...]:
    """Drops the oldest messages after the system prompt, and at least one, until `share` (0 … 1) of all characters
    is gone. The last message stays; raises VisavisError `llm.context` when only that is left to drop."""
    head = tuple(messages[:1]) if messages and messages[0].role == "system" else ()
    body = list(messages[len(head) :])
    if len(body) <= 1:
        raise VisavisError("llm.context", "What was said is too long for the language model; say it in a shorter way.")
    surplus = max(1.0, share * sum(len(message.text) for message in messages))
    while len(body) > 1 and surplus > 0:
        surplus -= max(1, len(body.pop(0).text))
    return (*head, *body)
