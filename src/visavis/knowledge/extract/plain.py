"""Plain text: how its bytes are decoded, and what its lines mean."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from typing import Final

from visavis.core.errors import VisavisError
from visavis.knowledge.extract.block import Block, Extract

_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF32_LE, "utf-32"), (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"),
)  # fmt: skip
_SAMPLE: Final = 200_000
"""Bytes that tell an encoding which the text does not name."""
_ITEM: Final = re.compile(r"\s*(?:[-*•·‣–]|\(?\d{1,3}[.)、]|[（(][一二三四五六七八九十\d]{1,3}[)）])\s+\S")
_UNDERLINE: Final = re.compile(r"\s*([=\-~*#])\1{2,}\s*")


def decoded(data: bytes) -> str:
    """The text of these bytes: by its byte order mark, as UTF-8, else as it looks.

    Raises VisavisError `knowledge.unreadable`.
    """
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return data.decode(encoding, "replace")
    try:
        return data.decode()
    except UnicodeDecodeError:
        pass
    from charset_normalizer import from_bytes

    best = from_bytes(data[:_SAMPLE], cp_isolation=["gb18030", "big5", "cp1252", "utf_16_le", "utf_16_be"]).best()
    if best is None:
        raise VisavisError(
            "knowledge.unreadable", "The text's encoding cannot be told; save the document as UTF-8 and send it again."
        )
    return data.decode(best.encoding, "replace")


def read_plain(data: bytes) -> Extract:
    """The paragraphs of a text. A line that is underlined, and a first line that stands alone, are headings."""
    blocks = tuple(_blocks(decoded(data)))
    title = blocks[0].text if blocks and blocks[0].kind == "heading" else ""
    return Extract(title, blocks)


def _blocks(text: str) -> Iterator[Block]:
    paragraphs = re.split(r"\n[^\S\n]*\n", text.replace("\r\n", "\n").replace("\r", "\n"))
    first = True
    for paragraph in paragraphs:
        lines = [line for line in paragraph.split("\n") if line.strip()]
        if not lines:
            continue
        if len(lines) > 1 and _UNDERLINE.fullmatch(lines[1]):
            yield Block("heading", lines[0], 1 if lines[1].strip()[0] in "=#" else 2)
            lines = lines[2:]
        elif len(lines) == 1 and first and _is_title(lines[0]):
            yield Block("heading", lines[0], 1)
            lines = []
        first = False
        yield from _paragraph(lines)


def _paragraph(lines: list[str]) -> Iterator[Block]:
    """Items stand alone, other lines belong to what comes before them."""
    held: list[str] = []
    kind = False
    for line in lines:
        item = bool(_ITEM.match(line))
        if held and item:
            yield Block("item" if kind else "text", joined(held))
            held = []
        if not held:
            kind = item
        held.append(line)
    if held:
        yield Block("item" if kind else "text", joined(held))


def _is_title(line: str) -> bool:
    line = line.strip()
    return len(line) <= 100 and not line.endswith((".", "。", "!", "！", "?", "？", ";", "；", ",", "，"))


def joined(lines: list[str]) -> str:
    """Lines as one: with a blank between them, but none between Chinese characters."""
    out = ""
    for line in (line.strip() for line in lines):
        gap = "" if not out or (_wide(out[-1]) and line and _wide(line[0])) else " "
        out += gap + line
    return out


def _wide(character: str) -> bool:
    return "\u2e80" <= character <= "\u9fff" or "\uff00" <= character <= "\uffef"
