"""HTML: the words of a page, without what is there for looks, for machines or for finding one's way."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from lxml import etree, html

from visavis.core.errors import VisavisError
from visavis.knowledge.extract.block import Block, BlockKind, Extract, tidy
from visavis.knowledge.extract.plain import decoded


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


_DROPPED: Final = _set(
    "script style noscript template iframe object embed svg math canvas audio video picture map form button input "
    "select textarea dialog nav aside footer head title"
)
_BLOCKS: Final = _set(
    "html body main article section div p ul ol dl li dt dd blockquote pre table thead tbody tfoot tr figure "
    "figcaption address header hgroup details summary fieldset hr caption h1 h2 h3 h4 h5 h6"
)
_ITEMS: Final = frozenset({"li", "dt", "dd"})
_CHARSET: Final = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([\w.:-]{1,40})", re.IGNORECASE)
_ENOUGH: Final = 200
"""Characters that `<main>` or `<article>` must have to be taken for the whole."""
_DEEPEST: Final = 200
"""Elements within each other; what is deeper is left out."""


def read_html(data: bytes) -> Extract:
    """The headings, paragraphs, items and tables of a page. Raises VisavisError `knowledge.unreadable`."""
    return read_markup(_text(data))


def read_markup(text: str) -> Extract:
    """The same of markup that is decoded already."""
    root = _parsed(text)
    if root is None:
        return Extract("", ())
    title = tidy(root.findtext(".//title") or "")
    blocks = tuple(_Walk().blocks(_main(root)))
    headings = [block.text for block in blocks if block.kind == "heading" and block.level == 1]
    return Extract(title or (headings[0] if headings else ""), blocks)


def _text(data: bytes) -> str:
    named = _CHARSET.search(data[:4096])
    if named and not data.startswith((b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")):
        name = named[1].decode("ascii", "ignore").lower()
        try:
            return data.decode("gb18030" if name in {"gb2312", "gbk"} else name)
        except (LookupError, UnicodeDecodeError, ValueError):
            pass
    return decoded(data)


def _parsed(text: str) -> etree._Element | None:
    """The page as a tree, mended where it is broken. No network, no entities beyond HTML's own, libxml2's limits."""
    parser = etree.HTMLParser(
        recover=True, no_network=True, remove_comments=True, remove_pis=True, huge_tree=False, encoding="utf-8"
    )
    try:
        return html.document_fromstring(text.encode("utf-8", "replace"), parser=parser)
    except etree.ParserError:
        return None  # nothing in it
    except (etree.XMLSyntaxError, ValueError) as error:
        raise VisavisError("knowledge.unreadable", "The page is too broken to be read; save it anew.") from error


def _main(root: etree._Element) -> etree._Element:
    """What the page is about."""
    for path in (".//main", ".//article"):
        found = root.findall(path)
        if len(found) == 1 and len(tidy("".join(found[0].itertext()))) >= _ENOUGH:
            return found[0]
    return root


class _Walk:
    """Collects text until a block ends."""

    def __init__(self) -> None:
        self._held: list[str] = []

    def blocks(self, element: etree._Element) -> Iterator[Block]:
        """The blocks of an element and all below it."""
        yield from self._inside(element, "text", 0, 0)

    def _inside(self, element: etree._Element, kind: BlockKind, level: int, depth: int) -> Iterator[Block]:
        self._held.append(element.text or "")
        for child in element:
            tag = child.tag if isinstance(child.tag, str) else ""
            if tag and tag not in _DROPPED and depth < _DEEPEST and not _hidden(child):
                yield from self._child(child, tag, kind, level, depth + 1)
            self._held.append(child.tail or "")

    def _child(self, child: etree._Element, tag: str, kind: BlockKind, level: int, depth: int) -> Iterator[Block]:
        if tag == "br":
            self._held.append("\n")
        elif tag not in _BLOCKS:
            yield from self._inside(child, kind, level, depth)
        else:
            yield from self._end(kind, level)
            if tag == "table":
                yield from _table(child)
            elif tag == "pre":
                yield Block("code", "".join(child.itertext()))
            elif tag[0] == "h" and tag[1:].isdecimal():
                yield Block("heading", "".join(child.itertext()), int(tag[1:]))
            else:
                inner: BlockKind = "item" if tag in _ITEMS else kind
                yield from self._inside(child, inner, level, depth)
                yield from self._end(inner, level)

    def _end(self, kind: BlockKind, level: int) -> Iterator[Block]:
        text, self._held = "".join(self._held), []
        if text.strip():
            yield Block(kind, text, level)


def _table(table: etree._Element) -> Iterator[Block]:
    """A table as one block, a row a line, its cells between bars."""
    caption = table.find("caption")
    if caption is not None:
        yield Block("text", "".join(caption.itertext()))
    rows = []
    for row in table.iter("tr"):
        cells = [tidy("".join(cell.itertext())) for cell in row if cell.tag in {"td", "th"}]
        if any(cells):
            rows.append(" | ".join(cells))
    if rows:
        yield Block("table", "\n".join(rows))


def _hidden(element: etree._Element) -> bool:
    style = (element.get("style") or "").replace(" ", "").lower()
    return (
        element.get("hidden") is not None
        or element.get("aria-hidden") == "true"
        or "display:none" in style
        or "visibility:hidden" in style
    )
