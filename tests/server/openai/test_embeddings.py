from __future__ import annotations

import base64
from typing import Any

import httpx
import numpy as np
import pytest


def embedded(api: httpx.Client, **body: Any) -> Any:
    reply = api.post("/embeddings", json={"model": "any", **body})
    assert reply.status_code == 200, reply.text
    return reply.json()


def test_numbers_and_base64_are_the_same_unit_vectors(api: httpx.Client) -> None:
    texts = [f"text number {number}" for number in range(20)]
    plain = embedded(api, input=texts)
    packed = embedded(api, input=texts, encoding_format="base64")
    rows = np.array([row["embedding"] for row in plain["data"]], np.float32)
    assert [row["index"] for row in plain["data"]] == list(range(20))
    assert np.linalg.norm(rows, axis=1) == pytest.approx(np.ones(20), abs=1e-5)
    read = np.array([np.frombuffer(base64.b64decode(row["embedding"]), "<f4") for row in packed["data"]])
    assert np.array_equal(rows, read)
    assert plain["usage"]["total_tokens"] == sum(map(len, texts))
    assert plain["object"] == "list" and plain["model"]


def test_one_text_fewer_dimensions_and_the_kind_of_text(api: httpx.Client) -> None:
    whole = np.array(embedded(api, input="hello")["data"][0]["embedding"])
    short = np.array(embedded(api, input="hello", dimensions=8)["data"][0]["embedding"])
    assert short == pytest.approx(whole[:8] / np.linalg.norm(whole[:8]), abs=1e-5)
    assert len(embedded(api, input="hello", input_type="passage")["data"][0]["embedding"]) == len(whole)
    assert len(embedded(api, input=[""])["data"]) == 1


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({}, 422, "request.invalid"),
        ({"input": []}, 400, "embeddings.empty"),
        ({"input": [1, 2, 3]}, 400, "embeddings.tokens"),
        ({"input": [[1, 2], [3]]}, 400, "embeddings.tokens"),
        ({"input": ["x"] * 41}, 400, "embeddings.too_many"),
        ({"input": "x", "dimensions": 100_000}, 400, "embeddings.dimensions"),
        ({"input": "x", "encoding_format": "hex"}, 422, "request.invalid"),
    ],
)
def test_refusals(api: httpx.Client, body: Any, status: int, code: str) -> None:
    reply = api.post("/embeddings", json=body)
    assert (reply.status_code, reply.json()["error"]["code"]) == (status, code)
