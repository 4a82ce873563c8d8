"""Who can be talked to."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request

from visavis.server.house import House

router = APIRouter(tags=["personas"])


@router.get("/v1/personas")
async def personas(request: Request) -> dict[str, Any]:
    """The personas of this server, the default one first; known before the models are loaded."""
    house: House = request.app.state.house
    default = house.settings.sessions.persona
    personas = sorted(house.personas.values(), key=lambda one: (one.id != default, one.id))
    return {
        "object": "list",
        "default": default,
        "data": [
            {
                "id": one.id,
                "name": one.name,
                "languages": list(one.languages),
                "accent": one.accent,
                "avatar": one.portrait,
                "knowledge": list(one.collections),
                "greeting": {language: one.greeting[language] for language in one.languages},
            }
            for one in personas
        ],
    }
