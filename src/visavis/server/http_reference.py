"""The reference page of the HTTP routes, written from the routes themselves."""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from typing import Any, Final, get_args

from fastapi.routing import APIRoute
from pydantic import BaseModel
from pydantic_core import PydanticUndefined

from visavis.server.app import ROUTERS
from visavis.server.generate_body import GenerateBody
from visavis.server.studio_reference import REFUSALS, STATUS_FIELDS
from visavis.studio.job import RenderOptions

_EXAMPLE: Final = """```sh
curl -F file=@me.jpg http://localhost:8000/api/v1/upload/image      # {"file_id": "8c1f….jpg", "path": "8c1f….jpg", …}
curl -F file=@speech.wav http://localhost:8000/api/v1/upload/audio  # {"file_id": "02be….wav", "duration": 7.4, …}
curl -H 'Content-Type: application/json' http://localhost:8000/api/v1/generate -d '{
  "image_path": "8c1f….jpg", "audio_path": "02be….wav", "fps": 25, "resolution": [512, 512], "consent": true}'
curl http://localhost:8000/api/v1/status/TASK_ID
curl -N http://localhost:8000/api/v1/status/TASK_ID/events
```"""

_AFTERWARDS: Final = """Instead of a recording, a `script` can be read by the server's voice; `avatar:genevieve` needs
no upload and no consent. A file that is sent counts by its content, never by its name: pictures are encoded anew, sound
is decoded, and nothing else of them is kept. What is sent, and what is made of it, goes after
`VISAVIS_STUDIO_RETENTION` hours; an upload that no job uses goes after a day. While somebody talks to an avatar, videos
wait."""


def http_page(note: str) -> str:
    """`docs/http.md`."""
    return "\n".join(_lines(note)) + "\n"


def _lines(note: str) -> Iterator[str]:
    yield from ("# HTTP", "", note, "")
    yield 'The server describes its routes at `/docs` too. Errors are JSON, `{"error": {type, code, message, param}}`;'
    yield "codes are stable, messages are one sentence for people."
    yield from ("", "| route | what |", "|---|---|")
    for route in http_routes():
        methods = ", ".join(sorted((route.methods or set()) - {"HEAD"}))
        yield f"| `{methods} {route.path}` | {_text(route.endpoint)} |"
    yield from ("", "## A video, from upload to file", "", _EXAMPLE, "")
    yield _AFTERWARDS
    yield from ("", "## `POST /api/v1/generate`", "", _text(GenerateBody), "", *_fields(GenerateBody, "field"))
    yield from ("", "### `options`", "", _text(RenderOptions), "", *_fields(RenderOptions, "option"))
    yield from ("", "## `GET /api/v1/status/{task_id}`", "", "| field | what |", "|---|---|")
    yield from (f"| `{name}` | {what} |" for name, what in STATUS_FIELDS.items())
    yield from ("", "`…/events` sends the same as server-sent events: `progress` whenever something has changed, then")
    yield "`done`, or `error` for a job that failed or was cancelled."
    yield from ("", "## Refusals", "", "| code | status | when |", "|---|---|---|")
    yield from (f"| `{code}` | {status} | {when} |" for code, (status, when) in REFUSALS.items())


def http_routes() -> list[APIRoute]:
    """Every HTTP route of the server but the page's."""
    return [route for router in ROUTERS for route in router.routes if isinstance(route, APIRoute)]


def _fields(model: type[BaseModel], word: str) -> Iterator[str]:
    yield from (f"| {word} | type | default |", "|---|---|---|")
    for name, field in model.model_fields.items():
        default: Any = field.get_default(call_default_factory=True)
        shown = "" if default in (None, "", PydanticUndefined) or isinstance(default, BaseModel) else f"`{default}`"
        yield f"| `{name}` | {_type(field.annotation)} | {shown.lower() if isinstance(default, bool) else shown} |"


def _type(annotation: Any) -> str:
    """A type for people: `int`, `"mp4", "webm"`."""
    if isinstance(annotation, type) and not get_args(annotation):
        return "object" if issubclass(annotation, BaseModel) else annotation.__name__
    parts = [one for one in get_args(annotation) if one is not type(None)]
    if all(isinstance(one, str) for one in parts):
        return ", ".join(f"`{one}`" for one in parts)
    if getattr(annotation, "__origin__", None) is tuple:
        return "[" + ", ".join(_type(one) for one in parts) + "]"
    return " or ".join(_type(one) for one in parts)


def _text(thing: Any) -> str:
    return " ".join((inspect.getdoc(thing) or "").split("\n\n", 1)[-1 if isinstance(thing, type) else 0].split())
