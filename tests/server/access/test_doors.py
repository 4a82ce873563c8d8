"""Of a default install no door answers another origin, host or a wrong key: HTTP, WebSocket, WebRTC, uploads."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import httpx
import pytest
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed, InvalidStatus

from tests.server.access.closed import closed, http_doors, socket_doors
from tests.server.serving import serving, settings
from visavis.server.access.doors import is_free
from visavis.settings import ServerSettings

WEBRTC = ("POST", "/v1/realtime/calls")
WRONG = "sk-visavis-" + "x" * 43
PROTOCOL = "openai-insecure-api-key."


def doors() -> list[tuple[str, str]]:
    """Every HTTP door, WebRTC's, and one that is not there."""
    found = {*http_doors(), WEBRTC, ("POST", "/no/such/door")}
    assert len(found) > 20
    return sorted(found)


def free(method: str, path: str) -> bool:
    return is_free({"type": "http", "method": method, "path": path})


def code(answer: httpx.Response) -> str:
    return str(answer.json()["error"]["code"])


async def test_another_origin_another_host_or_a_wrong_key_get_nothing_over_http() -> None:
    cases = [
        ({"origin": "https://evil.example"}, 403, "origin.refused"),
        ({"origin": "null"}, 403, "origin.refused"),
        ({"sec-fetch-site": "cross-site", "sec-fetch-mode": "no-cors"}, 403, "origin.refused"),
        ({"host": "evil.example"}, 421, "host.refused"),
        ({"host": "evil.example", "origin": "http://evil.example"}, 421, "host.refused"),
        ({"authorization": f"Bearer {WRONG}"}, 401, "access.wrong"),
        ({"x-api-key": WRONG}, 401, "access.wrong"),
    ]
    async with serving() as server, httpx.AsyncClient(base_url=server.http) as client:
        for method, path in doors():
            for headers, status, expected in cases:
                if expected == "access.wrong" and free(method, path):
                    continue
                answer = await client.request(method, path, headers=headers)
                assert (answer.status_code, code(answer)) == (status, expected), (method, path, headers)
                assert "access-control-allow-origin" not in answer.headers


async def test_another_sites_page_cannot_read_the_page_itself_or_its_files() -> None:
    async with serving() as server, httpx.AsyncClient(base_url=server.http) as client:
        for path in ("/", "/studio", "/favicon.svg", "/index.html", "/docs", "/openapi.json"):
            for headers in ({"origin": "https://evil.example"}, {"host": "evil.example"}):
                assert (await client.get(path, headers=headers)).status_code in {403, 421}, path
        asked = {"origin": "https://evil.example", "access-control-request-method": "POST"}
        answer = await client.options("/v1/realtime/client_secrets", headers=asked)
        assert (answer.status_code, code(answer)) == (403, "origin.refused")


async def test_no_key_or_a_wrong_one_opens_nothing_of_a_closed_server(tmp_path: Path) -> None:
    async with closed(tmp_path) as one, one.client() as client:
        for method, path in doors():
            if free(method, path):
                continue
            answer = await client.request(method, path)
            assert (answer.status_code, code(answer)) == (401, "access.missing"), (method, path)
            assert answer.headers["www-authenticate"] == "Bearer"
            for headers in ({"authorization": "Bearer none"}, {"x-api-key": WRONG}, {"x-shared-secret": "x"}):
                answer = await client.request(method, path, headers=headers)
                assert answer.status_code in {401, 429}, (method, path)
        right = {"authorization": f"Bearer {one.key}"}
        assert (await client.get("/v1/personas", headers=right)).status_code == 200
        assert (await client.post("/no/such/door", headers=right)).status_code in {404, 405}


@pytest.mark.parametrize("kind", ["image", "audio", "video"])
async def test_uploads_of_strangers_are_not_even_received(tmp_path: Path, kind: str) -> None:
    async with closed(tmp_path) as one, one.client() as client:
        incoming = one.server.app.state.house.settings.studio.folder
        for headers in ({}, {"x-api-key": WRONG}, {"origin": "https://evil.example", "x-api-key": one.key}):
            files = {"file": ("file", b"x" * 100_000)}
            answer = await client.post(f"/api/v1/upload/{kind}", files=files, headers=headers)
            assert answer.status_code in {401, 403}
        assert not [path for path in incoming.rglob("*") if path.is_file() and path.stat().st_size == 100_000]


