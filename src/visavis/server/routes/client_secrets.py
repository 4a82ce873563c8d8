"""Short-lived tokens for browsers and apps that should not hold a key."""

from __future__ import annotations

import json
import secrets
from typing import Any, Final, Literal

from fastapi import APIRouter, Request
from pydantic import BaseModel, ConfigDict, Field

from visavis.core.errors import VisavisError
from visavis.core.session import SessionOptions
from visavis.server.access.caller import caller_of
from visavis.server.access.rule import Rule
from visavis.server.house import House
from visavis.server.session_config import SessionConfig, SessionPatch

router = APIRouter(tags=["realtime"])

_LONGEST: Final = 2_000
"""Characters of a session's settings; they travel in the token."""


class ExpiresAfter(BaseModel):
    """When the token ends; conversations that it has begun go on."""

    model_config = ConfigDict(extra="ignore")

    anchor: Literal["created_at"] = "created_at"
    seconds: int = Field(600, ge=10, le=7200)


class SecretSession(SessionPatch):
    """What the conversation begins with, as in a `session.update`, and the persona it is with."""

    model: str = Field("", max_length=64)


class SecretBody(BaseModel):
    """OpenAI's request; all of it may be left out."""

    model_config = ConfigDict(extra="ignore")

    expires_after: ExpiresAfter = Field(default_factory=lambda: ExpiresAfter(seconds=600))
    session: SecretSession | None = None


class ClientSecret(BaseModel):
    """The token, when it ends (Unix time in seconds), and the session it begins."""

    value: str
    expires_at: int
    session: dict[str, Any]


@router.post("/v1/realtime/client_secrets")
async def client_secret(request: Request, body: SecretBody | None = None) -> ClientSecret:
    """A token for conversations (WebSocket, WebRTC) and nothing else, good for ten minutes unless asked otherwise."""
    body = body or SecretBody()
    house: House = request.app.state.house
    rule: Rule = request.app.state.rule
    wanted = body.session or SecretSession.model_validate({})
    fixed = wanted.model_dump(mode="json", exclude_unset=True, exclude={"type"})
    if len(json.dumps(fixed)) > _LONGEST:
        raise VisavisError("session.too_large", f"A token takes at most {_LONGEST} characters of session settings.")
    token, grant = rule.tokens.mint(caller_of(request).holder, "realtime", body.expires_after.seconds, fixed or None)
    config = SessionConfig(SessionOptions(turn_detection=house.turn_detection()), house.endpointing)
    config.apply(wanted)
    persona = wanted.model if wanted.model in house.personas else house.settings.sessions.persona
    session = config.wire(f"sess_{secrets.token_hex(8)}", persona, persona)
    return ClientSecret(value=token, expires_at=grant.expires, session=session)
