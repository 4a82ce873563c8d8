"""Schemas that strangers send: small and shallow enough for a grammar to be made of them."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any, Final

from visavis.core.errors import VisavisError

_LARGEST: Final = 32_768
"""Bytes of a schema as JSON."""
_DEEPEST: Final = 24
"""Levels of objects and lists."""
_LONGEST_PATTERN: Final = 200
_MOST_REPEATS: Final = 500
_COUNTS: Final = frozenset({"minItems", "maxItems", "minLength", "maxLength", "minProperties", "maxProperties"})


def checked(schema: Mapping[str, Any]) -> Mapping[str, Any]:
    """The schema itself. Raises VisavisError `chat.schema` when it is too large, nests too deeply, repeats too often,
    or refers to another document."""
    try:
        size = len(json.dumps(schema, allow_nan=False).encode())
    except (ValueError, RecursionError) as error:
        raise _refusal("is no JSON") from error
    if size > _LARGEST:
        raise _refusal(f"is longer than {_LARGEST:,} bytes")
    for depth, key, value in _walk(schema, 1):
        if depth > _DEEPEST:
            raise _refusal(f"nests more than {_DEEPEST} levels")
        if key == "pattern" and isinstance(value, str) and len(value) > _LONGEST_PATTERN:
            raise _refusal(f"has a pattern of more than {_LONGEST_PATTERN} characters")
        if key in _COUNTS and isinstance(value, int | float) and value > _MOST_REPEATS:
            raise _refusal(f"asks for more than {_MOST_REPEATS} in `{key}`")
        if key == "$ref" and isinstance(value, str) and not value.startswith("#"):
            raise _refusal("refers to another document")
    return schema


def _walk(node: Any, depth: int) -> Iterator[tuple[int, str, Any]]:
    """Every member with its depth and key, stopped below what is too deep anyway."""
    if depth > _DEEPEST + 1:
        return
    members = node.items() if isinstance(node, Mapping) else (("", one) for one in node)
    for key, value in members:
        if isinstance(value, Mapping | list):
            yield depth + 1, str(key), value
            yield from _walk(value, depth + 1)
        else:
            yield depth, str(key), value


def _refusal(what: str) -> VisavisError:
    return VisavisError("chat.schema", f"A JSON schema in the request {what}; send a simpler one.")
