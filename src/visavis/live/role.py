"""What a session needs to know of a persona."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass

from visavis.core.conversation import Conversation
from visavis.core.flow import Flow, Utterance
from visavis.core.language import Language
from visavis.core.passage import Passage

LookUp = Callable[[Utterance, Conversation], Awaitable[tuple[Passage, ...] | None]]
"""Finds what a persona's documents say to an utterance; None when there is nothing to look up."""


@dataclass(frozen=True, slots=True)
class Role:
    """Who speaks: `languages` in order of preference, the voice for each ("" means the engine's own), and the flow that
    decides what to say. `look_up` searches its documents, None when it can have none; `names` are what they are called,
    written as somebody who speaks this language may say it. `avatar` and `accent` (a CSS colour) are for the page."""

    id: str
    name: str
    languages: tuple[Language, ...]
    voices: Mapping[Language, str]
    flow: Flow
    avatar: str = ""
    accent: str = ""
    look_up: LookUp | None = None
    names: Callable[[Language], str] | None = None
