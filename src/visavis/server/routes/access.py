"""Where the page hands in its key, and takes it back."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, Field

from visavis.core.errors import VisavisError
from visavis.server.access.caller import caller_of
from visavis.server.access.credentials import COOKIE, Shown
from visavis.server.access.rule import Rule

router = APIRouter(prefix="/api/v1/access", tags=["access"])


class KeyBody(BaseModel):
    """The key that the person typed."""

    key: Annotated[str, Field(min_length=1, max_length=512)]


class Entry(BaseModel):
    """`needed`: the server wants a key from this sender; `granted`: it has one, or needs none."""

    needed: bool
    granted: bool


@router.get("")
async def entry(request: Request) -> Entry:
    """Whether a key is needed here, and whether this browser has handed one in."""
    rule: Rule = request.app.state.rule
    return Entry(needed=not rule.open_to(request.scope), granted=caller_of(request).reach == "all")


@router.post("")
async def enter(body: KeyBody, request: Request, response: Response) -> Entry:
    """Takes a key and leaves a cookie for it: a token that scripts cannot read and other sites' pages cannot use."""
    rule: Rule = request.app.state.rule
    caller = await rule.identify(Shown(body.key.strip()), request.scope)
    if caller.reach != "all":
        raise VisavisError("access.reach", "This token is for conversations only; hand in an API key.")
    stay = rule.stay
    token, _ = rule.tokens.mint(caller.holder, "all", stay)
    response.set_cookie(
        COOKIE,
        token,
        max_age=round(stay),
        path="/",
        secure=request.url.scheme == "https",
        httponly=True,
        samesite="strict",
    )
    return Entry(needed=not rule.open_to(request.scope), granted=True)


@router.delete("", status_code=204)
async def leave(response: Response) -> None:
    """Takes the cookie back."""
    response.delete_cookie(COOKIE, path="/", httponly=True, samesite="strict")
