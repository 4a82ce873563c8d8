"""What is remembered of a person: to see, to take away, to delete. Who asks is known by the secret in a header."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

from fastapi import APIRouter, Path, Request, Response, Security
from fastapi.responses import JSONResponse
from fastapi.security import APIKeyHeader

from visavis.core.errors import VisavisError
from visavis.server.house import House
from visavis.server.memory_view import MemoryView
from visavis.server.remembrance import HEADER, person_of

router = APIRouter(prefix="/api/v1/memory", tags=["memory"])

_FRESH = {"Cache-Control": "no-store"}
_SHOWN = Security(
    APIKeyHeader(
        name=HEADER,
        scheme_name="person",
        description="A random secret of 43 to 128 letters, digits, - and _, by which a person is known.",
        auto_error=False,
    )
)

Shown = Annotated[str | None, _SHOWN]


@router.get("")
async def memory(request: Request, response: Response, shown: Shown = None) -> MemoryView:
    """All that is remembered of the person, by persona; without one, whether people can be remembered here at all."""
    response.headers.update(_FRESH)
    return await _view(request, shown)


@router.get("/export", response_class=JSONResponse, response_model=MemoryView)
async def export(request: Request, shown: Shown = None) -> JSONResponse:
    """The same as a file to be saved."""
    _needed(shown)
    view = await _view(request, shown)
    name = f"visavis-memory-{datetime.now(UTC):%Y-%m-%d}.json"
    headers = {**_FRESH, "Content-Disposition": f'attachment; filename="{name}"'}
    return JSONResponse(view.model_dump(mode="json"), headers=headers)


@router.put("/agreement")
async def agree(request: Request, response: Response, shown: Shown = None) -> MemoryView:
    """The person agrees to be remembered, from now on."""
    person = _needed(shown)
    await (await _house(request).remembrance.store()).agree(person, datetime.now(UTC))
    response.headers.update(_FRESH)
    return await _view(request, shown)


@router.delete("/agreement", status_code=204)
async def revoke(request: Request, shown: Shown = None) -> None:
    """The person agrees no longer: all that is remembered of them is deleted, and that they agreed."""
    if not await (await _house(request).remembrance.store()).revoke(_needed(shown)):
        raise VisavisError("memory.unknown", "Nobody who shows this secret is remembered here.")


@router.delete("", status_code=204)
async def forget_all(request: Request, shown: Shown = None) -> None:
    """Deletes everything that is remembered of the person; their agreement stays."""
    await (await _house(request).remembrance.store()).forget_all(_needed(shown))


@router.delete("/{conversation_id}", status_code=204)
async def forget(conversation_id: Annotated[str, Path(max_length=64)], request: Request, shown: Shown = None) -> None:
    """Deletes one conversation."""
    if not await (await _house(request).remembrance.store()).forget(_needed(shown), conversation_id):
        raise VisavisError("memory.unknown", "No such conversation is remembered of you; it may have been deleted.")


async def _view(request: Request, shown: str | None) -> MemoryView:
    house = _house(request)
    remembrance, person = house.remembrance, _person(shown)
    agreed, kept = None, []
    if remembrance.on and person is not None:
        store = await remembrance.store()
        agreed = await store.agreed(person)
        kept = await store.conversations(person, since=remembrance.since) if agreed else []
    names = {one.id: one.name for one in house.personas.values()}
    return MemoryView.of(kept, names, enabled=remembrance.on, days=remembrance.days, agreed=agreed)


def _person(shown: str | None) -> str | None:
    return person_of({HEADER: shown or ""})


def _needed(shown: str | None) -> str:
    person = _person(shown)
    if person is None:
        raise VisavisError("memory.person", f"Say who you are: send your own random secret in the header `{HEADER}`.")
    return person


def _house(request: Request) -> House:
    house: House = request.app.state.house
    return house
