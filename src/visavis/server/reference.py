"""The reference pages of `docs/`, written from the code they describe."""

from __future__ import annotations

import dataclasses
import inspect
import json
import typing
from collections.abc import Iterator
from typing import Any, get_args

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from visavis.core.errors import VisavisError
from visavis.core.turn import TurnTimings
from visavis.engines.registry import KINDS, Registry
from visavis.server import client_events
from visavis.server.access.reference import access_page
from visavis.server.http_reference import http_page
from visavis.server.knowledge_reference import knowledge_page
from visavis.server.openai.reference import openai_page
from visavis.server.webrtc.reference import WEBRTC
from visavis.server.wire_reference import OURS, STANDARD
from visavis.settings import Settings

_NOTE = "<!-- Written by scripts/generate_docs.py from the code; change the code, not this page. -->"


def pages(registry: Registry) -> dict[str, str]:
    """Every generated page by its file name in `docs/`."""
    return {
        "settings.md": "\n".join(_settings()) + "\n",
        "engines.md": "\n".join(_engines(registry)) + "\n",
        "protocol.md": "\n".join(_protocol()) + "\n",
        "http.md": http_page(_NOTE),
        "openai.md": openai_page(_NOTE),
        "access.md": access_page(_NOTE),
        "knowledge.md": knowledge_page(_NOTE),
    }


def _settings() -> Iterator[str]:
    yield from ("# Settings", "", _NOTE, "")
    yield "All settings are environment variables; a file `.env` beside the server is read too. None is needed."
    for name, group in Settings.model_fields.items():
        model = group.annotation
        if isinstance(model, type) and issubclass(model, BaseModel):
            yield from ("", f"## {name.capitalize()}", "", _first_line(model), "")
            yield from _table(model.model_fields)
    yield from ("", "## General", "")
    yield from _table({name: one for name, one in Settings.model_fields.items() if one.validation_alias})


def _table(fields: dict[str, FieldInfo]) -> Iterator[str]:
    yield "| variable | default | what |"
    yield "|---|---|---|"
    for one in fields.values():
        names = " or ".join(f"`{choice}`" for choice in typing.cast("Any", one.validation_alias).choices)
        yield f"| {names} | {_shown(one.default)} | {one.description} |"


def _shown(value: Any) -> str:
    if value in ("", None, (), {}):
        return ""
    if isinstance(value, bool):
        return f"`{str(value).lower()}`"
    return f"`{value}`"


def _first_line(thing: Any) -> str:
    return (inspect.getdoc(thing) or "").split("\n\n")[0].replace("\n", " ")


def _engines(registry: Registry) -> Iterator[str]:
    yield from ("# Engines", "", _NOTE, "")
    yield "Every engine is found through the entry points `visavis.<kind>`; yours is made the same way. Options go into"
    yield '`VISAVIS_ENGINE_OPTIONS`, a JSON object by kind: `{"llm": {"context": 4096}}`.'
    for kind in KINDS:
        yield from ("", f"## {kind}")
        for name in registry.names(kind):
            try:
                info = registry.info(kind, name)
            except VisavisError:
                continue
            yield from ("", f"### {kind} `{name}`", "", f"{info.summary} Licence of the model: {info.licence}.")
            if info.models:
                yield from ("", "Models: " + ", ".join(f"`{model}`" for model in info.models) + ".")
            if info.options is not None:
                yield from ("", _first_line(info.options), "", "| option | default |", "|---|---|")
                for option, field in info.options.model_fields.items():
                    yield f"| `{option}` | {_shown(field.get_default(call_default_factory=True))} |"


def _protocol() -> Iterator[str]:
    yield from ("# The protocol of `/v1/realtime`", "", _NOTE, "")
    yield "OpenAI's Realtime protocol (GA event names) over WebSocket, plus events named `visavis.…` for a face."
    yield "One that knows only OpenAI's loses nothing. `?model=` names a persona; `?session=` and `&token=`"
    yield "take a dropped conversation up again. Audio is PCM16 at 24 kHz unless the session wants another form."
    yield from ("", "## Over WebRTC", "", WEBRTC)
    yield from ("", "## From the client", "", "| event | fields | what |", "|---|---|---|")
    for model in _client_models():
        kind = get_args(model.model_fields["type"].annotation)[0]
        fields = ", ".join(f"`{name}`" for name in model.model_fields if name not in {"type", "event_id"})
        yield f"| `{kind}` | {fields} | {_first_line(model)} |"
    yield from ("", "## From the server: standard", "", "| event | when |", "|---|---|")
    yield from (f"| `{name}` | {when} |" for name, when in STANDARD.items())
    yield from ("", "## From the server: ours", "")
    for name, (when, example) in OURS.items():
        yield from (f"### `{name}`", "", when, "", "```json", json.dumps({"type": name, **example}, ensure_ascii=False))
        yield from ("```", "")
    yield from ("## Times of a turn", "", (inspect.getdoc(TurnTimings) or ""), "")
    yield "Fields: " + ", ".join(f"`{field.name}`" for field in dataclasses.fields(TurnTimings)) + "."


def _client_models() -> Iterator[type[client_events.ClientEvent]]:
    union = get_args(client_events.AnyClientEvent)[0]
    yield from get_args(union)
