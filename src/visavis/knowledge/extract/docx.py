"""DOCX: paragraphs by their style, tables by their rows. What is packed is measured before it is unpacked."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Final

from visavis.core.errors import VisavisError
from visavis.knowledge.extract.block import Block, Extract, tidy

if TYPE_CHECKING:
    from docx.table import Table
    from docx.text.paragraph import Paragraph

_UNPACKED: Final = 200_000_000
"""Bytes that all parts of a document may have when unpacked."""
_PARTS: Final = 5_000
_NO_TITLE: Final = "Word Document"
"""What python-docx makes up for a document that has no properties."""


def read_docx(path: Path) -> Extract:
    """The headings, paragraphs, items and tables of a document. Raises VisavisError `knowledge.unreadable`,
    `knowledge.too_large`."""
    _measure(path)
    from docx import Document
    from docx.opc.exceptions import OpcError
    from lxml.etree import LxmlError

    try:
        document = Document(str(path))
        blocks = tuple(_blocks(document.iter_inner_content()))
        title = tidy(document.core_properties.title or "")
        title = "" if title == _NO_TITLE else title
    except (OpcError, LxmlError, KeyError, ValueError, AttributeError, OSError, zipfile.BadZipFile) as error:
        raise VisavisError(
            "knowledge.unreadable", "The document is broken; open it in a word processor and save it anew."
        ) from error
    first = next((tidy(block.text) for block in blocks if block.kind == "heading"), "")
    return Extract(title or first, blocks)


def _measure(path: Path) -> None:
    """Refuses what would unpack to too much. An entry cannot unpack to more than it announces: it is cut there."""
    try:
        with zipfile.ZipFile(path) as archive:
            parts = archive.infolist()
    except (zipfile.BadZipFile, OSError, NotImplementedError) as error:
        raise VisavisError("knowledge.unreadable", "The document is broken; save it anew.") from error
    if len(parts) > _PARTS or sum(part.file_size for part in parts) > _UNPACKED:
        raise VisavisError(
            "knowledge.too_large", f"The document unpacks to more than {_UNPACKED / 1e6:.0f} MB; send a smaller one."
        )


def _blocks(content: Iterator[Paragraph | Table]) -> Iterator[Block]:
    from docx.text.paragraph import Paragraph

    for part in content:
        if isinstance(part, Paragraph):
            yield _paragraph(part)
        else:
            yield _table(part)


def _paragraph(paragraph: Paragraph) -> Block:
    style = paragraph.style
    # A style's name is English in every language's Word; its id is not.
    name = (style.name or "").lower() if style is not None else ""
    if name == "title":
        return Block("heading", paragraph.text, 1)
    if name.startswith("heading "):
        level = name.removeprefix("heading ").strip()
        return Block("heading", paragraph.text, min(int(level), 6) if level.isdecimal() else 2)
    properties = paragraph._p.pPr
    listed = name.startswith("list") or (properties is not None and properties.numPr is not None)
    return Block("item" if listed else "text", paragraph.text)


def _table(table: Table) -> Block:
    rows = []
    for row in table.rows:
        cells: list[str] = []
        for cell in row.cells:
            text = tidy(cell.text)
            if not cells or text != cells[-1]:  # a cell that spans columns comes once a column
                cells.append(text)
        if any(cells):
            rows.append(" | ".join(cells))
    return Block("table", "\n".join(rows))
