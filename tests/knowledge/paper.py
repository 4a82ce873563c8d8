"""Documents for the tests, made when they are needed: PDF lines at their places, DOCX by python-docx."""

from __future__ import annotations

import ctypes
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import pypdfium2
from docx import Document
from pypdfium2 import raw

WIDTH, HEIGHT = 595.0, 842.0
"""A4 in points."""


@dataclass(frozen=True)
class Line:
    """A line of a page: `top` counts down from the upper edge, in points."""

    text: str
    top: float
    size: float = 11.0
    left: float = 72.0
    font: str = "Helvetica"


def pdf(pages: Sequence[Sequence[Line]], path: Path, title: str = "") -> Path:
    """Writes a PDF with text; returns where."""
    document = pypdfium2.PdfDocument.new()
    for lines in pages:
        page = document.new_page(WIDTH, HEIGHT)
        for line in lines:
            font = raw.FPDFText_LoadStandardFont(document, line.font.encode())
            text = raw.FPDFPageObj_CreateTextObj(document, font, line.size)
            wide = ctypes.create_string_buffer((line.text + "\0").encode("utf-16-le"))
            raw.FPDFText_SetText(text, ctypes.cast(wide, raw.FPDF_WIDESTRING))
            raw.FPDFPageObj_Transform(text, 1, 0, 0, 1, line.left, HEIGHT - line.top)
            raw.FPDFPage_InsertObject(page, text)
        page.gen_content()
        page.close()
    data = io.BytesIO()
    document.save(data)
    document.close()
    path.write_bytes(data.getvalue())
    return path


def paragraph(lines: Iterable[str], top: float, *, size: float = 11.0, lead: float = 1.25) -> list[Line]:
    """Lines below each other."""
    return [Line(text, top + index * size * lead, size) for index, text in enumerate(lines)]


def docx(parts: Sequence[tuple[str, str]], path: Path, rows: Sequence[Sequence[str]] = ()) -> Path:
    """Writes a DOCX of (style, text) and perhaps a table; returns where."""
    document = Document()
    for style, text in parts:
        document.add_paragraph(text, style=style)
    if rows:
        table = document.add_table(rows=len(rows), cols=len(rows[0]))
        for row, cells in zip(table.rows, rows, strict=True):
            for cell, text in zip(row.cells, cells, strict=True):
                cell.text = text
    document.save(str(path))
    return path
