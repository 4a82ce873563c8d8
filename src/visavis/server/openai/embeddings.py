"""`POST /v1/embeddings`."""

from __future__ import annotations

import asyncio
import base64
import json
from collections.abc import Sequence
from typing import Annotated, Final, Literal

import numpy as np
from fastapi import APIRouter, Request
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field
from starlette.responses import Response
from typing_extensions import TypedDict

from visavis.core.errors import VisavisError
from visavis.engines.embedder import Embedder
from visavis.server.openai.caller import while_there
from visavis.server.openai.engines import house_of
from visavis.server.openai.gates import Gate

router = APIRouter(tags=["openai"])

_BATCH: Final = 16
"""Texts embedded between two looks at whether a conversation wants the embedder."""


class EmbeddingsBody(BaseModel):
    """Texts to embed. `input_type` (ours) says whether they ask or answer: `query` or `passage`."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    input: str | list[str] | list[int] | list[list[int]]
    model: Annotated[str, Field(max_length=256)] = ""
    encoding_format: Literal["float", "base64"] = "float"
    dimensions: Annotated[int, Field(ge=1)] | None = None
    input_type: Literal["query", "passage"] = "query"

    def texts(self, most: int) -> list[str]:
        """The texts. Raises VisavisError `embeddings.tokens`, `embeddings.empty`, `embeddings.too_many`."""
        texts = [self.input] if isinstance(self.input, str) else self.input
        if not texts:
            raise VisavisError("embeddings.empty", "`input` is empty; send at least one text.")
        if len(texts) > most:
            raise VisavisError("embeddings.too_many", f"`input` holds more than {most} texts; send them in parts.")
        plain = [text for text in texts if isinstance(text, str)]
        if len(plain) < len(texts):
            raise VisavisError("embeddings.tokens", "Tokens of another model mean nothing here; send `input` as text.")
        return plain


class EmbeddingView(TypedDict):
    """One vector of unit length: numbers, or base64 of little-endian float32."""

    object: Literal["embedding"]
    index: int
    embedding: list[float] | str


class EmbeddingUsage(TypedDict):
    """Characters of the texts, which stand for tokens."""

    prompt_tokens: int
    total_tokens: int


class EmbeddingsView(TypedDict):
    """The vectors, in the order of the texts."""

    object: Literal["list"]
    data: list[EmbeddingView]
    model: str
    usage: EmbeddingUsage


@router.post("/v1/embeddings", response_class=Response, responses={200: {"model": EmbeddingsView}})
async def embeddings(request: Request, body: EmbeddingsBody) -> Response:
    """Embeds one text or several as unit vectors, as numbers or base64; `dimensions` keeps the first ones."""
    house = house_of(request)
    embedder, gate = house.resources.engines.embedder, house.gates.embeddings
    texts = body.texts(house.settings.api.most_texts)
    able = embedder.capabilities
    if body.dimensions is not None and body.dimensions > able.dimensions:
        raise VisavisError("embeddings.dimensions", f"This model has {able.dimensions} dimensions; ask for fewer.")
    with gate.visit():
        vectors = await while_there(request, _embedded(embedder, texts, body.input_type, gate))
    characters, model = sum(map(len, texts)), house.models.get("embedder", "")
    return Response(await asyncio.to_thread(_written, vectors, body, model, characters), media_type="application/json")


async def _embedded(
    embedder: Embedder, texts: Sequence[str], kind: Literal["query", "passage"], gate: Gate
) -> NDArray[np.float32]:
    parts = []
    for start in range(0, len(texts), _BATCH):
        async with gate.place():
            parts.append(await embedder.embed(texts[start : start + _BATCH], kind))
    return np.concatenate(parts)


def _written(vectors: NDArray[np.float32], body: EmbeddingsBody, model: str, characters: int) -> bytes:
    """The answer as JSON."""
    rows = enumerate(_cut(vectors, body.dimensions))
    view: EmbeddingsView = {
        "object": "list",
        "data": [{"object": "embedding", "index": index, "embedding": _numbers(row, body)} for index, row in rows],
        "model": model,
        "usage": {"prompt_tokens": characters, "total_tokens": characters},
    }
    return json.dumps(view, separators=(",", ":")).encode()


def _cut(vectors: NDArray[np.float32], dimensions: int | None) -> NDArray[np.float32]:
    """The first dimensions, at unit length again."""
    if dimensions is None:
        return vectors
    short = vectors[:, :dimensions]
    unit: NDArray[np.float32] = short / np.maximum(np.linalg.norm(short, axis=1, keepdims=True), np.float32(1e-12))
    return unit


def _numbers(row: NDArray[np.float32], body: EmbeddingsBody) -> list[float] | str:
    if body.encoding_format == "base64":
        return base64.b64encode(row.astype("<f4").tobytes()).decode("ascii")
    numbers: list[float] = row.tolist()
    return numbers
