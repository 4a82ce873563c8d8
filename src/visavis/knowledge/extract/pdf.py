"""PDF: lines as PDFium finds them, joined to paragraphs; headings by their size; running heads and feet left out."""

from __future__ import annotations

import ctypes
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Final

import pypdfium2
from pypdfium2 import raw

from visavis.core.errors import VisavisError
from visavis.knowledge.extract.block import Block, BlockKind, Extract, tidy
from visavis.knowledge.extract.plain import joined

_LARGER: Final = 1.13
"""How much larger than the text a heading is."""
_LONGEST_HEADING: Final = 120
_BOLD: Final = 600
"""Weight of a font from which it is bold."""
_BOLD_NAME: Final = re.compile(rb"bold|black|heavy", re.IGNORECASE)
_GAP: Final = 0.75
"""Space between two lines, in line heights, that parts paragraphs."""
_SHORT: Final = 0.8
"""A line that ends before so much of the width, and with a full stop, ends its paragraph."""
_EDGE: Final = 0.08
"""Share of the written height, above and below, in which running heads and feet stand."""
_REPEATED: Final = 0.6
"""Share of the pages on which such a line must stand."""
_ITEM: Final = re.compile(r"\s*(?:[-–*•·‣▪●]|\(?\d{1,3}[.)、]|[a-z]\))\s+\S")
_FULL_STOP: Final = tuple('.!?:。！？：”"')
_NO_TITLE: Final = re.compile(r"\.\w{2,4}$|^(?:untitled|microsoft word|document\d*$|sin título|未命名)", re.IGNORECASE)
_HYPHENS: Final = (0x02, 0xFFFE, 0xAD)


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a page, in points from the lower left corner; `size` is the height of its letters with their lead."""

    text: str
    page: int
    left: float
    right: float
    bottom: float
    top: float
    size: float
    bold: bool
    hyphened: bool

    @property
    def middle(self) -> float:
        """Where it stands on the page."""
        return (self.bottom + self.top) / 2


def open_pdf(path: Path) -> pypdfium2.PdfDocument:
    """The document. Raises VisavisError `knowledge.unreadable`."""
    try:
        return pypdfium2.PdfDocument(path)
    except pypdfium2.PdfiumError as error:
        if raw.FPDF_GetLastError() == raw.FPDF_ERR_PASSWORD or "password" in str(error).lower():
            message = "The PDF is protected by a password; remove it and send it again."
        else:
            message = "The PDF is broken; open it in a viewer, print it to a new file and send that."
        raise VisavisError("knowledge.unreadable", message) from error


def read_pdf(path: Path, most_pages: int) -> Extract:
    """The headings and paragraphs of a PDF that holds text. Raises VisavisError `knowledge.unreadable`,
    `knowledge.too_large`."""
    document = open_pdf(path)
    count = len(document)
    if count > most_pages:
        raise VisavisError(
            "knowledge.too_large", f"The PDF has {count} pages; split it into documents of at most {most_pages}."
        )
    lines = [line for number in range(count) for line in _page_lines(document, number)]
    blocks = tuple(_blocks(_without_edges(lines, count)))
    title = tidy(document.get_metadata_dict().get("Title", ""))
    if not title or _NO_TITLE.search(title):
        title = next((tidy(block.text) for block in blocks if block.kind == "heading"), "")
    return Extract(title, blocks, count)


def _page_lines(document: pypdfium2.PdfDocument, number: int) -> Iterator[Line]:
    try:
        page = document[number]
        text = page.get_textpage()
    except pypdfium2.PdfiumError:
        return  # one broken page leaves the others
    held: list[tuple[int, int]] = []
    try:
        for index in range(text.count_chars()):
            code = raw.FPDFText_GetUnicode(text, index)
            if code in (10, 13):
                if held:
                    yield _line(text, held, number + 1)
                held = []
            elif code:
                held.append((index, code))
        if held:
            yield _line(text, held, number + 1)
    finally:
        text.close()
        page.close()


def _line(text: pypdfium2.PdfTextPage, characters: Sequence[tuple[int, int]], page: int) -> Line:
    hyphened = characters[-1][1] in _HYPHENS
    letters = [(index, code) for index, code in characters if code not in _HYPHENS]
    inked = [index for index, code in letters if not chr(min(code, 0x10FFFF)).isspace()] or [characters[0][0]]
    probes = inked[:: max(1, len(inked) // 8)]
    boxes = [text.get_charbox(index, loose=True) for index in (*probes, inked[-1])]
    return Line(
        text=_text(code for _, code in letters),
        page=page,
        left=min(box[0] for box in boxes),
        right=max(box[2] for box in boxes),
        bottom=min(box[1] for box in boxes),
        top=max(box[3] for box in boxes),
        size=round(median(box[3] - box[1] for box in boxes), 1),
        bold=sum(_is_bold(text, index) for index in probes) > len(probes) / 2,
        hyphened=hyphened,
    )


def _is_bold(text: pypdfium2.PdfTextPage, index: int) -> bool:
    """By the weight of the letter's font, or by its name."""
    if raw.FPDFText_GetFontWeight(text, index) >= _BOLD:
        return True
    name, flags = ctypes.create_string_buffer(128), ctypes.c_int()
    raw.FPDFText_GetFontInfo(text, index, name, len(name), flags)
    return bool(_BOLD_NAME.search(name.value))


