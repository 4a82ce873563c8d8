"""What clients are told when something is wrong: a stable code and one sentence."""

from __future__ import annotations

from typing import Any, Final

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from visavis.core.errors import VisavisError

_STATUS_OF: Final = {
    "consent.missing": 422,
    "origin.refused": 403,
    "host.refused": 421,
    "access.missing": 401,
    "access.wrong": 401,
    "access.expired": 401,
    "access.reach": 403,
    "keys.unreadable": 503,
    "rate.limited": 429,
    "rate.quota": 429,
    "rate.guesses": 429,
    "rate.busy": 429,
    "memory.off": 409,
    "knowledge.full": 507,
    "knowledge.type": 415,
    "storage.full": 507,
    "storage.failed": 507,
    "upload.form": 415,
    "call.type": 415,
    "job.completed": 409,
    "job.unfinished": 409,
    "studio.failed": 503,
    "session.ended": 503,
    "server.busy": 429,
    "internal": 500,
}
"""HTTP status by code."""

_STATUS: Final = {
    "unknown": 404,
    "missing": 404,
    "full": 503,
    "busy": 503,
    "loading": 503,
    "unavailable": 503,
    "timeout": 504,
    "too_large": 413,
}
"""HTTP status by the last part of any other code; everything else is a 400."""


def status_of(code: str) -> int:
    """The HTTP status of a VisavisError."""
    return _STATUS_OF.get(code) or _STATUS.get(code.rsplit(".", 1)[-1], 400)


def error_body(code: str, message: str, param: str | None = None) -> dict[str, Any]:
    """The JSON of an HTTP error, shaped like OpenAI's."""
    kind = "server_error" if code == "internal" else "invalid_request_error"
    return {"error": {"type": kind, "code": code, "message": message, "param": param}}


def error_event(code: str, message: str, event_id: str | None = None, param: str | None = None) -> dict[str, Any]:
    """The Realtime `error` event; `event_id` is that of the client event that caused it."""
    body = error_body(code, message, param)["error"]
    return {"type": "error", "error": {**body, "event_id": event_id}}


class SlowBodyError(HTTPException):
    """A body came too slowly; what reads bodies lets HTTPExceptions through, and takes others for its own."""

    code = "request.slow"

    def __init__(self) -> None:
        super().__init__(408, "The request came too slowly and was given up; send it again over a better line.")


def install(app: FastAPI) -> None:
    """Makes every HTTP error of the app one of these."""

    async def known(request: Request, error: Exception) -> JSONResponse:
        assert isinstance(error, VisavisError)
        return JSONResponse(error_body(error.code, error.message), status_of(error.code))

    async def http(request: Request, error: Exception) -> JSONResponse:
        assert isinstance(error, HTTPException)
        code = error.code if isinstance(error, SlowBodyError) else f"http.{error.status_code}"
        return JSONResponse(error_body(code, str(error.detail)), error.status_code)

    async def invalid(request: Request, error: Exception) -> JSONResponse:
        assert isinstance(error, RequestValidationError)
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        return JSONResponse(error_body("request.invalid", f"{where}: {first['msg']}.", where), 422)

    async def unknown(request: Request, error: Exception) -> JSONResponse:
        return JSONResponse(error_body("internal", "Something went wrong inside the server; please try again."), 500)

    app.add_exception_handler(VisavisError, known)
    app.add_exception_handler(HTTPException, http)
    app.add_exception_handler(RequestValidationError, invalid)
    app.add_exception_handler(Exception, unknown)
