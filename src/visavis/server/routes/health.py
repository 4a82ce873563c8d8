"""Is the server there, and can it talk?"""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, PlainTextResponse
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from visavis.server.house import House

router = APIRouter(tags=["health"])


@router.get("/health")
async def health() -> dict[str, str]:
    """The process answers, in the words of seed 003."""
    return {"status": "healthy"}


@router.get("/healthz")
async def healthz() -> dict[str, str]:
    """The process answers."""
    return {"status": "ok"}


@router.get("/readyz")
async def readyz(request: Request) -> JSONResponse:
    """Whether conversations can begin (200) or not yet (503), part by part."""
    house: House = request.app.state.house
    return JSONResponse(house.loader.report(), 200 if house.loader.ready else 503)


@router.get("/metrics")
async def metrics(request: Request) -> PlainTextResponse:
    """Turns, times and sessions for Prometheus."""
    return PlainTextResponse(generate_latest(request.app.state.metrics.registry), media_type=CONTENT_TYPE_LATEST)
