"""Videos are asked for, watched, cancelled and retried here."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import aclosing
from typing import Any, Final

from fastapi import APIRouter, Request
from fastapi.responses import StreamingResponse

from visavis.core.errors import VisavisError
from visavis.server.access.caller import caller_of
from visavis.server.generate_body import GenerateBody
from visavis.server.house import House
from visavis.server.job_answer import AcceptedAnswer, JobAnswer
from visavis.server.problems import error_body
from visavis.server.workshop import Workshop

router = APIRouter(prefix="/api/v1", tags=["studio"])

_EVENTS: Final[dict[int | str, dict[str, Any]]] = {200: {"content": {"text/event-stream": {}}}}
_STREAM: Final = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}


@router.post("/generate", status_code=202, response_model=AcceptedAnswer)
async def generate(body: GenerateBody, request: Request) -> dict[str, Any]:
    """Asks for a video; its `task_id` is what the other routes want."""
    caller = caller_of(request)
    return await _workshop(request).submit(body, caller.holder or caller.address)


@router.get("/status/{task_id}", response_model=JobAnswer)
async def status(task_id: str, request: Request) -> dict[str, Any]:
    """How far a video is, and when it is done, where it lies and what was measured."""
    return await _workshop(request).view(task_id)


@router.get("/status/{task_id}/events", response_class=StreamingResponse, responses=_EVENTS)
async def events(task_id: str, request: Request) -> StreamingResponse:
    """The same as it changes: server-sent events `progress`, then one `done` or `error`."""
    workshop = _workshop(request)
    if workshop.open:
        await workshop.view(task_id)
    return StreamingResponse(_stream(workshop, task_id), media_type="text/event-stream", headers=_STREAM)


@router.delete("/status/{task_id}", response_model=JobAnswer)
async def cancel(task_id: str, request: Request) -> dict[str, Any]:
    """Cancels a video that is not done; what it has made stays for a retry, until its time is over."""
    return await _workshop(request).cancel(task_id)


@router.post("/status/{task_id}/retry", status_code=202, response_model=AcceptedAnswer)
async def retry(task_id: str, request: Request) -> dict[str, Any]:
    """Has a failed or cancelled video go on after the last piece that is done."""
    return await _workshop(request).retry(task_id)


async def _stream(workshop: Workshop, task_id: str) -> AsyncIterator[str]:
    try:
        async with aclosing(workshop.watch(task_id)) as changes:
            async for name, view in changes:
                yield _event(name, view) if name else ": still there\n\n"
    except VisavisError as error:
        yield _event("error", {"task_id": task_id, "status": "failed", **error_body(error.code, error.message)})


def _event(name: str, data: dict[str, Any]) -> str:
    return f"event: {name}\ndata: {json.dumps(data, ensure_ascii=False)}\n\n"


def _workshop(request: Request) -> Workshop:
    house: House = request.app.state.house
    return house.workshop
