"""One person's visit to the page, and what the page tells about itself."""

from __future__ import annotations

import time
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Browser, ConsoleMessage, Page, Request, expect

PATIENCE = 30_000
"""Milliseconds to wait for what takes a moment on a busy machine."""


class Visit:
    """A fresh browser profile on one server."""

    def __init__(self, browser: Browser, url: str, *, lively: bool = False, **options: Any) -> None:
        """Where `lively`, the face is moved and drawn as often as for anybody, else once in two seconds: pictures take
        most of a processor, where there is no graphics card. `options` are Playwright's."""
        self.url = url
        self.query = "?debug=1" if lively else "?debug=1&gap=2000"
        self.complaints: list[str] = []
        """Console errors, page errors, refusals by the content policy, requests to other hosts."""
        options = {"viewport": {"width": 1280, "height": 800}, "locale": "en-US", **options}
        self.context = browser.new_context(**options)
        self.context.set_default_timeout(PATIENCE)
        self.context.grant_permissions(["microphone"], origin=url)
        self.page = self.context.new_page()
        self.page.on("console", self._console)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("request", self._request)

    def enliven(self) -> None:
        """From now on the face is moved and drawn as often as for anybody."""
        self.page.evaluate("history.replaceState(null, '', '?debug=1')")

    def open(self) -> Page:
        """Opens the page and waits for the invitation."""
        self.page.goto(self.url + self.query)
        self.page.locator(".meet").wait_for()
        return self.page

    def meet(self) -> Page:
        """Opens the page and makes the first gesture."""
        page = self.open()
        page.locator(".meet").click()
        return page

    def write(self, text: str) -> None:
        """Types a message and sends it."""
        self.page.get_by_role("textbox").fill(text)
        self.page.keyboard.press("Enter")

    def show_courses(self) -> None:
        """Puts three courses on the table, as the server would."""
        course = {"level": "beginner", "level_label": "Beginner", "hours": 18, "topic": "python", "blurb": "Python."}
        titles = ["Python from Zero", "Data Science Foundations with Python", "Machine Learning, Gently"]
        why = "Starts at the very beginning and ends with your first notebook of real data."
        courses = [{**course, "id": title, "title": title, "why": why, "url": "/courses"} for title in titles]
        self.page.evaluate("event => __visavis.receive(event)", {"type": "visavis.recommendations", "courses": courses})
        expect(self.page.locator(".card").first).to_be_visible()

    def view(self) -> dict[str, Any]:
        """What the page shows, as data."""
        view: dict[str, Any] = self.page.evaluate("__visavis.view()")
        return view

    def wait(self, expression: str, timeout: float = PATIENCE) -> None:
        """Waits until a JavaScript expression, over `view` on the live page, is true. Playwright's own waiting
        evaluates in the page, which its policy forbids."""
        deadline = time.monotonic() + timeout / 1000
        while not self.page.evaluate(f"(() => {{ const view = window.__visavis?.view(); return {expression}; }})()"):
            assert time.monotonic() < deadline, f"never came true: {expression}"
            self.page.wait_for_timeout(50)

    def close(self) -> None:
        """Ends the visit."""
        self.context.close()

    def _console(self, message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"} and "GPU stall due to ReadPixels" not in message.text:
            self.complaints.append(f"{message.text} ({message.location.get('url', '')})")

    def _request(self, request: Request) -> None:
        address = urlsplit(request.url)
        if address.scheme not in {"blob", "data"} and address.netloc != urlsplit(self.url).netloc:
            self.complaints.append(f"request to {request.url}")
