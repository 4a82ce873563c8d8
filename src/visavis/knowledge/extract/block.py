"""What a document is read into: blocks of text in order, whatever its format was."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any, Final, Literal, Self

from visavis.core.errors import VisavisError

BlockKind = Literal["heading", "text", "item", "table", "code"]

_BLANKS: Final = re.compile(r"[^\S\n]+")
_NO_TEXT: Final = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\u200b\u2060\xad\ufeff\ufffe\uffff\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph or the like. `level` is that of a heading, 1 … 6; `page` counts from 1 where there are pages."""

    kind: BlockKind
    text: str
    level: int = 0
    page: int | None = None


@dataclass(frozen=True, slots=True)
class Extract:
    """All that was read of a document. `title` is "" where it has none, `pages` None where it knows no pages."""

    title: str
    blocks: tuple[Block, ...]
    pages: int | None = None

    def as_json(self) -> dict[str, Any]:
        """Plain values."""
        blocks = [[block.kind, block.text, block.level, block.page] for block in self.blocks]
        return {"title": self.title, "pages": self.pages, "blocks": blocks}

    @classmethod
    def from_json(cls, value: dict[str, Any]) -> Self:
        """The same again."""
        return cls(value["title"], tuple(Block(*block) for block in value["blocks"]), value["pages"])


def cleaned(blocks: Iterable[Block], longest: int) -> Iterator[Block]:
    """Blocks that hold text, without control characters and runs of blanks.

    `longest` is the number of characters that all of them may have. Raises VisavisError `knowledge.too_large`.
    """
    taken = 0
    for block in blocks:
        text = tidy(block.text, keep_lines=block.kind in {"code", "table"})
        if not text:
            continue
        taken += len(text)
        if taken > longest:
            raise VisavisError(
                "knowledge.too_large",
                f"The document holds more than {longest:,} characters of text; split it into smaller ones.",
            )
        yield replace(block, text=text)


def tidy(text: str, *, keep_lines: bool = False) -> str:
    """The text without control characters, each run of blanks one blank; line ends only where they are kept."""
    text = _NO_TEXT.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
    if not keep_lines:
        return " ".join(text.split())
    lines = (_BLANKS.sub(" ", line).rstrip() for line in text.split("\n"))
    return "\n".join(line for line in lines if line)
