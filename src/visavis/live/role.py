"""What a session needs to know of a persona."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from visavis.core.flow import Flow
from visavis.core.language import Language


@dataclass(frozen=True, slots=True)
class Role:
    """Who speaks: `languages` in order of preference, the voice for each ("" means the engine's own), and the flow that
    decides what to say. `avatar` and `accent` (a CSS colour) are for the page."""

    id: str
    name: str
    languages: tuple[Language, ...]
    voices: Mapping[Language, str]
    flow: Flow
    avatar: str = ""
    accent: str = ""
