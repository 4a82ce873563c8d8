"""A server that runs one engine and nothing else, so that it can be scaled, and can fail, apart."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Literal, cast

from visavis.core.errors import VisavisError
from visavis.core.language import Language
from visavis.engines.embedder import Embedder
from visavis.engines.llm import LLM
from visavis.engines.stt import STT
from visavis.engines.tts import TTS
from visavis.live.role import Role
from visavis.server.loader import Loader
from visavis.server.openai.gates import Gates
from visavis.settings import Settings

Part = Literal["stt", "tts", "llm", "embedder"]
"""The kinds of engine that can run alone."""

PORTS: Final[Mapping[Part, int]] = {"stt": 8001, "tts": 8003, "llm": 8001, "embedder": 8004}
"""Where each listens unless it is told otherwise: as in the systems that visavis joins."""


@dataclass(frozen=True, slots=True)
class OneEngine:
    """The engine of one kind; any other is missing."""

    part: Part
    engine: Any

    @property
    def stt(self) -> STT:
        """Speech to text. Raises VisavisError `engine.missing`."""
        return cast(STT, self._only("stt"))

    @property
    def llm(self) -> LLM:
        """The language model. Raises VisavisError `engine.missing`."""
        return cast(LLM, self._only("llm"))

    @property
    def tts(self) -> TTS:
        """The voice. Raises VisavisError `engine.missing`."""
        return cast(TTS, self._only("tts"))

    @property
    def embedder(self) -> Embedder:
        """The embedder. Raises VisavisError `engine.missing`."""
        return cast(Embedder, self._only("embedder"))

    def _only(self, part: Part) -> Any:
        if part != self.part:
            raise VisavisError("engine.missing", f"This server runs only the {self.part} engine; ask another one.")
        return self.engine


@dataclass(frozen=True, slots=True)
class AnnexResources:
    """The loaded engine, and what names the language of a text."""

    engines: OneEngine
    detect_language: Callable[[str, Language], Language]


@dataclass(slots=True)
class Annex:
    """The one engine's server, as the routes see it: a house without personas and sessions."""

    settings: Settings
    part: Part
    loader: Loader
    gates: Gates
    roles: Mapping[str, Role] = field(default_factory=dict)
    loaded: AnnexResources | None = None
    begun: float = field(default_factory=time.monotonic)

    @property
    def resources(self) -> AnnexResources:
        """The engine. Raises VisavisError `server.loading` before it is there."""
        if self.loaded is None:
            raise VisavisError("server.loading", "The model is still loading; try again soon.", retryable=True)
        return self.loaded

    @property
    def models(self) -> Mapping[str, str]:
        """The name of the model, once it is known."""
        return {one.kind: one.model for one in self.loader.components if one.model}

    @property
    def uptime(self) -> float:
        """Seconds since the start."""
        return time.monotonic() - self.begun
