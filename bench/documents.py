"""The documents of the knowledge benchmark: where they are, and `python -m bench.documents`, which makes the PDF and
DOCX ones from their HTML sources anew (with Chromium, and with a font that has Chinese).

A source with `<section>`s becomes a PDF with a page for each; one without becomes a DOCX.
"""

from __future__ import annotations

import sys
import zipfile
from html.parser import HTMLParser
from pathlib import Path
from typing import Final
from xml.sax.saxutils import escape

FOLDER: Final = Path(__file__).parent / "data" / "knowledge" / "documents"
SOURCES: Final = FOLDER.parent / "sources"

_PRINT: Final = """
@page { size: A5; margin: 15mm }
body { font: 10.5pt/1.5 "Noto Sans CJK SC", sans-serif } section { break-after: page }
h1 { font-size: 17pt } h2 { font-size: 12.5pt }
table { border-collapse: collapse } td, th { padding: 1mm 3mm; text-align: left }
"""
_STYLES: Final = {"title": "Title", "h1": "heading 1", "h2": "heading 2", "p": "Normal"}
_NAMESPACE: Final = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
_PACKAGE: Final = "http://schemas.openxmlformats.org/package/2006"
_OFFICE: Final = "application/vnd.openxmlformats-officedocument.wordprocessingml"
_RELATION: Final = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_MOMENT: Final = (2026, 11, 21, 0, 0, 0)


class _Paragraphs(HTMLParser):
    """Collects the headings and paragraphs of a simple page, and its language."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, str]] = []
        self.language = "en"
        self._tag = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Begins a paragraph."""
        if tag == "html":
            self.language = dict(attrs).get("lang") or "en"
        if tag in ("h1", "h2", "p"):
            self._tag = tag
            self.found.append((tag, ""))

    def handle_endtag(self, tag: str) -> None:
        """Ends it."""
        if tag == self._tag:
            self._tag = ""

    def handle_data(self, data: str) -> None:
        """Text inside a paragraph is kept, any other is not."""
        if self._tag:
            tag, text = self.found[-1]
            self.found[-1] = (tag, text + data)


def write_docx(html: str, path: Path) -> None:
    """Writes the headings and paragraphs of a page as a Word document that is the same every time."""
    page = _Paragraphs()
    page.feed(html)
    glue = "" if page.language == "zh" else " "
    body = "".join(
        f'<w:p><w:pPr><w:pStyle w:val="{tag}"/></w:pPr><w:r><w:t xml:space="preserve">'
        f"{escape(glue.join(text.split()))}</w:t></w:r></w:p>"
        for tag, text in page.found
    )
    styles = "".join(
        f'<w:style w:type="paragraph" w:styleId="{key}"><w:name w:val="{name}"/></w:style>'
        for key, name in _STYLES.items()
    )
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{_PACKAGE}/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Override PartName="/word/document.xml" ContentType="{_OFFICE}.document.main+xml"/>'
        f'<Override PartName="/word/styles.xml" ContentType="{_OFFICE}.styles+xml"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="{_PACKAGE}/relationships">'
        f'<Relationship Id="r1" Type="{_RELATION}/officeDocument" Target="word/document.xml"/></Relationships>',
        "word/_rels/document.xml.rels": f'<Relationships xmlns="{_PACKAGE}/relationships">'
        f'<Relationship Id="r1" Type="{_RELATION}/styles" Target="styles.xml"/></Relationships>',
        "word/document.xml": f"<w:document {_NAMESPACE}><w:body>{body}</w:body></w:document>",
        "word/styles.xml": f"<w:styles {_NAMESPACE}>{styles}</w:styles>",
    }
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in parts.items():
            content = f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n{text}'
            archive.writestr(zipfile.ZipInfo(name, _MOMENT), content, zipfile.ZIP_DEFLATED)


def main() -> int:
    """Writes all of them."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium")
        page = browser.new_page()
        for source in sorted(SOURCES.glob("*.html")):
            html = source.read_text("utf-8")
            if "<section>" in html:
                page.goto(source.as_uri())
                page.add_style_tag(content=_PRINT)
                page.pdf(path=FOLDER / f"{source.stem}.pdf", prefer_css_page_size=True, tagged=False)
            else:
                write_docx(html, FOLDER / f"{source.stem}.docx")
        browser.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
