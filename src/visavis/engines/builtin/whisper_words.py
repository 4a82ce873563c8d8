"""Words in time from aligned pieces of text."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from visavis.core.speech import Word


@dataclass(slots=True)
class _Spelled:
    text: str
    start: float
    end: float


def words_of(pieces: Iterable[tuple[str, float, float]], text: str, offset: int, start: float) -> list[Word]:
    """Groups aligned pieces into the words of `text`.

    A word begins at a space, or with each piece of a script that has none. Punctuation stays with the word before it.
    `text` is what the pieces spell, character for character, except for spaces at its ends and a script conversion
    that keeps its length; `offset` and `start` (seconds) are where it stands in the whole transcript.
    """
    words: list[_Spelled] = []
    for piece, begin, end in pieces:
        stripped = piece.strip()
        if not stripped:
            continue
        fresh = not words or piece[0].isspace() or _spaceless(stripped[0])
        if fresh and (not words or any(character.isalnum() for character in stripped)):
            words.append(_Spelled(stripped, begin, end))
        else:
            words[-1].text += stripped
            words[-1].end = end
    found: list[Word] = []
    position = 0
    for word in words:
        length = len(word.text)
        while position < len(text) and text[position].isspace():
            position += 1
        found.append(Word(text[position : position + length], start + word.start, start + word.end, offset + position))
        position += length
    return found


def _spaceless(character: str) -> bool:
    """Whether the character is of a script that sets no spaces: CJK ideographs and their extensions."""
    return "\u3400" <= character <= "\u9fff" or "\uf900" <= character <= "\ufaff" or character >= "\U00020000"