async def test_strangers_open_no_websocket(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    async with closed(tmp_path) as one:
        here: dict[str, Any] = {"host": "127.0.0.1", "port": one.server.port, "proxy": None}
        paths = socket_doors()
        assert "/v1/realtime" in paths
        for path in [*paths, "/no/such/door"]:
            for name, headers, status in (
                ("localhost", {}, 401),
                ("localhost", {"Authorization": f"Bearer {WRONG}"}, 401),
                ("localhost", {"Sec-WebSocket-Protocol": f"realtime, {PROTOCOL}{WRONG}"}, 401),
                ("evil.example", {"Authorization": f"Bearer {one.key}"}, 421),
            ):
                with pytest.raises(InvalidStatus) as caught:
                    async with connect(f"ws://{name}{path}", additional_headers=headers, **here):
                        pass
                assert caught.value.response.status_code == status, (path, headers)
    assert not [one for one in caplog.records if one.levelname == "ERROR"], "who is turned away fills no log"


async def test_a_browsers_websocket_is_told_why_and_closed(tmp_path: Path) -> None:
    async with closed(tmp_path) as one:
        for origin, headers, expected in (
            ("https://evil.example", {"Authorization": f"Bearer {one.key}"}, "origin.refused"),
            (one.server.http, {}, "access.missing"),
            (one.server.http, {"Cookie": "visavis_access=ek_stale"}, "access.missing"),
        ):
            async with connect(
                one.server.ws,
                origin=origin,  # type: ignore[arg-type]
                additional_headers=headers,
                proxy=None,
            ) as socket:
                assert json.loads(await socket.recv())["error"]["code"] == expected
                with pytest.raises(ConnectionClosed):
                    await socket.recv()
                assert (socket.close_code, socket.close_reason) == (1008, expected)


async def test_a_right_key_opens_a_websocket_in_each_of_its_places(tmp_path: Path) -> None:
    async with closed(tmp_path) as one:
        for headers in ({"Authorization": f"Bearer {one.key}"}, {"x-api-key": one.key}):
            async with connect(one.server.ws, additional_headers=headers, proxy=None) as socket:
                assert json.loads(await socket.recv())["type"] == "session.created"
        protocols = ["realtime", f"{PROTOCOL}{one.key}"]
        async with connect(one.server.ws, subprotocols=protocols, proxy=None) as socket:  # type: ignore[arg-type]
            assert socket.subprotocol == "realtime"
            assert json.loads(await socket.recv())["type"] == "session.created"


async def test_listed_origins_may_read_what_they_ask_for_and_no_others() -> None:
    friend = "https://friend.example"
    made = settings(server=ServerSettings(port=0, origins=(friend,)))
    async with serving(made) as server, httpx.AsyncClient(base_url=server.http) as client:
        asked = {
            "origin": friend,
            "access-control-request-method": "POST",
            "access-control-request-headers": "x-api-key",
        }
        answer = await client.options("/v1/realtime/client_secrets", headers=asked)
        assert answer.status_code == 200
        assert answer.headers["access-control-allow-origin"] == friend
        assert "x-api-key" in answer.headers["access-control-allow-headers"]
        assert "access-control-allow-credentials" not in answer.headers
        answer = await client.get("/v1/personas", headers={"origin": friend})
        assert (answer.status_code, answer.headers["access-control-allow-origin"]) == (200, friend)
        answer = await client.get("/v1/personas", headers={"origin": friend, "x-api-key": WRONG})
        assert (answer.status_code, answer.headers["access-control-allow-origin"]) == (401, friend)
        answer = await client.get("/v1/personas", headers={"origin": "https://friend.example.evil"})
        assert answer.status_code == 403


async def test_every_answer_carries_the_security_headers(tmp_path: Path) -> None:
    async with closed(tmp_path) as one, one.client() as client:
        right = {"authorization": f"Bearer {one.key}"}
        for path in ("/", "/healthz", "/v1/personas", "/docs", "/no/such/door", "/outputs/x.mp4"):
            for headers in ({}, right, {"host": "evil.example"}):
                answer = await client.get(path, headers=headers)
                assert answer.headers["x-content-type-options"] == "nosniff", path
                assert answer.headers["x-frame-options"] == "DENY", path
                assert answer.headers["referrer-policy"] == "no-referrer", path
                assert answer.headers["content-security-policy"].startswith("default-src 'none'"), path
                assert answer.headers["cross-origin-resource-policy"] == "same-origin", path
                assert "server" not in answer.headers
        assert (await client.get("/v1/personas", headers=right)).headers["cache-control"] == "no-store"


async def test_strangers_learn_nothing_from_the_probes(tmp_path: Path) -> None:
    async with closed(tmp_path) as one, one.client() as client:
        assert (await client.get("/healthz")).json()["status"] == "ok"
        assert (await client.get("/readyz")).json() == {"status": "ready", "detail": "", "components": []}
        known = (await client.get("/readyz", headers={"x-api-key": one.key})).json()
        assert len(known["components"]) > 3


async def test_too_much_at_once_is_refused_with_when_to_come_back(tmp_path: Path) -> None:
    async with closed(tmp_path, talks=2, rate="8/minute") as one, one.client() as client:
        right = {"Authorization": f"Bearer {one.key}"}
        async with (
            connect(one.server.ws, additional_headers=right, proxy=None),
            connect(one.server.ws, additional_headers=right, proxy=None),
        ):
            with pytest.raises(InvalidStatus) as caught:
                async with connect(one.server.ws, additional_headers=right, proxy=None):
                    pass
            refused = caught.value.response
            assert refused.status_code == 429
            assert refused.body is not None
            assert json.loads(refused.body)["error"]["code"] == "rate.busy"
            assert int(refused.headers["retry-after"]) >= 1
        answers = [await client.get("/v1/personas", headers=right) for _ in range(7)]
        assert {answer.status_code for answer in answers} == {200, 429}
        assert code(answers[-1]) == "rate.limited"


async def test_a_removed_key_ends_at_once(tmp_path: Path) -> None:
    async with closed(tmp_path) as one, one.client(headers={"x-api-key": one.key}) as client:
        assert (await client.get("/v1/personas")).status_code == 200
        one.keys.remove("Ada")
        one.server.app.state.rule.keys.reread()
        assert (await client.get("/v1/personas")).status_code == 401
