"""The avatars' rigs, for whoever draws them."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import FileResponse

from visavis.server.house import House

router = APIRouter(tags=["avatars"])


@router.get("/v1/avatars")
def avatars(request: Request) -> dict[str, Any]:
    """The avatars of this server."""
    house: House = request.app.state.house
    return {"object": "list", "data": [{"id": one.id, "name": one.name} for one in house.avatars.list()]}


@router.get("/v1/avatars/{avatar_id}/{name}", response_class=FileResponse)
def avatar_file(avatar_id: str, name: str, request: Request) -> FileResponse:
    """A file of an avatar: `rig.json` and those it names (docs/rig.md)."""
    house: House = request.app.state.house
    return FileResponse(house.avatars.asset(avatar_id, name), headers={"Cache-Control": "no-cache"})
