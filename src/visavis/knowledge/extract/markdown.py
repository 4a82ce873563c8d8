"""Markdown (CommonMark with tables), read through its tokens, so that marks never get among the words."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from markdown_it import MarkdownIt
from markdown_it.token import Token

from visavis.knowledge.extract.block import Block, Extract, tidy
from visavis.knowledge.extract.html import read_markup
from visavis.knowledge.extract.plain import decoded

_FRONT: Final = re.compile(r"\A---\s*\n(.{0,20000}?)\n(?:---|\.\.\.)\s*(?:\n|\Z)", re.DOTALL)
_FRONT_TITLE: Final = re.compile(r"^title:\s*(.+?)\s*$", re.MULTILINE | re.IGNORECASE)


def read_markdown(data: bytes) -> Extract:
    """The headings, paragraphs, items, tables and code of a Markdown text. Raises VisavisError as `decoded` does."""
    text = decoded(data).replace("\r\n", "\n")
    title = ""
    if front := _FRONT.match(text):
        named = _FRONT_TITLE.search(front[1])
        title = named[1].strip("\"'") if named else ""
        text = text[front.end() :]
    parser = MarkdownIt("commonmark").enable(["table", "strikethrough"])
    blocks = tuple(_Walk().blocks(parser.parse(text)))
    first = next((block.text for block in blocks if block.kind == "heading"), "")
    return Extract(title or tidy(first), blocks)


class _Walk:
    """Goes along the tokens, knowing what it is inside of."""

    def __init__(self) -> None:
        self._items = 0
        self._level = 0
        self._rows: list[list[str]] | None = None

    def blocks(self, tokens: Sequence[Token]) -> Iterator[Block]:
        """The blocks that these tokens make."""
        for token in tokens:
            if token.type == "inline":
                yield from self._inline(token)
            elif token.type in {"fence", "code_block"}:
                yield Block("code", token.content)
            elif token.type == "html_block":
                yield from read_markup(token.content).blocks
            elif token.type == "table_close" and self._rows is not None:
                yield Block("table", "\n".join(" | ".join(row) for row in self._rows))
                self._rows = None
            else:
                self._step(token)

    def _step(self, token: Token) -> None:
        match token.type:
            case "list_item_open" | "list_item_close":
                self._items += token.nesting
            case "heading_open":
                self._level = int(token.tag[1:])
            case "heading_close":
                self._level = 0
            case "table_open":
                self._rows = []
            case "tr_open" if self._rows is not None:
                self._rows.append([])

    def _inline(self, token: Token) -> Iterator[Block]:
        text = _plain(token)
        if self._rows is not None:
            self._rows[-1].append(tidy(text))
        elif self._level:
            yield Block("heading", text, self._level)
        else:
            yield Block("item" if self._items else "text", text)


def _plain(token: Token) -> str:
    """The words of a line: links by their text, pictures by what stands for them."""
    parts = []
    for child in token.children or ():
        if child.type in {"softbreak", "hardbreak"}:
            parts.append("\n")
        elif child.type == "image":
            parts.append(_plain(child))
        elif child.type in {"text", "code_inline", "text_special"}:
            parts.append(child.content)
    return "".join(parts)
