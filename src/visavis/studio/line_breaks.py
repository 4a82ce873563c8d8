"""Where captions break: between sentences and clauses rather than inside them, in rows of about one length."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
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
    return [(found[first:last], _laid_out(found[first:last]) or "") for first, last in _groups(found)]


def _spaced(before: str, after: str, gap: int) -> bool:
    if _wide(before[-1]) and _wide(after[0]):
        return False
    # Sentences that were spoken one by one stand together without a space.
    return gap > 0 or (bool(_SENTENCE.search(before)) and not _wide(before[-1]) and not _wide(after[0]))


def _wide(mark: str) -> bool:
    return unicodedata.east_asian_width(mark) in "WF"


def _groups(found: Sequence[Token]) -> Iterator[tuple[int, int]]:
    """The cheapest way through all tokens, as first and one past the last of each group."""
    costs, begins = [0.0], [0]
    for last in range(1, len(found) + 1):
        best, begin = float("inf"), last - 1
        for first in range(last - 1, -1, -1):
            group = found[first:last]
            if len(group) > 1 and (_width(group) > ROWS * ROW or group[-1].end - group[0].start > _LONGEST):
                break
            cost = costs[first] + _cost(group) + _break(found, last)
            if cost < best:
                best, begin = cost, first
        costs.append(best)
        begins.append(begin)
    ends = [len(found)]
    while ends[-1]:
        ends.append(begins[ends[-1]])
    ends.reverse()
    yield from pairwise(ends)


def _cost(group: Sequence[Token]) -> float:
    """How ill a group suits as one caption."""
    if len(group) > 1 and _laid_out(group) is None:
        return 1e6
    cost = 0.5 + 0.6 * (1 - _width(group) / (ROWS * ROW)) ** 2
    cost += max(0.0, _SHORTEST - (group[-1].end - group[0].start))
    for token, after in pairwise(group):
        cost += 1.0 if _SENTENCE.search(token.text) else 0.0
        cost += 2.0 if after.start - token.end >= _PAUSE else 0.0
    return cost


def _break(found: Sequence[Token], place: int) -> float:
    """How ill a break suits before the token at `place`."""
    if place == len(found):
        return 0.0
    text = found[place - 1].text
    if _SENTENCE.search(text):
        return 0.0
    if _CLAUSE.search(text) or found[place].start - found[place - 1].end >= _PAUSE / 2:
        return 0.15
    return 1.1 if len(text) <= _SMALL and found[place].spaced else 0.8


def _laid_out(group: Sequence[Token]) -> str | None:
    """The text in one row or in two of about one length; None where it does not fit."""
    if _width(group) <= ROW:
        return _text(group)
    if len(group) == 1:
        return "\n".join(_chopped(group[0].text))

    def ill(place: int) -> float:
        before, after = _width(group[:place]), _width(group[place:])
        return abs(before - after) / ROW + _break(group, place) + (1e6 if max(before, after) > ROW else 0.0)

    place = min(range(1, len(group)), key=ill)
    if ill(place) >= 1e6:
        return None
    return f"{_text(group[:place])}\n{_text(group[place:])}"


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


def _width(group: Sequence[Token]) -> int:
    return sum(token.cells for token in group) + sum(token.spaced for token in group[1:])
