from __future__ import annotations

from typing import Any

import pytest

from visavis.core.errors import VisavisError
from visavis.server.openai.json_schema import checked


def deep(levels: int) -> Any:
    schema: Any = {"type": "string"}
    for _ in range(levels):
        schema = {"type": "array", "items": schema}
    return schema


@pytest.mark.parametrize(
    "schema",
    [
        {"type": "object", "properties": {"a": {"$ref": "#/$defs/b"}}, "$defs": {"b": {"type": "string"}}},
        {"type": "array", "maxItems": 20, "items": {"type": "string", "pattern": "^[a-z]+$"}},
        deep(20),
    ],
)
def test_usual_schemas_pass(schema: Any) -> None:
    assert checked(schema) is schema


@pytest.mark.parametrize(
    ("schema", "reason"),
    [
        (deep(30), "nests"),
        (deep(5000), "nests|no JSON"),
        ({"enum": ["x" * 40_000]}, "longer"),
        ({"properties": {"a": {"pattern": "(" * 300}}}, "pattern"),
        ({"anyOf": [{"type": "string", "maxLength": 10**9}]}, "more than 500"),
        ({"$ref": "https://example.org/schema.json"}, "another document"),
        ({"const": float("nan")}, "no JSON"),
        ({"const": "\ud800"}, None),
    ],
)
def test_schemas_that_cost_too_much_are_refused(schema: Any, reason: str | None) -> None:
    if reason is None:
        assert checked(schema) is schema  # an escape in JSON
        return
    with pytest.raises(VisavisError, match=reason) as caught:
        checked(schema)
    assert caught.value.code == "chat.schema"
