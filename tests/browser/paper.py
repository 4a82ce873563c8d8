"""PDF files, printed by Chromium itself."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from playwright.sync_api import Browser


def printed(browser: Browser, title: str, pages: Sequence[tuple[str, str]]) -> bytes:
    """A PDF of A5 pages, each with its heading and its text."""
    body = "".join(f"<section><h1>{escape(heading)}</h1>{_paragraphs(text)}</section>" for heading, text in pages)
    style = "section { break-after: page; font: 13pt/1.5 serif } section:last-child { break-after: auto }"
    page = browser.new_page()
    try:
        page.set_content(
            f"<!doctype html><html lang=en><title>{escape(title)}</title><style>{style}</style>{body}</html>"
        )
        return page.pdf(format="A5", margin={"top": "18mm", "bottom": "18mm", "left": "16mm", "right": "16mm"})
    finally:
        page.close()


def _paragraphs(text: str) -> str:
    return "".join(f"<p>{escape(line)}</p>" for line in text.splitlines())
