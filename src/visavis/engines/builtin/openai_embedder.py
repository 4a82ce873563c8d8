"""Embeddings by a service: `visavis serve --only embedder`, or any with OpenAI's embeddings route."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field

from visavis.engines.embedder import EmbedderCapabilities
from visavis.engines.health import Health
from visavis.engines.registry import EngineContext, EngineInfo
from visavis.engines.service import Service, ServiceAddress

_BATCH: Final = 64
"""Texts that are sent at once."""
_ASSUMED: Final = EmbedderCapabilities(dimensions=384, max_tokens=512)


class OpenAIEmbedderOptions(BaseModel):
    """An embedding service: its `base_url`, the `model` to ask for (empty: the one it offers), what is put before a
    query and a passage for a service that is not visavis, how long to wait (`timeout_s`), and for how long to try
    again (`patience_s`)."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    base_url: ServiceAddress = "http://localhost:8004"
    model: str = ""
    api_key: str = Field(default="", repr=False)
    query_prefix: str = ""
    passage_prefix: str = ""
    timeout_s: float = Field(default=30.0, gt=0)
    patience_s: float = Field(default=2.0, ge=0)


class OpenAIEmbedder:
    """An embedder behind HTTP; how long its vectors are is known once the service has been asked."""

    def __init__(self, options: OpenAIEmbedderOptions) -> None:
        self._options = options
        self._service = Service("embedder", options.base_url, api_key=options.api_key, timeout_s=options.timeout_s)
        self._dimensions = 0

    @property
    def health(self) -> Health:
        """How the service is."""
        return self._service.health

    @property
    def capabilities(self) -> EmbedderCapabilities:
        """What the service says, or was seen to do."""
        told = self._service.offer.get("capabilities", {})
        dimensions = self._dimensions or int(told.get("dimensions", _ASSUMED.dimensions))
        return EmbedderCapabilities(dimensions, int(told.get("max_tokens", _ASSUMED.max_tokens)))

    @property
    def model(self) -> str:
        """The model that is asked for, "" while none is known."""
        models = self._service.models
        return self._options.model or str(self._service.offer.get("model") or (models[0] if models else ""))

    async def embed(self, texts: Sequence[str], kind: Literal["query", "passage"]) -> NDArray[np.float32]:
        """Unit vectors, float32 of shape (len(texts), dimensions). Raises VisavisError `embedder.unavailable`,
        `embedder.timeout`."""
        parts = [await self._some(texts[start : start + _BATCH], kind) for start in range(0, len(texts), _BATCH)]
        return np.concatenate(parts) if parts else np.zeros((0, self.capabilities.dimensions), np.float32)

    async def warm(self) -> None:
        """Asks whether the service is there and embeds a word. Raises VisavisError `embedder.unavailable`,
        `embedder.timeout`."""
        await self._service.look()
        await self.embed(["a"], "query")

    async def aclose(self) -> None:
        """Closes the connections."""
        await self._service.aclose()

    async def _some(self, texts: Sequence[str], kind: Literal["query", "passage"]) -> NDArray[np.float32]:
        body: dict[str, object] = {"model": self.model or "text-embedding-3-small", "encoding_format": "float"}
        if self._service.ours:
            body |= {"input": list(texts), "input_type": kind}
        else:
            prefix = self._options.query_prefix if kind == "query" else self._options.passage_prefix
            # Other services refuse empty texts.
            body["input"] = [f"{prefix}{text}" or " " for text in texts]
        reply = await self._service.post("embeddings", json=body, patience=self._options.patience_s)
        try:
            rows = sorted(reply.json()["data"], key=lambda one: int(one["index"]))
            vectors = np.array([row["embedding"] for row in rows], np.float32)
            if vectors.ndim != 2 or len(vectors) != len(texts) or not np.all(np.isfinite(vectors)):
                raise ValueError("not a vector for each text")
        except (ValueError, LookupError, TypeError) as error:
            raise self._service.unavailable("sent something that is no embedding; check its address") from error
        self._dimensions = vectors.shape[1]
        unit: NDArray[np.float32] = vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-12)
        return unit


def _create(context: EngineContext) -> OpenAIEmbedder:
    return OpenAIEmbedder(OpenAIEmbedderOptions.model_validate(dict(context.options)))


ENGINE: Final = EngineInfo(
    kind="embedder",
    name="openai",
    summary="A service by URL: `visavis serve --only embedder`, or any with OpenAI's embeddings.",
    create=_create,
    options=OpenAIEmbedderOptions,
)
