"""The doors of the documents, on a real server with fake engines."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.knowledge.desks import LIBRARY, POOL
from tests.knowledge.paper import Line, pdf
from tests.server.serving import serving, settings
from visavis.server.knowledge_reference import REFUSALS
from visavis.server.problems import status_of
from visavis.settings import KnowledgeSettings

DOOR = "/api/v1/knowledge"


@pytest.fixture
async def client(tmp_path: Path) -> AsyncIterator[httpx.AsyncClient]:
    made = settings(knowledge=KnowledgeSettings(folder=tmp_path / "kept", max_bytes=200_000))
    async with serving(made) as served, httpx.AsyncClient(base_url=served.http, timeout=60) as client:
        yield client


async def added(client: httpx.AsyncClient, name: str, data: bytes, collection: str = "city") -> dict[str, Any]:
    """The document once it is indexed."""
    answer = await client.post(f"{DOOR}/{collection}", files={"file": (name, data)})
    assert answer.status_code == 202, answer.text
    document: dict[str, Any] = answer.json()
    async with asyncio.timeout(60):
        while document["status"] == "indexing":
            assert 0 <= document["progress"] <= 1
            await asyncio.sleep(0.05)
            document = (await client.get(f"{DOOR}/{collection}/{document['id']}")).json()
    return document


async def test_from_upload_to_answer_to_removal(client: httpx.AsyncClient, tmp_path: Path) -> None:
    assert (await client.get(DOOR)).json() == {"collections": []}
    assert (await client.get(f"{DOOR}/city")).json() == {"documents": []}
    assert not (tmp_path / "kept").exists()  # nothing is opened for those who only look
    pool = await added(client, "pool.md", POOL.encode())
    assert (pool["title"], pool["name"], pool["media_type"], pool["language"]) == (
        "City pool", "pool.md", "text/markdown", "en",
    )  # fmt: skip
    assert (pool["status"], pool["progress"], pool["passages"], pool["pages"], pool["error"]) == (
        "ready",
        1,
        2,
        None,
        None,
    )
    await added(client, "../biblioteca.txt", LIBRARY.encode())
    assert (await client.get(DOOR)).json() == {"collections": [{"name": "city", "documents": 2, "passages": 3}]}
    assert [one["name"] for one in (await client.get(f"{DOOR}/city")).json()["documents"]] == [
        "biblioteca.txt",
        "pool.md",
    ]

    found = await client.get(f"{DOOR}/city/search", params={"q": "How much do children pay?", "limit": 2})
    [best, *others] = found.json()["passages"]
    assert len(others) <= 1 and 0 <= best["score"] <= 1
    assert (best["document"], best["title"], best["heading"]) == (pool["id"], "City pool", "Prices")
    text = await client.get(f"{DOOR}/city/{pool['id']}/text")
    assert text.text[best["start"] : best["end"]] == best["text"]
    file = await client.get(f"{DOOR}/city/{pool['id']}/file")
    assert file.content == POOL.encode()
    for answer in (text, file):
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert "sandbox" in answer.headers["content-security-policy"]
    assert file.headers["content-disposition"].startswith("attachment")

    assert (await client.delete(f"{DOOR}/city/{pool['id']}")).status_code == 200
    for path in ("", "/file", "/text", "/pages/1.png"):
        gone = await client.get(f"{DOOR}/city/{pool['id']}{path}")
        assert (gone.status_code, gone.json()["error"]["code"]) == (404, "knowledge.unknown")
    assert (await client.delete(f"{DOOR}/city/{pool['id']}")).status_code == 404
    assert not list((tmp_path / "kept/incoming").iterdir())


async def test_a_page_with_the_passage_on_it(client: httpx.AsyncClient, tmp_path: Path) -> None:
    data = pdf([[Line("Trams run all night.", 90)], [Line("Dogs travel free.", 90)]], tmp_path / "a.pdf").read_bytes()
    trams = await added(client, "trams.pdf", data)
    assert (trams["pages"], trams["media_type"]) == (2, "application/pdf")
    [best, *_] = (await client.get(f"{DOOR}/city/search", params={"q": "do dogs travel free"})).json()["passages"]
    page = f"{DOOR}/city/{trams['id']}/pages"
    marked = await client.get(f"{page}/{best['page']}.png", params={"passage": best["id"]})
    plain = await client.get(f"{page}/{best['page']}.png")
    assert marked.headers["content-type"] == "image/png" and marked.content != plain.content
    assert (await client.get(f"{page}/3.png")).json()["error"]["code"] == "knowledge.unknown"
    assert (await client.get(f"{page}/0.png")).status_code == 422


async def test_what_fails_says_why(client: httpx.AsyncClient) -> None:
    broken = await added(client, "broken.pdf", b"%PDF-1.7\nnothing")
    assert (broken["status"], broken["error"]["code"], broken["passages"]) == ("failed", "knowledge.unreadable", 0)
    for name, data, status, code in (
        ("a.txt", b"\x89PNG\r\n\x1a\n", 415, "knowledge.type"),
        ("a.txt", b"", 400, "knowledge.empty"),
        ("a.txt", b"x" * 200_001, 413, "knowledge.too_large"),
    ):
        refused = await client.post(f"{DOOR}/city", files={"file": (name, data)})
        assert (refused.status_code, refused.json()["error"]["code"]) == (status, code)
    for path in ("City", "a%20b", "-x", "a" * 65):
        refused = await client.get(f"{DOOR}/{path}")
        assert (refused.status_code, refused.json()["error"]["code"]) == (400, "knowledge.collection")
    other = await client.post(
        f"{DOOR}/city", files={"file": ("a.md", b"# x")}, headers={"origin": "http://evil.example"}
    )
    assert other.status_code == 403


async def test_a_restart_goes_on_and_finds_again(tmp_path: Path) -> None:
    made = settings(knowledge=KnowledgeSettings(folder=tmp_path / "kept"))
    async with serving(made) as served, httpx.AsyncClient(base_url=served.http, timeout=60) as client:
        answer = await client.post(f"{DOOR}/city", files={"file": ("pool.md", POOL.encode())})
        assert answer.status_code == 202  # the server stops while it is being indexed, or just after
    async with serving(made) as served, httpx.AsyncClient(base_url=served.http, timeout=60) as client:
        assert (await added(client, "pool.md", POOL.encode()))["id"] == answer.json()["id"]
        assert served.app.state.house.knowledge.knows(["city"])
        [passage, *_] = await served.app.state.house.knowledge.retrieve("When does the pool open on Mondays?", ["city"])
        assert passage.title == "City pool"


def test_every_refusal_has_the_status_that_it_is_said_to_have() -> None:
    assert {code: status_of(code) for code in REFUSALS} == {code: status for code, (status, _) in REFUSALS.items()}
