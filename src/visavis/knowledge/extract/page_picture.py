"""A page of a PDF as a picture, with a passage marked on it."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pypdfium2
from PIL import Image, ImageChops, ImageDraw
from pypdfium2 import raw

from visavis.core.errors import VisavisError
from visavis.knowledge.extract.pdf import open_pdf

_WIDTH: Final = 1100
"""Pixels across, as far as the height allows."""
_TALLEST: Final = 2200
_MARK: Final = (255, 236, 140)
"""Multiplied with the page, as a marker pen would."""
_SHORTEST: Final = 6
"""Characters that a part of the passage must have to be looked for alone."""
_NOTHING: Final = re.compile(r"[\W_]+")
_PARTS: Final = re.compile(r"(?<=[.!?。！？;；\n])\s*|\s*\n\s*")


def draw_page(path: Path, number: int, passage: str) -> bytes:
    """A PNG of page `number` (from 1). What of the passage stands on the page is marked; "" marks nothing.

    Raises VisavisError `knowledge.unreadable`, and `knowledge.unknown` for a page that is not there.
    """
    document = open_pdf(path)
    if not 1 <= number <= len(document):
        raise VisavisError("knowledge.unknown", f"The document has no page {number}; it has {len(document)}.")
    try:
        page = document[number - 1]
        width, height = page.get_size()
        scale = min(_WIDTH / max(width, 1.0), _TALLEST / max(height, 1.0))
        bitmap = page.render(scale=scale, may_draw_forms=False)
        picture = bitmap.to_pil().convert("RGB")
        boxes = list(_boxes(page, passage)) if passage else []
    except (pypdfium2.PdfiumError, MemoryError, ValueError) as error:
        raise VisavisError("knowledge.unreadable", "This page of the PDF is broken and cannot be drawn.") from error
    position = bitmap.get_posconv(page)
    paper = Image.new("RGB", picture.size, (255, 255, 255))
    pen = ImageDraw.Draw(paper)
    for left, bottom, right, top in boxes:
        corners = [position.to_bitmap(left, top), position.to_bitmap(right, bottom)]
        xs, ys = sorted(point[0] for point in corners), sorted(point[1] for point in corners)
        pen.rectangle((xs[0] - 1, ys[0] - 1, xs[1] + 1, ys[1] + 1), fill=_MARK)
    out = io.BytesIO()
    ImageChops.multiply(picture, paper).save(out, "PNG", compress_level=3)
    return out.getvalue()


def _boxes(page: pypdfium2.PdfPage, passage: str) -> Iterator[tuple[float, float, float, float]]:
    """Where the passage's letters stand, a box a line: left, bottom, right, top in points."""
    text = page.get_textpage()
    letters, places = [], []
    for index in range(text.count_chars()):
        character = chr(min(raw.FPDFText_GetUnicode(text, index), 0x10FFFF))
        for letter in _folded(character):
            letters.append(letter)
            places.append(index)
    held: tuple[float, float, float, float] | None = None
    for index in sorted({places[at] for at in _found("".join(letters), passage)}):
        left, bottom, right, top = text.get_charbox(index, loose=True)
        if held and abs(bottom - held[1]) < 0.5 * (top - bottom) and -20 < left - held[2] < 20:
            held = (min(held[0], left), min(held[1], bottom), max(held[2], right), max(held[3], top))
        else:
            if held:
                yield held
            held = (left, bottom, right, top)
    if held:
        yield held
    text.close()


def _found(page: str, passage: str) -> Iterator[int]:
    """The letters of the page that belong to the passage: the whole of it, or those of its sentences that are there."""
    whole = _folded(passage)
    parts = [whole] if whole and whole in page else [_folded(part) for part in _PARTS.split(passage)]
    for part in parts:
        start = page.find(part) if len(part) >= min(_SHORTEST, len(whole)) else -1
        if start >= 0:
            yield from range(start, start + len(part))


def _folded(text: str) -> str:
    """Letters and digits alone: how they are parted differs between a page and its text."""
    return _NOTHING.sub("", text).casefold()
