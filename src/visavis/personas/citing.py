"""Reads an answer made from notes: takes the citations out of the words, and stops what the notes do not say."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from visavis.core.flow import Say, Show
from visavis.personas.grounds import Grounds
from visavis.personas.notes import Note, Notes

_ONE: Final = (
    r"\s*(?:\[\s*\^?\d{1,2}(?:\s*[,;、，&–-]\s*\[?\d{1,2}\]?)*\s*\]|【\s*\d{1,2}\s*】"
    r"|[(（]\s*(?:notes?|sources?|nota|fuente|资料|来源)\s*\d{1,2}\s*[)）])"
)
_MARK: Final = re.compile(_ONE, re.IGNORECASE)
_LABEL: Final = re.compile(r"^\s*(?:notes?|nota|资料)\s*\d{1,2}\s*(?:[(（][^)）]*[)）])?\s*[:：]\s*", re.IGNORECASE)
_MARKS: Final = re.compile(f"(?:{_ONE})+", re.IGNORECASE)
_OPEN: Final = re.compile(r"\s*[\[【(（][^\]】)）]{0,16}$")
_END: Final = re.compile(r"(?:[.!?…]+[\"'”’)»]*(?=[\s\[])|[。！？]+[”’」』）]*)")

Piece = str | Say | Show


class Citing:
    """The interpreter of one answer; see `core.flow.Interpreter`.

    Whole sentences come out, without their marks. A citation is shown right before the first sentence that rests on
    it. What `grounds` does not carry ends the answer; when nothing was said yet, the `resort` is said instead.
    """

    def __init__(self, notes: Notes, grounds: Grounds, resort: Sequence[Piece]) -> None:
        self.done = False
        self._notes = notes
        self._grounds = grounds
        self._resort = tuple(resort)
        self._held = ""
        self._said = ""
        self._cited: dict[int, Note] = {}

    def feed(self, text: str) -> Sequence[Piece]:
        """Takes more of the model's text."""
        self._held += text
        out: list[Piece] = []
        while not self.done and (end := self._sentence_end()) is not None:
            sentence, self._held = self._held[:end], self._held[end:]
            out += self._sentence(sentence)
        return out

    def finish(self) -> Sequence[Piece]:
        """The model has ended."""
        rest, self._held = self._held, ""
        out = [] if self.done else self._sentence(rest)
        if not self.done and not self._said:
            out += self._resort
        self.done = True
        return out

    def _sentence_end(self) -> int | None:
        """Where the first whole sentence ends, its marks included; None while that is not certain."""
        match = _END.search(self._held)
        if match is None or match.end() >= len(self._held):
            return None
        marks = _MARKS.match(self._held, match.end())
        end = marks.end() if marks else match.end()
        rest = self._held[end:]
        # A mark that has only begun still belongs to this sentence.
        if not rest.strip() or _OPEN.match(rest):
            return None
        return end

    def _sentence(self, raw: str) -> list[Piece]:
        numbers = _numbers(raw)
        words = _clean(raw)
        if not any(mark.isalnum() for mark in words):
            return []
        if self._grounds.declines(words) or not self._grounds.carry(words, self._said):
            self.done = True
            return [] if self._said else [*self._resort]
        shown = self._cite(words, numbers)
        words = words if not self._said else _joined(self._said, words)
        self._said += words
        return [*shown, words]

    def _cite(self, words: str, numbers: list[int]) -> list[Piece]:
        known = self._notes.by_number
        marked = [known[number] for number in numbers if number in known]
        found = [note for note in marked if self._grounds.likely(words, note)] or self._grounds.sources(words)
        found = found or marked
        if not found and not self._cited and not self._said:
            found = list(self._notes.notes[:1])
        new = [note for note in found if note.number not in self._cited]
        if not new:
            return []
        self._cited |= {note.number: note for note in new}
        return [Show("citations", {"citations": [note.citation() for note in self._cited.values()]})]


def _numbers(text: str) -> list[int]:
    found: list[int] = []
    for match in _MARK.finditer(text):
        for number in re.findall(r"\d+", match.group()):
            if int(number) not in found:
                found.append(int(number))
    return found


def _clean(text: str) -> str:
    """The words without marks, and without a bracket that was never closed."""
    words = _LABEL.sub("", _MARK.sub("", text))
    words = re.sub(r"\s*[\[【][^\]】]{0,16}$", "", words)
    return " ".join(words.split()).replace(" .", ".").replace(" ,", ",").strip()


def _joined(before: str, words: str) -> str:
    return words if before[-1:] in "。！？」』”" else " " + words
