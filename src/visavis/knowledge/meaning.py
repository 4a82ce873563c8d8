"""Vectors of what texts mean, whatever their language: a question finds what answers it in another one.

Multilingual embedders put texts of one language together, whatever they say: with multilingual-e5-small a Chinese
question is nearer to every Chinese passage than to the English one that answers it. What the vectors of a language have
in common is the mean over the same sentences in each; without it, meaning is what is left (after Libovický, Rosa and
Fraser, Findings of EMNLP 2020).
"""

from __future__ import annotations

import asyncio
import tomllib
from collections.abc import Mapping, Sequence
from importlib.resources import files
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray

from visavis.engines.embedder import Embedder
from visavis.engines.text_language import TextLanguage
from visavis.knowledge.vectors import Vector

Kind = Literal["query", "passage"]
Vectors = NDArray[np.float32]

_KINDS: Final[tuple[Kind, ...]] = ("query", "passage")


class Meaning:
    """An embedder and the accents that its vectors have, which are measured on first need: about a second of work."""

    def __init__(self, embedder: Embedder, languages: TextLanguage, patient: Embedder | None = None) -> None:
        """`patient` is what passages are embedded with, where that has to give way; its model is the same."""
        self._embedder, self._languages, self._patient = embedder, languages, patient or embedder
        self._accents: Mapping[tuple[Kind, str], Vector] = {}
        self._measuring = asyncio.Lock()

    async def load(self) -> None:
        """Measures the accents, once. Raises VisavisError as the embedder does."""
        async with self._measuring:
            if not self._accents:
                self._accents = await self._measured()

    def language(self, text: str) -> str:
        """The language of a question. The first call reads a model."""
        return self._languages.detect(text, "en")

    async def query(self, text: str) -> Vector:
        """The unit vector of a question, float32 of shape (dimensions,). Raises VisavisError as the embedder does."""
        await self.load()
        vectors = await self._embedder.embed([text], "query")
        language = await asyncio.to_thread(self.language, text)
        vector: Vector = self._plain(vectors, "query", [language])[0]
        return vector

    async def queries(self, texts: Sequence[str], language: str) -> Vectors:
        """Unit vectors of questions in one language, float32 of shape (len(texts), dimensions). Raises VisavisError as
        the embedder does."""
        if not texts:
            return np.zeros((0, self._embedder.capabilities.dimensions), np.float32)
        await self.load()
        return self._plain(await self._embedder.embed(texts, "query"), "query", [language] * len(texts))

    async def passages(self, texts: Sequence[str], languages: Sequence[str]) -> Vectors:
        """Unit vectors of passages in these languages (ISO 639-1; others than are known count as a mixture of all),
        float32 of shape (len(texts), dimensions). Raises VisavisError as the embedder does."""
        if not texts:
            return np.zeros((0, self._embedder.capabilities.dimensions), np.float32)
        await self.load()
        return self._plain(await self._patient.embed(texts, "passage"), "passage", languages)

    def _plain(self, vectors: Vectors, kind: Kind, languages: Sequence[str]) -> Vectors:
        accents = [self._accents.get((kind, language), self._accents[kind, ""]) for language in languages]
        plain = vectors - np.stack(accents)
        lengths = np.linalg.norm(plain, axis=1, keepdims=True)
        unit: Vectors = (plain / np.maximum(lengths, np.float32(1e-6))).astype(np.float32)
        return unit

    async def _measured(self) -> Mapping[tuple[Kind, str], Vector]:
        path = files("visavis.knowledge") / "data" / "accents.toml"
        sentences = tomllib.loads(await asyncio.to_thread(path.read_text, "utf-8"))
        accents: dict[tuple[Kind, str], Vector] = {}
        for kind in _KINDS:
            for language, texts in sentences[kind].items():
                accents[kind, language] = (await self._embedder.embed(texts, kind)).mean(axis=0)
            accents[kind, ""] = np.mean([accents[kind, language] for language in sentences[kind]], axis=0)
        return accents
