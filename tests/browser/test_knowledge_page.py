"""Documents on the page: added, listed, tried, removed; citations as cards, and where they lead."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from bench.server import ServerProcess
from tests.browser.paper import printed
from tests.browser.test_access import barriers
from tests.browser.visit import Visit

pytestmark = pytest.mark.browser

SLOW = 120_000
"""Milliseconds for the first document: the database and the index are opened for it."""

SIZES = ((390, 844), (1440, 900))
"""A phone and a laptop, in pixels."""

MANUAL = (
    ("Welcome", "This is the manual of the Heron lamp."),
    ("Assembly", "Screw the arm into the foot.\nNo tools are needed."),
    ("Warranty", "The Heron lamp has a warranty of five years.\nKeep the receipt."),
)


@pytest.fixture(scope="module")
def knowing_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServerProcess]:
    folder = tmp_path_factory.mktemp("knowledge")
    reply = '{"llm": {"replies": ["The Heron lamp has a warranty of five years [1]."]}}'
    one = ServerProcess(
        VISAVIS_ENGINES="fake", VISAVIS_PERSONA="open", VISAVIS_ENGINE_OPTIONS=reply, VISAVIS_KNOWLEDGE=str(folder)
    )
    try:
        one.start()
        yield one
    finally:
        one.stop()


def documents(visit: Visit) -> Page:
    visit.page.goto(visit.url + "knowledge?collection=open")
    expect(visit.page.get_by_role("heading", level=1)).to_have_text("What they know")
    return visit.page


def add(page: Page, name: str, kind: str, data: bytes) -> None:
    page.locator("#add-files").set_input_files({"name": name, "mimeType": kind, "buffer": data})


def test_from_an_added_file_to_the_page_that_says_it(browser: Browser, knowing_server: ServerProcess) -> None:
    visit = Visit(browser, knowing_server.url, color_scheme="dark")
    page = documents(visit)
    add(page, "heron.pdf", "application/pdf", printed(browser, "Heron lamp manual", MANUAL))
    row = page.locator(".document[data-state=ready]")
    expect(row).to_contain_text("3 pages", timeout=SLOW)
    assert barriers(page, ["light"]) == []
    page.get_by_role("searchbox", name="Your question").fill("warranty of the Heron lamp")
    page.keyboard.press("Enter")
    found = page.locator(".found", has_text="Page 3")
    expect(found).to_contain_text("warranty of five years")
    found.get_by_role("button").click()
    viewer = page.get_by_role("dialog")
    expect(viewer).to_contain_text("Page 3 of 3")
    expect(viewer.locator(".source-page[data-drawn=there]")).to_be_visible()
    assert viewer.get_by_role("img").evaluate("image => image.naturalWidth") > 300
    assert barriers(page, ["light"]) == []
    viewer.get_by_role("button", name="Page before").click()
    expect(viewer).to_contain_text("Page 2 of 3")
    page.keyboard.press("Escape")
    expect(viewer).to_be_hidden()
    row.get_by_role("button", name="Remove").click()
    row.get_by_role("button", name="Remove it").click()
    expect(page.locator(".document")).to_have_count(0)
    visit.close()
    assert visit.complaints == []


def test_a_citation_card_opens_the_marked_passage(browser: Browser, knowing_server: ServerProcess) -> None:
    visit = Visit(browser, knowing_server.url)
    page = documents(visit)
    add(page, "lamp.md", "text/markdown", b"# Warranty\n\nThe Heron lamp has a warranty of five years.\n")
    expect(page.locator(".document[data-state=ready]")).to_have_count(1, timeout=SLOW)
    page = visit.meet()
    visit.write("What is the warranty of the Heron lamp?")
    card = page.locator(".citation")
    expect(card).to_have_count(1)
    expect(card).to_contain_text("The Heron lamp has a warranty of five years.")
    visit.wait("view.turns.length >= 1 && view.phase === 'idle' && !view.sounding")
    assert visit.view()["said"][-1]["text"] == "The Heron lamp has a warranty of five years."
    assert barriers(page, ["light"]) == []
    card.get_by_role("button").click()
    viewer = page.get_by_role("dialog")
    expect(viewer.locator("mark")).to_contain_text("The Heron lamp has a warranty of five years.")
    page.keyboard.press("Escape")
    page.get_by_role("region", name="Where this comes from").get_by_role("button", name="Close").click()
    expect(card).to_be_hidden()
    page.get_by_role("button", name="Show where this comes from").click()
    expect(card).to_be_visible()
    visit.write("Who painted the ceiling of the chapel?")
    visit.wait('view.said.at(-1).text.includes("can\'t find that")')
    expect(card).to_be_hidden()
    visit.close()
    assert visit.complaints == []


def test_a_file_that_is_no_document_is_refused_with_a_sentence(browser: Browser, knowing_server: ServerProcess) -> None:
    visit = Visit(browser, knowing_server.url)
    page = documents(visit)
    add(page, "picture.pdf", "application/pdf", b"\x89PNG\r\n\x1a\n" + bytes(200))
    refused = page.locator(".document[data-state=failed]")
    expect(refused).to_have_count(1)
    assert (refused.locator(".refused").inner_text()).endswith(".")
    visit.close()
    visit.complaints[:] = [one for one in visit.complaints if "status of 4" not in one]
    assert visit.complaints == []


@pytest.mark.parametrize(("locale", "heading"), [("en-US", "Where this comes from"), ("zh-CN", "资料来源")])
def test_cards_and_documents_fit(browser: Browser, knowing_server: ServerProcess, locale: str, heading: str) -> None:
    visit = Visit(browser, knowing_server.url, locale=locale)
    page = visit.open()
    text = "The Heron lamp has a warranty of five years. " * 6
    place = {"document": "d", "collection": "open", "title": "Heron lamp manual", "heading": "Safety › Warranty"}
    cited: list[dict[str, Any]] = [
        {**place, "number": n, "passage": f"p{n}", "page": n, "text": text, "start": 0, "end": 9, "score": 0.5}
        for n in (1, 2, 3)
    ]
    page.evaluate(
        "event => __visavis.receive(event)",
        {"type": "visavis.citations", "response_id": "r", "item_id": "i", "citations": cited},
    )
    expect(page.get_by_role("region", name=heading)).to_be_visible()
    fits = "document.documentElement.scrollWidth <= innerWidth"
    for width, height in SIZES:
        page.set_viewport_size({"width": width, "height": height})
        page.wait_for_timeout(500)
        assert page.evaluate(fits), width
        dock, card = page.locator(".dock-row").bounding_box(), page.locator(".citation").first.bounding_box()
        assert dock is not None
        assert card is not None
        assert card["x"] >= dock["x"] + dock["width"] or card["y"] + card["height"] <= dock["y"], width
    page.goto(visit.url + "knowledge?collection=open")
    page.locator(".add-files").wait_for()
    for width, height in SIZES:
        page.set_viewport_size({"width": width, "height": height})
        page.wait_for_timeout(300)
        assert page.evaluate(fits), width
    visit.close()
    assert visit.complaints == []
