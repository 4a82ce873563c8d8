"""Rewrites a text by rules while keeping, for every character, where it came from."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class NormalizedText:
    """The spoken `text`; `origin[i]` is the index in the original of what `text[i]` stands for (never decreasing)."""

    text: str
    origin: tuple[int, ...]


class Rewriter:
    """A text under rewriting."""

    def __init__(self, text: str) -> None:
        self.text = text
        self._origin = list(range(len(text)))

    def sub(self, pattern: str | re.Pattern[str], replace: Callable[[re.Match[str]], str | None]) -> None:
        """Replaces every match by what `replace` says; None leaves it as it is."""
        pieces: list[str] = []
        origin: list[int] = []
        position = 0
        for match in re.finditer(pattern, self.text):
            new = replace(match)
            if new is None or match.end() == match.start():
                continue
            start, end = match.span()
            pieces.append(self.text[position:start])
            origin.extend(self._origin[position:start])
            pieces.append(new)
            # Characters of the replacement are spread evenly over the characters they stand for.
            origin.extend(self._origin[start + index * (end - start) // len(new)] for index in range(len(new)))
            position = end
        pieces.append(self.text[position:])
        origin.extend(self._origin[position:])
        self.text, self._origin = "".join(pieces), origin

    def words(self, table: dict[str, str]) -> None:
        """Replaces whole words (letters on neither side), longest first."""
        names = "|".join(re.escape(name) for name in sorted(table, key=len, reverse=True))
        self.sub(rf"(?<![A-Za-z0-9])(?:{names})(?![A-Za-z0-9])", lambda match: table[match.group()])

    def result(self) -> NormalizedText:
        """The text as it stands."""
        return NormalizedText(self.text, tuple(self._origin))
