"""Being remembered, as a person meets it: asked once, known again, shown everything, and forgotten on request."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from urllib.request import Request, urlopen

import pytest
from playwright.sync_api import Browser, Page, expect

from bench.server import ServerProcess
from tests.browser.test_access import barriers
from tests.browser.visit import Visit

pytestmark = pytest.mark.browser

QUESTION = "May this server remember your conversations?"
SECRET = "localStorage.getItem('visavis.person')"


class Remembering:
    """A server that may remember people, and the folder where it does."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        own = {"VISAVIS_MEMORY": "true", "VISAVIS_MEMORY_FOLDER": str(folder)}
        self.process = ServerProcess(None, VISAVIS_ENGINES="fake", **own)

    def holds(self, text: str) -> bool:
        """Whether any of its files holds these words."""
        return any(text.encode() in path.read_bytes() for path in self.folder.iterdir())


@pytest.fixture(scope="module")
def remembering(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Remembering]:
    one = Remembering(tmp_path_factory.mktemp("memory"))
    try:
        one.process.start()
        asked = Request(f"{one.process.url}api/v1/memory", headers={"x-visavis-person": "x" * 43})
        urlopen(asked, timeout=240).close()  # answers when the memory is open
        yield one
    finally:
        one.process.stop()


def say(visit: Visit, text: str) -> None:
    """Types this and waits until it is answered."""
    before = len(visit.view()["turns"])
    visit.write(text)
    visit.wait("view.said.some(one => one.role === 'user')")
    visit.wait(f"view.turns.length > {before} && view.said.at(-1).role === 'assistant' && view.said.at(-1).done")


def come_back(visit: Visit) -> Page:
    """Loads the page again, as a person who returns does."""
    with visit.page.expect_response("**/api/v1/memory"):
        visit.page.reload()
    visit.page.locator(".meet").wait_for()
    return visit.page


def drawer(page: Page) -> None:
    """Opens the drawer that tells what is remembered."""
    page.get_by_role("button", name="Times and engines").click()
    expect(page.get_by_role("heading", name="Memory")).to_be_visible()


def test_agree_come_back_be_remembered_and_be_forgotten(
    browser: Browser, remembering: Remembering, tmp_path: Path
) -> None:
    said = "I want to learn Python"
    visit = Visit(browser, remembering.process.url)
    page = visit.open()
    question = page.get_by_role("heading", name=QUESTION)
    expect(question).to_be_visible()
    assert barriers(page, ["light"]) == []
    page.get_by_role("button", name="Yes, remember me").click()
    expect(question).to_be_hidden()
    page.locator(".meet").click()
    say(visit, said)

    page = come_back(visit)
    visit.wait("view.said.length >= 2")
    assert said in [one["text"] for one in visit.view()["said"]]
    assert question.count() == 0, "it is asked once"
    page.locator(".meet").click()
    visit.wait("view.said.some(one => one.text.startsWith('Welcome back'))")
    drawer(page)
    kept = page.locator(".kept").filter(has_text=said)
    kept.locator("summary").click()
    expect(kept.locator(".said p").filter(has_text=said)).to_be_visible()
    expect(page.get_by_role("dialog")).to_contain_text("Genevieve knows: python", ignore_case=True)
    assert barriers(page, ["light"]) == []
    with page.expect_download() as saved:
        page.get_by_role("button", name="Save as a file").click()
    saved.value.save_as(tmp_path / "memory.json")
    [genevieve] = json.loads((tmp_path / "memory.json").read_text("utf-8"))["personas"]
    assert said in [one["text"] for talk in genevieve["conversations"] for one in talk["messages"]]
    assert remembering.holds(said)
    kept.get_by_role("button", name="Delete this conversation").click()
    expect(kept).to_have_count(0)
    assert not remembering.holds(said)
    page.get_by_role("button", name="Stop remembering me").click()
    visit.wait(f"{SECRET} === null")
    expect(page.locator(".kept")).to_have_count(0)

    page = come_back(visit)
    assert visit.view()["said"] == []
    assert question.count() == 0, "who was asked and stopped it is not asked again"
    visit.close()
    assert visit.complaints == []


def test_who_says_no_is_not_asked_again_and_nothing_is_kept(browser: Browser, remembering: Remembering) -> None:
    said = "I want to learn how to cook"
    visit = Visit(
        browser,
        remembering.process.url,
        locale="es-ES",
        color_scheme="dark",
        viewport={"width": 360, "height": 640},
    )
    page = visit.open()
    expect(page.locator(".remember")).to_contain_text("recordar")
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    page.get_by_role("button", name="No", exact=True).click()
    expect(page.locator(".remember")).to_have_count(0)
    page.locator(".meet").click()
    say(visit, said)
    page = come_back(visit)
    assert page.locator(".remember").count() == 0
    assert visit.view()["said"] == []
    assert page.evaluate(SECRET) is None
    assert not remembering.holds(said)
    visit.close()
    assert visit.complaints == []
