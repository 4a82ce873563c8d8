"""How a server with one engine is, in the words of the systems that ran each engine by itself."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse

from visavis.server.annex import Annex

router = APIRouter(tags=["health"])


@router.get("/health")
async def health(request: Request) -> JSONResponse:
    """Whether the engine can be used (200 `healthy`) or not (503, with what is wrong)."""
    annex: Annex = request.app.state.house
    report = annex.loader.report()
    engine: dict[str, Any] = next(iter(report["components"]), {})
    body: dict[str, Any] = {
        "status": "healthy" if report["status"] == "ready" else report["status"],
        "service": annex.part,
        "engine": engine.get("name", ""),
        "model": engine.get("model", ""),
        "detail": report["detail"] or engine.get("detail", ""),
    }
    return JSONResponse(body, 200 if body["status"] == "healthy" else 503)


@router.get("/healthz")
async def healthz(request: Request) -> dict[str, Any]:
    """The process answers: whether its model is loaded, and for how many seconds it has run."""
    annex: Annex = request.app.state.house
    return {"status": "ok", "model_loaded": annex.loader.ready, "uptime": round(annex.uptime, 3)}


@router.get("/readyz")
async def readyz(request: Request) -> JSONResponse:
    """Whether the engine can be used (200) or not yet (503)."""
    annex: Annex = request.app.state.house
    return JSONResponse(annex.loader.report(), 200 if annex.loader.ready else 503)
