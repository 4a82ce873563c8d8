"""No log tells a key."""

from __future__ import annotations

import asyncio
from pathlib import Path

import httpx
from websockets.asyncio.client import connect
from websockets.exceptions import InvalidStatus

from bench.server import serving
from visavis.server.access.credentials import COOKIE
from visavis.server.access.keys import KeyStore

WRONG = "sk-visavis-" + "x" * 43
SECRET = "a phrase that two people share"


async def knock(url: str, key: str) -> list[str]:
    """Shows keys in every way there is; returns all that a log must not tell."""
    async with httpx.AsyncClient(base_url=url, timeout=30) as client:
        for shown in (key, WRONG, SECRET, SECRET + "?"):
            await client.get("v1/personas", headers={"authorization": f"Bearer {shown}"})
            await client.get("v1/personas", headers={"x-api-key": shown})
            await client.post("api/v1/access", json={"key": shown})
            await client.post("api/v1/access", json={"wrong": shown})
        cookie = client.cookies[COOKIE]
        token = (await client.post("v1/realtime/client_secrets")).json()["value"]
    address = url.replace("http", "ws") + "v1/realtime"
    for shown in (key, token, WRONG):
        try:
            protocols = ["realtime", f"openai-insecure-api-key.{shown}"]
            async with connect(address, subprotocols=protocols, proxy=None) as socket:  # type: ignore[arg-type]
                await socket.recv()
        except InvalidStatus:
            assert shown == WRONG
    return [key, WRONG, SECRET, cookie, token]


def test_no_key_and_no_token_is_ever_logged(tmp_path: Path) -> None:
    _, key = KeyStore(tmp_path / "keys.json").add("Ada")
    log = tmp_path / "log"
    environment = {
        "VISAVIS_ENGINES": "fake",
        "VISAVIS_ACCESS": "key",
        "VISAVIS_KEYS": str(tmp_path / "keys.json"),
        "SHARED_SECRET": SECRET,
        "VISAVIS_LOG_LEVEL": "debug",
        "VISAVIS_LOG_PII": "true",
    }
    with serving(log, **environment) as server:
        hidden = asyncio.run(knock(server.url, key))
    written = log.read_text("utf-8")
    assert "session.started" in written
    for text in hidden:
        assert text not in written
