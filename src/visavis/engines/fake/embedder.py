"""An embedder that hashes letters: texts that share words are alike, deterministic, no weights."""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Sequence
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray

from visavis.engines.embedder import EmbedderCapabilities
from visavis.engines.registry import EngineContext, EngineInfo

_DIMENSIONS: Final = 256
_MAX_CHARACTERS: Final = 2_000


class FakeEmbedder:
    """Counts hashed n-grams of one to four characters. It knows spelling, not meaning."""

    @property
    def capabilities(self) -> EmbedderCapabilities:
        """256 dimensions, some 500 tokens."""
        return EmbedderCapabilities(dimensions=_DIMENSIONS, max_tokens=_MAX_CHARACTERS // 4)

    async def embed(self, texts: Sequence[str], kind: Literal["query", "passage"]) -> NDArray[np.float32]:
        """Unit vectors, float32 of shape (len(texts), 256); queries and passages are treated alike."""
        del kind
        out = np.zeros((len(texts), _DIMENSIONS), np.float32)
        for row, text in enumerate(texts):
            out[row] = _vector(text)
        return out

    async def warm(self) -> None:
        """Nothing to load."""

    async def aclose(self) -> None:
        """Nothing to free."""


def _vector(text: str) -> NDArray[np.float32]:
    folded = unicodedata.normalize("NFKD", text[:_MAX_CHARACTERS].casefold())
    plain = f" {''.join(c for c in folded if not unicodedata.combining(c))} "
    vector = np.zeros(_DIMENSIONS, np.float32)
    vector[0] = 0.1  # so that even an empty text has a direction
    for size in range(1, 5):
        for start in range(len(plain) - size + 1):
            digest = hashlib.blake2b(plain[start : start + size].encode("utf-8", "replace"), digest_size=4).digest()
            number = int.from_bytes(digest, "little")
            vector[number % _DIMENSIONS] += size * (1.0 if number & 0x80000000 else -1.0)
    unit: NDArray[np.float32] = (vector / np.linalg.norm(vector)).astype(np.float32)
    return unit


def _create(context: EngineContext) -> FakeEmbedder:
    del context
    return FakeEmbedder()


ENGINE: Final = EngineInfo(
    kind="embedder", name="fake", summary="Hashed letter n-grams: deterministic, for tests.", create=_create
)
