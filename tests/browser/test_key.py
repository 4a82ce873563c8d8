"""A server that wants a key: the page asks for it once, in three languages, and then works as ever."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from bench.server import ServerProcess
from tests.browser.test_access import barriers
from tests.browser.visit import Visit
from visavis.server.access.keys import KeyStore

pytestmark = pytest.mark.browser

TITLES = {"en-US": "This server wants a key", "zh-CN": "此服务器需要密钥", "es-ES": "Este servidor pide una clave"}


class Guarded:
    """A server that wants a key, and Ada's."""

    def __init__(self, folder: Path) -> None:
        self.keys = KeyStore(folder / "keys.json")
        _, self.key = self.keys.add("Ada")
        own = {"VISAVIS_ACCESS": "key", "VISAVIS_KEYS": str(self.keys.path)}
        self.process = ServerProcess(None, VISAVIS_ENGINES="fake", **own)


@pytest.fixture(scope="module")
def guarded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Guarded]:
    one = Guarded(tmp_path_factory.mktemp("guarded"))
    one.process.start()
    yield one
    one.process.stop()


def hand_in(page: Page, key: str) -> None:
    page.locator("input#key").fill(key)
    page.keyboard.press("Enter")


def quiet(visit: Visit) -> list[str]:
    """What the page complained of, but for the refusals that a wrong key brings."""
    return [one for one in visit.complaints if "401" not in one]


def test_the_key_is_asked_for_once_and_then_she_talks(browser: Browser, guarded: Guarded) -> None:
    visit = Visit(browser, guarded.process.url)
    page = visit.page
    page.goto(visit.url + visit.query)
    expect(page.get_by_role("heading")).to_have_text(TITLES["en-US"])
    hand_in(page, "wrong")
    expect(page.get_by_role("alert")).to_contain_text("not valid")
    hand_in(page, guarded.key)
    page.locator(".meet").wait_for()
    assert guarded.key not in page.evaluate("JSON.stringify([document.cookie, {...localStorage}, {...sessionStorage}])")
    visit.open()
    page.locator(".meet").click()
    visit.write("I want to learn Python")
    visit.wait("view.turns.length > 0")
    page.goto(visit.url + "studio")
    expect(page.locator("main")).to_be_visible()
    expect(page.locator("input#key")).to_have_count(0)
    assert quiet(visit) == []
    visit.close()


@pytest.mark.parametrize("locale", TITLES)
def test_it_is_asked_in_the_persons_language_and_without_barriers(
    browser: Browser, guarded: Guarded, locale: str
) -> None:
    visit = Visit(browser, guarded.process.url, locale=locale)
    page = visit.page
    page.goto(visit.url)
    expect(page.get_by_role("heading")).to_have_text(TITLES[locale])
    assert barriers(page) == []
    page.set_viewport_size({"width": 390, "height": 844})
    assert barriers(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert quiet(visit) == []
    visit.close()


def test_when_the_key_is_taken_back_the_page_asks_again(browser: Browser, guarded: Guarded) -> None:
    key, text = guarded.keys.add("Bob")
    visit = Visit(browser, guarded.process.url)
    page = visit.page
    page.goto(visit.url + visit.query)
    hand_in(page, text)
    page.locator(".meet").wait_for()
    guarded.keys.remove(key.id)
    page.wait_for_timeout(1200)
    page.evaluate("__visavis.dropLine()")
    visit.wait("view.connection === 'waiting'")
    page.get_by_role("alert").get_by_role("button").click()
    expect(page.get_by_role("heading")).to_have_text(TITLES["en-US"])
    visit.close()
