"""How the engines are, and what they can do: what a server asks that uses them from elsewhere."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request

from visavis.server.engine_states import offers

router = APIRouter(tags=["engines"])


@router.get("/v1/engines")
async def engines(request: Request) -> dict[str, Any]:
    """Each kind of engine with its name, model, state and capabilities."""
    house = request.app.state.house
    made = house.resources.engines if house.loader.ready else None
    return {"object": "list", "data": offers(house.loader.components, made)}
