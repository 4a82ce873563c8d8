"""Which voices there are to choose from."""

from __future__ import annotations

import httpx

from tests.server.serving import serving


async def test_the_voices_of_the_engine_are_listed() -> None:
    async with serving() as served, httpx.AsyncClient(base_url=served.http) as client:
        answer = (await client.get("/v1/voices")).json()
    assert answer == {"object": "list", "data": [{"id": "tone"}]}
