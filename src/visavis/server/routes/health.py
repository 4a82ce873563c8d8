"""Is the server there, and can it talk?"""

from __future__ import annotations

import time
from typing import Any, Final, Literal

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, PlainTextResponse
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from pydantic import BaseModel, ConfigDict

from visavis.server.access.caller import caller_of
from visavis.server.house import House

router = APIRouter(tags=["health"])

_NOT_YET: Final[dict[int | str, dict[str, Any]]] = {
    503: {"content": {"application/json": {}}, "description": "Not yet, or not any more."}
}


class Alive(BaseModel):
    """`uptime` in seconds."""

    model_config = ConfigDict(protected_namespaces=())

    status: Literal["ok"]
    model_loaded: bool
    uptime: float


@router.get("/health")
async def health() -> dict[str, str]:
    """The process answers, in the words of seed 003."""
    return {"status": "healthy"}


@router.get("/healthz")
async def healthz(request: Request) -> Alive:
    """The process answers; in the words of seed 001 also whether its models are loaded, and for how long it runs."""
    house: House = request.app.state.house
    uptime = round(time.monotonic() - house.started, 3)
    return Alive(status="ok", model_loaded=house.loader.ready, uptime=uptime)


@router.get("/readyz", responses=_NOT_YET)
async def readyz(request: Request) -> JSONResponse:
    """Whether conversations can begin (200) or not yet (503), part by part; without a key, no more than that."""
    house: House = request.app.state.house
    report = house.loader.report()
    if caller_of(request).reach == "nothing":
        report |= {"detail": "", "components": []}
    return JSONResponse(report, 200 if house.loader.ready else 503)


@router.get("/metrics", response_class=PlainTextResponse)
async def metrics(request: Request) -> PlainTextResponse:
    """Turns, times and sessions for Prometheus."""
    return PlainTextResponse(generate_latest(request.app.state.metrics.registry), media_type=CONTENT_TYPE_LATEST)
