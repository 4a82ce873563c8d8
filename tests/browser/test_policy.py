"""The pages run under their content security policy, and what the policy forbids does not run."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.visit import Visit

pytestmark = pytest.mark.browser

WATCH = "addEventListener('securitypolicyviolation', (event) => (window.violated ??= []).push(event.violatedDirective))"


def violated(page: Page) -> list[str]:
    found: list[str] = page.evaluate("window.violated ?? []")
    return found


def test_every_page_runs_under_its_policy(visit: Visit) -> None:
    visit.context.add_init_script(WATCH)
    page = visit.open()
    page.locator(".meet").click()
    visit.write("I want to learn Python")
    visit.wait("view.turns.length > 0 && view.phase === 'idle'")
    assert violated(page) == []
    for path in ("studio", "dashboard", "docs"):
        answer = page.goto(visit.url + path)
        assert answer is not None
        assert answer.status == 200
        assert "default-src 'none'" in answer.headers["content-security-policy"]
        assert "frame-ancestors 'none'" in answer.headers["content-security-policy"]
        expect(page.locator("h1, h2").first).to_be_visible()
        page.wait_for_load_state("networkidle")
        assert violated(page) == [], path


def test_what_the_policy_forbids_does_not_run(visit: Visit) -> None:
    visit.context.add_init_script(WATCH)
    page = visit.open()
    page.evaluate(
        """() => {
            const script = document.createElement("script");
            script.textContent = "window.ran = true";
            document.body.append(script);
            const picture = document.createElement("img");
            picture.src = "http://127.0.0.1:9/x.png";
            document.body.append(picture);
        }"""
    )
    visit.wait("(window.violated ?? []).length >= 2")
    assert page.evaluate("window.ran") is None
    assert {one.removesuffix("-elem") for one in violated(page)} == {"script-src", "img-src"}
    visit.complaints.clear()


def test_no_other_page_can_frame_it(visit: Visit) -> None:
    page = visit.page
    page.goto("about:blank")
    page.set_content(f'<iframe src="{visit.url}"></iframe>')
    page.wait_for_timeout(500)
    assert "root" not in (page.frames[1].content() if len(page.frames) > 1 else "")
    visit.complaints.clear()
