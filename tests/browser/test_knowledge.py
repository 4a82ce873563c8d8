"""Ask about a document by voice: real models, a real browser, a microphone that speaks, a PDF that was just added."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import FilePayload, expect

from bench.server import SHARING, ServerProcess
from bench.speech import spoken
from tests.browser import lips
from tests.browser.chromium import aside, chromium, speaking
from tests.browser.conftest import FLAGS
from tests.browser.paper import printed
from tests.browser.test_talk_to_genevieve import LONG, recording, transcribed
from tests.browser.visit import Visit
from visavis.weights.store import WeightStore

pytestmark = [pytest.mark.browser, pytest.mark.real, pytest.mark.timeout(600)]

PAGES = (
    ("The Heron reading lamp", "Thank you for choosing the Heron. This manual tells you how to set it up and use it."),
    (
        "Setting it up",
        "Screw the arm into the foot and plug in the power supply.\nThe lamp draws twelve watts and needs no tools.",
    ),
    (
        "Warranty and repair",
        "The Heron lamp has a warranty of seven years from the day you bought it.\n"
        "Send a broken lamp to the workshop in Bergen; repair takes about ten days.",
    ),
    ("Care", "Dust the shade with a dry cloth.\nNever use alcohol on the brass parts."),
)
QUESTION = "How many years is the warranty of the Heron lamp?"


@pytest.fixture(scope="module")
def real_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServerProcess]:
    folder = tmp_path_factory.mktemp("knowledge")
    one = ServerProcess(None, VISAVIS_ENGINES="", VISAVIS_PERSONA="open", VISAVIS_KNOWLEDGE=str(folder), **SHARING)
    try:
        one.start()
        yield one
    finally:
        one.stop()


def test_a_pdf_is_asked_about_by_voice_and_its_page_is_shown(real_server: ServerProcess, tmp_path: Path) -> None:
    store = WeightStore()
    (speech,) = aside(spoken, store, tmp_path, [(QUESTION, "en", "am_michael")])
    microphone = recording(tmp_path / "microphone.wav", speech)
    with chromium((*speaking(microphone), *FLAGS)) as browser:
        visit = Visit(browser, real_server.url)
        page = visit.page
        page.goto(real_server.url + "knowledge?collection=open")
        manual = printed(browser, "Heron reading lamp", PAGES)
        file: FilePayload = {"name": "heron-lamp.pdf", "mimeType": "application/pdf", "buffer": manual}
        page.locator("#add-files").set_input_files(file)
        expect(page.locator(".document[data-state=ready]")).to_contain_text("4 pages", timeout=LONG)

        visit.meet()
        visit.wait("view.said.length > 0 && !view.sounding && view.phase === 'idle'", LONG)
        page.locator(".microphone").click()
        visit.wait("view.citations.length > 0", LONG)
        visit.wait("view.sounding", LONG)
        page.wait_for_timeout(1000)
        _look(visit, "cited")
        visit.wait("!view.sounding && view.phase === 'idle'", LONG)
        answer, sound = visit.view()["said"][-1]["text"], lips.heard(page)[-1]

        page.locator(".citation").first.get_by_role("button").click()
        viewer = page.get_by_role("dialog")
        expect(viewer).to_contain_text("Page 3 of 4")
        expect(viewer.locator(".source-page[data-drawn=there]")).to_be_visible()
        marked = viewer.get_by_role("img").evaluate(_MARKED)
        _look(visit, "page")
        visit.close()
    assert visit.complaints == []
    heard = transcribed(store, sound.samples, "en").lower()
    print(f"answer {answer!r}, heard {heard!r}, {marked:.4f} of the page is marked")
    assert "seven" in answer.lower() or "7" in answer
    assert "seven" in heard or "7" in heard
    assert "[" not in answer
    assert 0.001 < marked < 0.3


def _look(visit: Visit, name: str) -> None:
    if folder := os.environ.get("VISAVIS_SCREENSHOTS"):
        visit.page.screenshot(path=f"{folder}/knowledge-{name}.png")


_MARKED = """image => {
  const canvas = new OffscreenCanvas(image.naturalWidth, image.naturalHeight);
  const context = canvas.getContext('2d');
  context.drawImage(image, 0, 0);
  const { data } = context.getImageData(0, 0, canvas.width, canvas.height);
  let coloured = 0;
  for (let i = 0; i < data.length; i += 4) {
    const low = Math.min(data[i], data[i + 1], data[i + 2]);
    coloured += Math.max(data[i], data[i + 1], data[i + 2]) - low > 40;
  }
  return coloured / (data.length / 4);
}"""
"""The share of a picture's pixels that have a colour: black print on white has none, a marked passage has."""
