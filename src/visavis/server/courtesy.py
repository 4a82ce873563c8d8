"""The server's engines as the studio has them: free only while nobody talks."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Sequence
from functools import partial
from typing import Literal, TypeVar

import numpy as np
from numpy.typing import NDArray

from visavis.core.conversation import Message
from visavis.core.media import AudioChunk
from visavis.core.speech import SpeechChunk
from visavis.engines.embedder import Embedder, EmbedderCapabilities
from visavis.engines.llm import LLM, LLMCapabilities, LLMDelta, LLMOptions
from visavis.engines.stt import STT, STTCapabilities, STTOptions, Transcript
from visavis.engines.tts import TTS, TTSCapabilities, TTSOptions
from visavis.server.when_quiet import when_quiet

Quiet = Callable[[], bool]
"""Whether nobody speaks or thinks in any conversation now."""

Piece = TypeVar("Piece")


async def _all(pieces: AsyncIterator[Piece]) -> list[Piece]:
    return [piece async for piece in pieces]


class CourteousSTT:
    """An STT that drops what it does, and begins again later, when somebody starts to talk."""

    def __init__(self, stt: STT, quiet: Quiet) -> None:
        self._stt, self._quiet = stt, quiet

    @property
    def capabilities(self) -> STTCapabilities:
        """As the engine's."""
        return self._stt.capabilities

    async def transcribe(self, audio: AudioChunk, options: STTOptions) -> Transcript:
        """As the engine does, once there is quiet for long enough."""
        return await when_quiet(self._quiet, partial(_transcribe, self._stt, audio, options))

    async def warm(self) -> None:
        """The server has done that."""

    async def aclose(self) -> None:
        """The engine is the server's, and stays."""


class CourteousTTS:
    """A voice that drops a sentence, and begins it again later, when somebody starts to talk."""

    def __init__(self, tts: TTS, quiet: Quiet) -> None:
        self._tts, self._quiet = tts, quiet

    @property
    def capabilities(self) -> TTSCapabilities:
        """As the engine's."""
        return self._tts.capabilities

    @property
    def model(self) -> str:
        """As the engine's."""
        return self._tts.model

    async def synthesize(self, text: str, options: TTSOptions) -> AsyncIterator[SpeechChunk]:
        """As the engine does, but the whole of it at once."""
        for chunk in await when_quiet(self._quiet, lambda: _all(self._tts.synthesize(text, options))):
            yield chunk

    async def warm(self) -> None:
        """The server has done that."""

    async def aclose(self) -> None:
        """The engine is the server's, and stays."""


class CourteousLLM:
    """A language model that drops an answer, and begins it again later, when somebody starts to talk."""

    def __init__(self, llm: LLM, quiet: Quiet) -> None:
        self._llm, self._quiet = llm, quiet

    @property
    def capabilities(self) -> LLMCapabilities:
        """As the engine's."""
        return self._llm.capabilities

    @property
    def model(self) -> str:
        """As the engine's."""
        return self._llm.model

    async def generate(self, messages: Sequence[Message], options: LLMOptions) -> AsyncIterator[LLMDelta]:
        """As the engine does, but the whole answer at once."""
        for delta in await when_quiet(self._quiet, lambda: _all(self._llm.generate(messages, options))):
            yield delta

    async def warm(self, prompts: Sequence[Sequence[Message]] = ()) -> None:
        """Only conversations' prompts are kept warm."""

    async def aclose(self) -> None:
        """The engine is the server's, and stays."""


class CourteousEmbedder:
    """An embedder that drops a batch, and begins it again later, when somebody starts to talk."""

    def __init__(self, embedder: Embedder, quiet: Quiet) -> None:
        self._embedder, self._quiet = embedder, quiet

    @property
    def capabilities(self) -> EmbedderCapabilities:
        """As the engine's."""
        return self._embedder.capabilities

    async def embed(self, texts: Sequence[str], kind: Literal["query", "passage"]) -> NDArray[np.float32]:
        """As the engine does, once there is quiet for long enough."""
        return await when_quiet(self._quiet, lambda: _embed(self._embedder, texts, kind))

    async def warm(self) -> None:
        """The server has done that."""

    async def aclose(self) -> None:
        """The engine is the server's, and stays."""


async def _embed(embedder: Embedder, texts: Sequence[str], kind: Literal["query", "passage"]) -> NDArray[np.float32]:
    return await embedder.embed(texts, kind)


async def _transcribe(stt: STT, audio: AudioChunk, options: STTOptions) -> Transcript:
    return await stt.transcribe(audio, options)