def _text(codes: Iterator[int]) -> str:
    """Characters, of which PDFium may give those beyond the first plane as two surrogates."""
    units = b"".join(chr(code).encode("utf-16-le", "surrogatepass") for code in codes if code <= 0x10FFFF)
    return units.decode("utf-16-le", "replace")


def _without_edges(lines: list[Line], pages: int) -> list[Line]:
    """The lines without running heads, running feet and page numbers."""
    lines = [line for line in lines if line.text.strip()]
    if pages < 3 or not lines:
        return lines
    lowest, highest = min(line.bottom for line in lines), max(line.top for line in lines)
    margin, body = _EDGE * (highest - lowest), _body(lines)

    def at_edge(line: Line) -> bool:
        within = lowest + margin < line.middle < highest - margin
        return not within and line.size < _LARGER * body

    seen = Counter(text for text, _ in {(_faceless(line), line.page) for line in lines if at_edge(line)})
    often = max(3, _REPEATED * pages)
    return [line for line in lines if not at_edge(line) or seen[_faceless(line)] < often]


def _faceless(line: Line) -> str:
    """The line without what changes from page to page."""
    return re.sub(r"\d+", "#", tidy(line.text))


def _blocks(lines: list[Line]) -> Iterator[Block]:
    if not lines:
        return
    body = _body(lines)
    plain = sum(len(line.text) * (1 - 2 * line.bold) for line in lines) > 0
    ranks = sorted({line.size for line in lines if line.size >= _LARGER * body}, reverse=True)
    width = max((line.right for line in lines), default=0.0)

    def level(line: Line) -> int:
        """Of a heading; 0 for a line of text."""
        if len(line.text) > _LONGEST_HEADING or not any(c.isalpha() for c in line.text):
            return 0
        if line.size >= _LARGER * body:
            return min(1 + ranks.index(line.size), 5)
        ends = line.text.rstrip().endswith((".", ",", ";", "。", "，", "；"))
        return 6 if plain and line.bold and not ends and not _ITEM.match(line.text) else 0

    held: list[Line] = []
    for line in lines:
        if held and _parted(held[-1], line, level(held[-1]), level(line), width):
            yield _block(held, level(held[0]))
            held = []
        held.append(line)
    yield _block(held, level(held[0]))


def _body(lines: list[Line]) -> float:
    """The size that most of the text has."""
    sizes: Counter[float] = Counter()
    for line in lines:
        sizes[line.size] += len(line.text)
    return sizes.most_common(1)[0][0]


def _parted(above: Line, line: Line, level_above: int, level: int, width: float) -> bool:
    """Whether a new paragraph begins with this line."""
    if level != level_above or _ITEM.match(line.text):
        return True
    gap = above.bottom - line.top
    if line.page != above.page:
        return bool(level) or above.text.rstrip().endswith(_FULL_STOP)
    if gap > _GAP * min(above.size, line.size) or gap < -2.0 * above.size:
        return True
    return not level and above.right < _SHORT * width and above.text.rstrip().endswith(_FULL_STOP)


def _block(lines: list[Line], level: int) -> Block:
    kind: BlockKind = "heading" if level else "item" if _ITEM.match(lines[0].text) else "text"
    text, soft = "", True
    for line in lines:
        words = line.text.strip()
        text = text + words if soft else joined([text, words])
        soft = line.hyphened
    return Block(kind, text, level, lines[0].page)
