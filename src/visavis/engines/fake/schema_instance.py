"""The plainest value that a JSON schema allows: what the fake model says when it is held to one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

_DEEPEST: Final = 24


def instance(schema: Mapping[str, Any], text: str) -> Any:
    """A value that fits `schema`: `text` for strings, the middle of a range for numbers, one item in a list.

    Knows types, `properties`, `items`, `enum`, `const`, `anyOf`, `oneOf`, `allOf` and `$ref` within the schema.
    """
    return _made(schema, schema, text, 0)


def _made(node: Any, root: Mapping[str, Any], text: str, depth: int) -> Any:
    if not isinstance(node, Mapping) or depth > _DEEPEST:
        return None
    for word in ("const", "enum", "anyOf", "oneOf", "allOf"):
        if node.get(word):
            chosen = node[word] if word == "const" else node[word][0]
            return chosen if word in {"const", "enum"} else _made(chosen, root, text, depth + 1)
    if "$ref" in node:
        return _made(_referred(root, str(node["$ref"])), root, text, depth + 1)
    kind = node.get("type", "object" if "properties" in node else "string")
    kind = str(kind[0] if isinstance(kind, list) and kind else kind)
    if kind in {"object", "array"}:
        members = {name: _made(one, root, text, depth + 1) for name, one in node.get("properties", {}).items()}
        return members if kind == "object" else [_made(node.get("items", {}), root, text, depth + 1)]
    low = node.get("minimum", 0)
    middle = (low + node.get("maximum", low)) / 2
    return {"boolean": True, "null": None, "integer": int(middle), "number": middle}.get(kind, text)


def _referred(root: Mapping[str, Any], reference: str) -> Any:
    node: Any = root
    for part in reference.removeprefix("#").strip("/").split("/"):
        node = node.get(part) if isinstance(node, Mapping) and part else node
    return node
