"""The page's way in: a key is handed in once, a cookie is kept."""

from __future__ import annotations

from pathlib import Path

import httpx
import pytest
from websockets.asyncio.client import connect

from tests.server.access.closed import closed
from tests.server.serving import serving
from visavis.server.access.credentials import COOKIE


async def test_a_key_becomes_a_cookie_that_scripts_cannot_read(tmp_path: Path) -> None:
    async with closed(tmp_path) as one, one.client() as client:
        assert (await client.get("/api/v1/access")).json() == {"needed": True, "granted": False}
        answer = await client.post("/api/v1/access", json={"key": f" {one.key} "})
        assert answer.json() == {"needed": True, "granted": True}
        cookie = answer.headers["set-cookie"]
        assert all(word in cookie for word in ("HttpOnly", "SameSite=strict", "Path=/", "Max-Age="))
        assert "Secure" not in cookie
        assert one.key not in cookie
        assert (await client.get("/api/v1/access")).json() == {"needed": True, "granted": True}
        assert (await client.get("/v1/personas")).status_code == 200
        headers = {"Cookie": f"{COOKIE}={client.cookies[COOKIE]}"}
        async with connect(one.server.ws, additional_headers=headers, origin=one.server.http, proxy=None) as socket:  # type: ignore[arg-type]
            assert "session.created" in str(await socket.recv())
        await client.delete("/api/v1/access")
        assert (await client.get("/v1/personas")).status_code == 401


async def test_behind_https_the_cookie_is_for_https_only(tmp_path: Path) -> None:
    async with closed(tmp_path) as one, one.client(headers={"x-forwarded-proto": "https"}) as client:
        answer = await client.post("/api/v1/access", json={"key": one.key})
        assert "Secure" in answer.headers["set-cookie"]


@pytest.mark.parametrize(
    ("key", "code"), [("wrong", "access.wrong"), ("sk-visavis-x", "access.wrong"), ("ek_x", "access.expired")]
)
async def test_a_wrong_key_leaves_no_cookie(tmp_path: Path, key: str, code: str) -> None:
    async with closed(tmp_path) as one, one.client() as client:
        answer = await client.post("/api/v1/access", json={"key": key})
        assert (answer.status_code, answer.json()["error"]["code"]) == (401, code)
        assert "set-cookie" not in answer.headers


async def test_a_token_for_conversations_is_no_key(tmp_path: Path) -> None:
    async with closed(tmp_path) as one, one.client() as client:
        right = {"x-api-key": one.key}
        token = (await client.post("/v1/realtime/client_secrets", headers=right)).json()["value"]
        answer = await client.post("/api/v1/access", json={"key": token})
        assert (answer.status_code, answer.json()["error"]["code"]) == (403, "access.reach")


async def test_guessing_at_the_door_ends_soon(tmp_path: Path) -> None:
    async with closed(tmp_path, secret="a shared phrase", guesses="3/hour") as one, one.client() as client:
        codes = [(await client.post("/api/v1/access", json={"key": f"guess {n}"})).status_code for n in range(5)]
        assert codes == [401, 401, 401, 429, 429]
        assert (await client.post("/api/v1/access", json={"key": "a shared phrase"})).status_code == 429
        assert (await client.post("/api/v1/access", json={"key": one.key})).status_code == 200


async def test_the_cookie_ends_with_its_key(tmp_path: Path) -> None:
    async with closed(tmp_path) as one, one.client() as client:
        await client.post("/api/v1/access", json={"key": one.key})
        one.keys.remove("Ada")
        one.server.app.state.rule.keys.reread()
        assert (await client.get("/api/v1/access")).json() == {"needed": True, "granted": False}


async def test_an_open_server_asks_for_nothing() -> None:
    async with serving() as server, httpx.AsyncClient(base_url=server.http) as client:
        assert (await client.get("/api/v1/access")).json() == {"needed": False, "granted": True}
