"""What the OpenAI-shaped routes need of the server they stand in: `app.state.house` as they see it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Protocol, cast

from starlette.requests import Request

from visavis.core.language import Language
from visavis.engines.embedder import Embedder
from visavis.engines.llm import LLM
from visavis.engines.stt import STT
from visavis.engines.tts import TTS
from visavis.live.role import Role
from visavis.server.openai.gates import Gates
from visavis.settings import Settings


class Engines(Protocol):
    """The engines behind the routes; `EnginePool` is one. A server that runs only some of them mounts only their
    routes, and raises VisavisError `engine.missing` where another one is asked for."""

    @property
    def stt(self) -> STT:
        """Behind `/v1/audio/transcriptions`."""
        ...

    @property
    def llm(self) -> LLM:
        """Behind `/v1/chat/completions`."""
        ...

    @property
    def tts(self) -> TTS:
        """Behind `/v1/audio/speech`."""
        ...

    @property
    def embedder(self) -> Embedder:
        """Behind `/v1/embeddings`."""
        ...


class EngineResources(Protocol):
    """What is there once the engines are loaded."""

    @property
    def engines(self) -> Engines:
        """The engines."""
        ...

    @property
    def detect_language(self) -> Callable[[str, Language], Language]:
        """Names the language of a text; the second argument is for what does not tell."""
        ...


class EngineHouse(Protocol):
    """A server with engines: `House` is one."""

    @property
    def settings(self) -> Settings:
        """All settings; the routes' own are `settings.api`."""
        ...

    @property
    def resources(self) -> EngineResources:
        """The loaded engines. Raises VisavisError `server.loading` before they are there."""
        ...

    @property
    def roles(self) -> Mapping[str, Role]:
        """The personas that answer chats by their id; none where there is only an engine."""
        ...

    @property
    def gates(self) -> Gates:
        """How many requests at a time use the engines."""
        ...

    @property
    def models(self) -> Mapping[str, str]:
        """The names of the models by kind of engine (`stt`, `llm`, `tts`, `embedder`), as far as they are loaded."""
        ...


def house_of(request: Request) -> EngineHouse:
    """The server that the request came to."""
    return cast(EngineHouse, request.app.state.house)
