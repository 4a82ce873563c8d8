"""Tokens for browsers, by OpenAI's own client."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import httpx
import pytest
from openai import AsyncOpenAI, AuthenticationError, PermissionDeniedError
from websockets.asyncio.client import connect

from tests.server.access.closed import Closed, closed
from tests.server.serving import serving


def sdk(one: Closed, key: str) -> AsyncOpenAI:
    return AsyncOpenAI(api_key=key, base_url=f"{one.server.http}/v1", max_retries=0)


async def test_the_stock_client_makes_a_token_and_talks_with_it(tmp_path: Path) -> None:
    async with closed(tmp_path) as one, sdk(one, one.key) as host:
        session: Any = {"type": "realtime", "model": "open", "output_modalities": ["text"]}
        secret = await host.realtime.client_secrets.create(
            expires_after={"anchor": "created_at", "seconds": 60}, session=session
        )
        assert secret.value.startswith("ek_")
        assert 50 < secret.expires_at - time.time() <= 60
        assert secret.session.type == "realtime"
        async with sdk(one, secret.value) as browser:
            async with browser.realtime.connect(model="genevieve") as connection:
                created = await connection.recv()
                assert created.type == "session.created"
                assert created.session.type == "realtime"
                assert created.session.model == "open", "what the token fixes stands"
                assert created.session.output_modalities == ["text"]
            with pytest.raises(PermissionDeniedError):
                await browser.realtime.client_secrets.create()
        async with sdk(one, "wrong") as stranger:
            with pytest.raises(AuthenticationError):
                await stranger.realtime.client_secrets.create()


async def test_a_browser_shows_it_in_the_subprotocol(tmp_path: Path) -> None:
    async with closed(tmp_path) as one, one.client(headers={"x-api-key": one.key}) as client:
        answer = await client.post("/v1/realtime/client_secrets", json={"session": {"type": "realtime"}})
        protocols: Any = ["realtime", f"openai-insecure-api-key.{answer.json()['value']}", "openai-beta.realtime-v1"]
        async with connect(one.server.ws, subprotocols=protocols, proxy=None) as socket:
            assert socket.subprotocol == "realtime"
            assert "session.created" in str(await socket.recv())


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"expires_after": {"seconds": 5}}, 422),
        ({"expires_after": {"seconds": 7201}}, 422),
        ({"session": {"type": "transcription"}}, 422),
        ({"session": {"audio": {"input": {"transcription": {"prompt": "x" * 3000}}}}}, 413),
    ],
)
async def test_what_no_token_is_made_of(body: dict[str, Any], status: int) -> None:
    async with serving() as server, httpx.AsyncClient(base_url=server.http) as client:
        assert (await client.post("/v1/realtime/client_secrets", json=body)).status_code == status
