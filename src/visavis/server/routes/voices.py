"""The voices that can be chosen for a video."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request

from visavis.server.house import House

router = APIRouter(tags=["voices"])


@router.get("/v1/voices")
async def voices(request: Request) -> dict[str, Any]:
    """The names of the voices of this server's engine; without one, each language has its usual voice."""
    house: House = request.app.state.house
    return {"object": "list", "data": [{"id": voice} for voice in house.resources.tts.capabilities.voices]}
