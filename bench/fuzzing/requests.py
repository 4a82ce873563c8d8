"""Sends requests made by schemathesis from the server's own OpenAPI, and holds the answers against it."""

from __future__ import annotations

import json
from typing import Any, Final

import schemathesis
from schemathesis.core.result import Err, Ok
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

PATIENCE: Final = 60.0
"""Seconds after which a route that has not answered is taken to hang."""

_CHECKS: Final = (
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
)

_MAY_FAIL: Final = {503, 507}
"""A part that is not there, and a full disk, are told with these; both are in the reference."""


_LEAST: Final = {
    "openapi": "3.1.0",
    "info": {"title": "least", "version": "1"},
    "paths": {"/": {"get": {"responses": {"200": {"description": "nothing"}}}}},
}


def load() -> None:
    """Has the library import the rest of itself, which it else does in the midst of the first request."""
    for found in schemathesis.openapi.from_dict(_LEAST).get_all_operations():
        if isinstance(found, Ok):
            found.ok().as_strategy().validate()


class Requests:
    """Every operation of one server, each a strategy of requests."""

    def __init__(self, url: str) -> None:
        schema = schemathesis.openapi.from_url(f"{url.rstrip('/')}/openapi.json", timeout=PATIENCE)
        self.operations: list[Any] = []
        for found in schema.get_all_operations():
            if isinstance(found, Err):
                raise found.err()
            self.operations.append(found.ok())

    def send(self, case: Any) -> None:
        """Sends one request. Raises AssertionError when the server fails, or answers otherwise than it says."""
        response = case.call(timeout=PATIENCE)
        status = response.status_code
        if status >= 500:
            body = response.content[:2000]
            assert status in _MAY_FAIL, f"{case.method} {case.formatted_path} answered {status}: {body!r}"
            assert json.loads(body)["error"]["code"], body
        case.validate_response(response, checks=_CHECKS)
