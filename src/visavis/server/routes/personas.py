"""Who can be talked to."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request

from visavis.server.house import House

router = APIRouter(tags=["personas"])


@router.get("/v1/personas")
async def personas(request: Request) -> dict[str, Any]:
    """The personas of this server, the default one first."""
    house: House = request.app.state.house
    default = house.settings.sessions.persona
    roles = sorted(house.roles.values(), key=lambda role: (role.id != default, role.id))
    return {
        "object": "list",
        "default": default,
        "data": [
            {
                "id": role.id,
                "name": role.name,
                "languages": list(role.languages),
                "accent": role.accent,
                "avatar": role.avatar,
                "greeting": {language: role.flow.greeting(language) for language in role.languages},
            }
            for role in roles
        ],
    }
