from __future__ import annotations

from typing import Any

import pytest

from visavis.engines.fake.schema_instance import instance


@pytest.mark.parametrize(
    ("schema", "value"),
    [
        ({"type": "string"}, "hi"),
        ({"type": ["integer", "null"], "minimum": 2, "maximum": 9}, 5),
        ({"type": "number", "minimum": 0, "maximum": 1}, 0.5),
        ({"type": "boolean"}, True),
        ({"type": "null"}, None),
        ({"enum": ["b", "a"]}, "b"),
        ({"const": 7}, 7),
        ({"anyOf": [{"type": "array", "items": {"type": "string"}}]}, ["hi"]),
        ({"type": "object"}, {}),
        ({"properties": {"a": {"$ref": "#/$defs/x"}}, "$defs": {"x": {"type": "integer"}}}, {"a": 0}),
        ({"$ref": "#"}, None),
        ({}, "hi"),
    ],
)
def test_the_plainest_value_that_fits(schema: Any, value: Any) -> None:
    assert instance(schema, "hi") == value
