"""Where captions break: between sentences and clauses rather than inside them, in rows of about one length."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate, pairwise
from typing import Final

from visavis.core.speech import Word

ROW: Final = 32
"""Cells of a row: as wide as so many letters, or half as many Chinese characters."""
ROWS: Final = 2

_LONGEST: Final = 7.0
_SHORTEST: Final = 1.0
_PAUSE: Final = 0.7
"""Seconds: a caption stays no longer, no shorter if it can, and does not bridge a pause."""
_SENTENCE: Final = re.compile(r"[.!?。！？…]+[\"'”’»）)」』]*$")
_CLAUSE: Final = re.compile(r"[,;:，、；：—–]+[\"'”’»）)」』]*$")
_OPENING: Final = re.compile(r"[“‘《（「『【〈¿¡«([]+$")
_SMALL: Final = 3
"""Letters of a word that had better not end a row: articles, prepositions."""


@dataclass(frozen=True, slots=True)
class Token:
    """A word as captions show it: its `text`, `start` and `end` in s, `spaced` when a space stands before it."""

    text: str
    start: float
    end: float
    spaced: bool

    @property
    def cells(self) -> int:
        """Width of the text."""
        return cells(self.text)


def cells(text: str) -> int:
    """How wide a text is, in letters: Chinese characters count for two, marks on letters for nothing."""
    return sum(
        0 if unicodedata.combining(mark) else 2 if unicodedata.east_asian_width(mark) in "WF" else 1 for mark in text
    )


def tokens(words: Sequence[Word]) -> list[Token]:
    """The words with the spaces between them; marks that open something go with the word that follows."""
    found: list[Token] = []
    end, opening = 0, ""
    for word in words:
        text = opening + " ".join(word.text.split())
        match = _OPENING.search(text)
        opening = match.group() if match and match.start() else ""
        text = text.removesuffix(opening)
        if text:
            spaced = bool(found) and _spaced(found[-1].text, text, word.offset - end)
            found.append(Token(text, word.start, max(word.start, word.end), spaced))
        end = word.offset + len(word.text)
    if opening and found:
        found[-1] = replace(found[-1], text=found[-1].text + opening)
    return found


def captions(found: Sequence[Token]) -> list[tuple[Sequence[Token], str]]:
    """The tokens in groups, each to be shown at once, with its text in rows."""
    breaker = _Breaker(found)
    return [(found[first:last], breaker.text(first, last)) for first, last in breaker.groups()]


def _spaced(before: str, after: str, gap: int) -> bool:
    if _wide(before[-1]) and _wide(after[0]):
        return False
    # Sentences that were spoken one by one stand together without a space.
    return gap > 0 or (bool(_SENTENCE.search(before)) and not _wide(before[-1]) and not _wide(after[0]))


def _wide(mark: str) -> bool:
    return unicodedata.east_asian_width(mark) in "WF"


class _Breaker:
    """Finds where some tokens break best. Places are numbers of tokens: a break at 3 stands before the fourth."""

    def __init__(self, found: Sequence[Token]) -> None:
        self._found = found
        self._offsets = [0, *accumulate(token.cells + token.spaced for token in found)]
        self._penalties = [0.0, *(self._penalty(place) for place in range(1, len(found))), 0.0]
        bridged = (self._bridging(place) for place in range(1, len(found)))
        self._bridged = [0.0, *accumulate(bridged, initial=0.0)]

    def groups(self) -> Iterator[tuple[int, int]]:
        """The cheapest way through all tokens, as first and one past the last of each group."""
        costs, begins = [0.0], [0]
        for last in range(1, len(self._found) + 1):
            best, begin = float("inf"), last - 1
            for first in range(last - 1, -1, -1):
                if last - first > 1 and not self._allowed(first, last):
                    break
                cost = costs[first] + self._cost(first, last) + self._penalties[last]
                if cost < best:
                    best, begin = cost, first
            costs.append(best)
            begins.append(begin)
        ends = [len(self._found)]
        while ends[-1]:
            ends.append(begins[ends[-1]])
        ends.reverse()
        return pairwise(ends)

    def text(self, first: int, last: int) -> str:
        """A group in one row or in two of about one length; a single endless word in as many as it takes."""
        if self._width(first, last) <= ROW:
            return _text(self._found[first:last])
        if last - first == 1:
            return "\n".join(_chopped(self._found[first].text))

        def ill(place: int) -> float:
            before, after = self._width(first, place), self._width(place, last)
            too_wide = 1e6 if max(before, after) > ROW else 0.0
            return abs(before - after) / ROW + self._penalties[place] + too_wide

        place = min(range(first + 1, last), key=ill)
        return f"{_text(self._found[first:place])}\n{_text(self._found[place:last])}"

    def _allowed(self, first: int, last: int) -> bool:
        """Whether a group fits its rows and its time."""
        width = self._width(first, last)
        if width > ROWS * ROW or self._found[last - 1].end - self._found[first].start > _LONGEST:
            return False
        return width <= ROW or any(
            self._width(first, place) <= ROW and self._width(place, last) <= ROW for place in range(first + 1, last)
        )

    def _cost(self, first: int, last: int) -> float:
        """How ill a group suits as one caption."""
        shown = self._found[last - 1].end - self._found[first].start
        bridged = self._bridged[last] - self._bridged[first + 1]
        return 0.5 + 0.6 * (1 - self._width(first, last) / (ROWS * ROW)) ** 2 + max(0.0, _SHORTEST - shown) + bridged

    def _bridging(self, place: int) -> float:
        """How ill it is that no break is there."""
        before, after = self._found[place - 1], self._found[place]
        return bool(_SENTENCE.search(before.text)) * 1.0 + (after.start - before.end >= _PAUSE) * 2.0

    def _penalty(self, place: int) -> float:
        """How ill a break suits there."""
        before, after = self._found[place - 1], self._found[place]
        if _SENTENCE.search(before.text):
            return 0.0
        if _CLAUSE.search(before.text) or after.start - before.end >= _PAUSE / 2:
            return 0.15
        return 1.1 if len(before.text) <= _SMALL and after.spaced else 0.8

    def _width(self, first: int, last: int) -> int:
        return self._offsets[last] - self._offsets[first] - self._found[first].spaced


def _chopped(text: str) -> Iterator[str]:
    """One word without end, in rows."""
    row = ""
    for mark in text:
        if row and cells(row + mark) > ROW:
            yield row
            row = ""
        row += mark
    yield row


def _text(group: Sequence[Token]) -> str:
    return "".join(f" {token.text}" if token.spaced and index else token.text for index, token in enumerate(group))
