"""The page's headers."""

from __future__ import annotations

from pathlib import Path

import httpx
from fastapi import FastAPI

from visavis.server import static


def visitor(folder: Path) -> httpx.AsyncClient:
    app = FastAPI()
    static.install(app, folder)
    return httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://visavis")


async def test_html_comes_with_the_policy_and_files_are_not_sniffed(tmp_path: Path) -> None:
    (tmp_path / "index.html").write_text("<!doctype html><title>visavis</title>")
    (tmp_path / "page.js").write_text("export {}")
    async with visitor(tmp_path) as client:
        paths = ("/", "/studio", "/dashboard", "/index.html", "/page.js")
        *pages, script = [await client.get(path) for path in paths]
    for html in pages:
        assert html.status_code == 200
        assert html.headers["content-security-policy"] == static.POLICY
    assert "content-security-policy" not in script.headers
    for answer in (*pages, script):
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["referrer-policy"] == "no-referrer"


def test_the_policy_lets_nothing_run_that_is_not_the_servers_own() -> None:
    rules = dict(part.strip().split(" ", 1) for part in static.POLICY.split(";"))
    assert rules["default-src"] == "'none'"
    assert rules["script-src"] == rules["style-src"] == rules["connect-src"] == "'self'"


async def test_a_page_that_is_not_built_says_how(tmp_path: Path) -> None:
    async with visitor(tmp_path) as client:
        answer = await client.get("/")
    assert answer.status_code == 503
    assert "make web" in answer.text
    assert answer.headers["content-security-policy"].startswith("default-src 'none'")
