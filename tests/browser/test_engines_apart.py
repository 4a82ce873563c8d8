"""A part of the server dies: the page says which, what one can do, and that it is over."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from bench.server import ServerProcess
from tests.browser.visit import Visit

pytestmark = pytest.mark.browser


@pytest.fixture
def service(tmp_path: Path) -> Iterator[ServerProcess]:
    one = ServerProcess(tmp_path / "stt.log", only="stt", VISAVIS_ENGINES="fake")
    one.start()
    yield one
    one.stop()


def test_a_dead_service_is_said_and_forgotten_when_it_is_back(browser: Browser, service: ServerProcess) -> None:
    server = ServerProcess(VISAVIS_ENGINES="fake", VISAVIS_STT_URL=service.url)
    server.start()
    try:
        visit = Visit(browser, server.url, locale="es-ES")
        page = visit.meet()
        expect(page.get_by_role("alert")).to_be_empty()
        service.kill()
        alert = page.get_by_role("alert")
        expect(alert).to_contain_text("no puede oírte")
        alert.get_by_role("button", name="Escribir").click()
        expect(page.get_by_role("textbox")).to_be_focused()
        visit.write("Quiero aprender Python")
        visit.wait("view.turns.length >= 1")
        expect(alert).to_contain_text("no puede oírte")
        service.start()
        expect(alert).to_be_empty()
        assert visit.complaints == []
        visit.close()
    finally:
        server.stop()
