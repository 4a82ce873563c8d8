"""Text embeddings."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class EmbedderCapabilities:
    """`dimensions` of a vector and the longest text in tokens."""

    dimensions: int
    max_tokens: int


class Embedder(Protocol):
    """Maps texts to unit vectors whose dot product is their likeness."""

    @property
    def capabilities(self) -> EmbedderCapabilities:
        """What it gives."""
        ...

    async def embed(self, texts: Sequence[str], kind: Literal["query", "passage"]) -> NDArray[np.float32]:
        """Unit vectors, float32 of shape (len(texts), dimensions)."""
        ...

    async def warm(self) -> None:
        """Loads the model, so that the first call is as fast as the next."""
        ...

    async def aclose(self) -> None:
        """Frees the model."""
        ...
