"""Which reader reads which kind of document."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from importlib import import_module
from pathlib import Path
from typing import Final

from visavis.core.errors import VisavisError
from visavis.knowledge.extract.block import Extract, cleaned, tidy
from visavis.knowledge.media_type import DOCX, HTML, MARKDOWN, PDF, TEXT

_OF_BYTES: Final = {
    HTML: ("visavis.knowledge.extract.html", "read_html"),
    MARKDOWN: ("visavis.knowledge.extract.markdown", "read_markdown"),
    TEXT: ("visavis.knowledge.extract.plain", "read_plain"),
}
_LONGEST_TITLE: Final = 200


def read(path: Path, media_type: str, pages: int, characters: int) -> Extract:
    """What a document says. Raises VisavisError `knowledge.unreadable`, `knowledge.too_large`, `knowledge.empty`."""
    if media_type == PDF:
        from visavis.knowledge.extract.pdf import read_pdf

        extract = read_pdf(path, pages)
    elif media_type == DOCX:
        from visavis.knowledge.extract.docx import read_docx

        extract = read_docx(path)
    else:
        module, name = _OF_BYTES[media_type]
        reader: Callable[[bytes], Extract] = getattr(import_module(module), name)
        extract = reader(path.read_bytes())
    blocks = tuple(cleaned(extract.blocks, characters))
    if not any(character.isalnum() for block in blocks for character in block.text):
        scanned = " It may be made of scanned pictures: have their text recognised first." if media_type == PDF else ""
        raise VisavisError("knowledge.empty", f"There is no text in the document.{scanned}")
    return replace(extract, blocks=blocks, title=tidy(extract.title)[:_LONGEST_TITLE])
