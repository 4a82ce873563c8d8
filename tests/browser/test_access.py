"""For everyone: keyboard, screen readers, small screens, large text, reduced motion."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Literal

import pytest
from playwright.sync_api import Browser, Page, expect

from bench.server import ServerProcess
from tests.browser.visit import Visit

pytestmark = pytest.mark.browser

AXE = Path(__file__).parents[2] / "web/node_modules/axe-core/axe.min.js"

SIZES = [(360, 640), (820, 1180), (1440, 900), (2560, 1440), (720, 450)]
"""The narrowest phone, tablet, laptop, large screen, and the laptop at 200 % zoom."""


def barriers(page: Page, schemes: Sequence[Literal["light", "dark"]] = ("light", "dark")) -> list[str]:
    """What axe finds against WCAG 2.2 AA."""
    page.evaluate(AXE.read_text(encoding="utf-8"))
    found = []
    for scheme in schemes:
        page.emulate_media(color_scheme=scheme)
        page.wait_for_timeout(500)
        found += [f"{scheme}: {one}" for one in _violations(page)]
    return found


def _violations(page: Page) -> list[str]:
    result: dict[str, Any] = page.evaluate(
        "axe.run(document, {runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']})"
    )
    return [
        f"{one['id']}: {node['target']} {node['failureSummary']}"
        for one in result["violations"]
        for node in one["nodes"]
    ]


def test_no_barriers_that_axe_can_find(browser: Browser, server: ServerProcess) -> None:
    visit = Visit(browser, server.url)
    page = visit.open()
    assert barriers(page) == []
    page.locator(".meet").click()
    visit.write("I want to learn Python")
    visit.wait("view.turns.length > 0")
    visit.show_courses()
    assert barriers(page) == []
    page.get_by_role("button", name="Times and engines").click()
    assert barriers(page) == []
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Conversation").click()
    assert barriers(page) == []
    visit.close()


def test_everything_can_be_reached_and_used_by_keyboard(visit: Visit) -> None:
    page = visit.open()
    reached = []
    for _ in range(10):
        page.keyboard.press("Tab")
        reached.append(
            page.evaluate("document.activeElement.getAttribute('aria-label') ?? document.activeElement.innerText")
        )
    for name in ["Who you talk with", "Conversation", "Times and engines", "Tap to meet Genevieve", "Language"]:
        assert name in reached
    assert any("Write" in one for one in reached)
    assert "Start talking" in reached
    assert visit.view()["met"] is False, "moving about the page is no gesture to speak"
    page.get_by_role("button", name="Tap to meet Genevieve").focus()
    page.keyboard.press("Enter")
    visit.wait("view.met && view.sounding")


def test_space_is_push_to_talk_and_escape_stops(visit: Visit) -> None:
    page = visit.meet()
    visit.wait("view.sounding")
    page.evaluate("document.activeElement.blur()")
    page.keyboard.down("Space")
    visit.wait("view.holding && !view.sounding")
    expect(page.get_by_role("status")).to_have_text("Listening. Let go to send")
    visit.wait("view.microphone === 'on'")
    page.wait_for_timeout(900)
    page.keyboard.up("Space")
    visit.wait("!view.holding")
    sent = page.evaluate("__visavis.sent().map(e => e.value.type)")
    assert sent.count("input_audio_buffer.append") > 20
    assert sent[sent.index("input_audio_buffer.commit") + 1] == "response.create"


def test_space_in_the_text_field_is_a_space(visit: Visit) -> None:
    page = visit.open()
    page.get_by_role("textbox").click()
    page.keyboard.type("a b")
    expect(page.get_by_role("textbox")).to_have_value("a b")
    assert not visit.view()["holding"]


def test_every_size_shows_all_of_it(browser: Browser, server: ServerProcess) -> None:
    visit = Visit(browser, server.url)
    page = visit.open()
    for width, height in SIZES:
        resized(page, width, height)
        small = page.evaluate(
            """[...document.querySelectorAll('button, select, input, a')]
            .filter(e => e.checkVisibility({opacityProperty: true, visibilityProperty: true}))
            .map(e => [e.getAttribute('aria-label') ?? e.innerText, e.getBoundingClientRect()])
            .filter(([, box]) => box.width < 44 || box.height < 44 || box.left < 0 || box.right > innerWidth
                                 || box.bottom > innerHeight)
            .map(([name, box]) => `${name}: ${JSON.stringify(box)}`)"""
        )
        assert small == [], (width, height)
    visit.show_courses()
    for width, height in SIZES:
        resized(page, width, height)
        dock, card = page.locator(".dock-row").bounding_box(), page.locator(".card").first.bounding_box()
        assert dock is not None
        assert card is not None
        beside = card["x"] >= dock["x"] + dock["width"]
        assert beside or card["y"] + card["height"] <= dock["y"], (width, height)
    visit.close()


def resized(page: Page, width: int, height: int) -> None:
    """Makes the window so large, and sees that nothing has to be scrolled to."""
    page.set_viewport_size({"width": width, "height": height})
    page.wait_for_timeout(500)
    fits = "document.documentElement.scrollWidth <= innerWidth && document.documentElement.scrollHeight <= innerHeight"
    assert page.evaluate(fits), (width, height)


def test_reduced_motion_leaves_no_transitions(browser: Browser, server: ServerProcess) -> None:
    visit = Visit(browser, server.url, reduced_motion="reduce")
    page = visit.open()
    moving = page.evaluate("document.getAnimations().length")
    assert moving == 0
    visit.close()
