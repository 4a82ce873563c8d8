"""What the server says of its own routes: every error they answer with has one shape, whatever its status."""

from __future__ import annotations

from typing import Any, Final

from fastapi import FastAPI
from pydantic import BaseModel, Field


class Problem(BaseModel):
    """What went wrong, shaped like OpenAI's errors."""

    type: str
    code: str = Field(description="Stable, such as `item.unknown`.")
    message: str = Field(description="One sentence for people.")
    param: str | None = Field(description="The field that is meant.")


class ErrorBody(BaseModel):
    """The body of every error."""

    error: Problem


_REFERENCE: Final = {"$ref": "#/components/schemas/ErrorBody"}
_ERROR: Final[dict[str, Any]] = {
    "description": "It was refused, or could not be done: a stable code, and one sentence that says what to do.",
    "content": {"application/json": {"schema": _REFERENCE}},
}
_EVENTS: Final = "text/event-stream"
_UNUSED: Final = ("HTTPValidationError", "ValidationError")


def install(app: FastAPI) -> None:
    """Has `/openapi.json` describe errors as `problems` answers them."""
    made = app.openapi

    def described() -> dict[str, Any]:
        if app.openapi_schema is None:
            app.openapi_schema = _truthful(made())
        return app.openapi_schema

    app.openapi = described  # type: ignore[method-assign]


def _truthful(spec: dict[str, Any]) -> dict[str, Any]:
    schemas = spec.setdefault("components", {}).setdefault("schemas", {})
    for name in _UNUSED:
        schemas.pop(name, None)
    shape = ErrorBody.model_json_schema(ref_template="#/components/schemas/{model}")
    schemas.update(shape.pop("$defs"))
    schemas["ErrorBody"] = shape
    for operations in spec["paths"].values():
        for operation in operations.values():
            operation["responses"].pop("422", None)
            operation["responses"].setdefault("default", _ERROR)
            for response in operation["responses"].values():
                if _EVENTS in response.get("content", {}):
                    response["content"][_EVENTS] = {}  # each route's words say what its events are
    return spec
