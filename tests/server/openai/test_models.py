from __future__ import annotations

import httpx


def test_personas_and_models_are_listed_and_found(api: httpx.Client) -> None:
    listed = api.get("/models").json()
    kinds = {model["id"]: model["kind"] for model in listed["data"]}
    assert kinds["genevieve"] == kinds["open"] == "persona"
    assert kinds["fake"] in {"llm", "stt", "embedder"}
    for model in listed["data"]:
        assert api.get(f"/models/{model['id']}").json() == model
    missing = api.get("/models/meta/llama")
    assert (missing.status_code, missing.json()["error"]["code"]) == (404, "model.unknown")
