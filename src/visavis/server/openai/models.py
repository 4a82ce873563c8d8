"""`GET /v1/models`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, Literal

from fastapi import APIRouter, Request
from typing_extensions import TypedDict

from visavis.core.errors import VisavisError
from visavis.server.openai.engines import EngineHouse, house_of

router = APIRouter(tags=["openai"])

_CREATED: Final = 1_700_000_000
"""A date that says nothing: models are as old as their makers say elsewhere (`visavis models list`)."""


_KINDS: Final = frozenset({"llm", "stt", "tts", "embedder"})
"""Engines whose models can be asked for by name."""


class ModelView(TypedDict):
    """A model or a persona; `kind` (ours) is `persona`, `llm`, `stt`, `tts` or `embedder`."""

    id: str
    object: Literal["model"]
    created: int
    owned_by: str
    kind: str


class ModelsView(TypedDict):
    """All of them."""

    object: Literal["list"]
    data: list[ModelView]


@router.get("/v1/models")
async def models(request: Request) -> ModelsView:
    """What can be named as a `model`: the personas, and the models behind this server's engines."""
    return {"object": "list", "data": list(_known(house_of(request)))}


@router.get("/v1/models/{model:path}")
async def one_model(request: Request, model: str) -> ModelView:
    """One of them."""
    for known in _known(house_of(request)):
        if known["id"] == model:
            return known
    raise VisavisError("model.unknown", "There is no model of that name; `GET /v1/models` lists those there are.")


def _known(house: EngineHouse) -> Iterator[ModelView]:
    for name in house.roles:
        yield {"id": name, "object": "model", "created": _CREATED, "owned_by": "visavis", "kind": "persona"}
    models = {name: kind for kind, name in house.models.items() if kind in _KINDS and name not in house.roles}
    for name, kind in models.items():
        yield {"id": name, "object": "model", "created": _CREATED, "owned_by": "visavis", "kind": kind}
