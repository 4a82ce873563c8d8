"""The passages that an answer may be made from, as the language model and the page are given them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from visavis.core.passage import Passage
from visavis.personas.quotation import excerpt, harmless

MOST: Final = 3
"""Passages in one prompt: each costs the person waiting time, and a small model loses itself in more."""
ROOM: Final = 900
"""Characters of all passages together (a Chinese one counts twice): about 250 tokens."""
QUOTE: Final = 600
"""Characters of a passage that the page is sent."""


@dataclass(frozen=True, slots=True)
class Note:
    """One passage under its number, from 1; `text` is the part that the model reads."""

    number: int
    passage: Passage
    text: str

    @property
    def title(self) -> str:
        """What it is called in a prompt: the document, and the last heading above the passage."""
        names = (harmless(self.passage.title), harmless(self.passage.heading.rpartition(" › ")[2]))
        return ", ".join(dict.fromkeys(name for name in names if name))

    def citation(self) -> dict[str, Any]:
        """The note as `visavis.citations` has it."""
        passage = self.passage
        return {
            "number": self.number,
            "passage": passage.id,
            "document": passage.document,
            "collection": passage.collection,
            "title": passage.title,
            "page": passage.page,
            "heading": passage.heading,
            "text": passage.text[:QUOTE],
            "start": passage.start,
            "end": passage.end,
            "score": round(passage.score, 3),
        }


@dataclass(frozen=True, slots=True)
class Notes:
    """The notes for one question, the best first."""

    notes: tuple[Note, ...] = ()

    @classmethod
    def about(cls, question: str, passages: Sequence[Passage]) -> Notes:
        """The notes that fit into a prompt; what is nothing but orders to a machine is none."""
        return cls(tuple(_numbered(question, passages)))

    @property
    def by_number(self) -> Mapping[int, Note]:
        """Each note under its number."""
        return {note.number: note for note in self.notes}

    def lines(self, form: str) -> str:
        """All of them, one a line, in a `form` with places for `{number}`, `{title}` and `{text}`."""
        return "\n".join(form.format(number=note.number, title=note.title, text=note.text) for note in self.notes)


def _numbered(question: str, passages: Sequence[Passage]) -> Iterator[Note]:
    left, number = ROOM, 1
    for passage in passages[:MOST]:
        # The best passage may take most of the room, the others share the rest.
        room = left if number == MOST else left * 3 // 5
        text = excerpt(harmless(passage.text), question, room)
        if text.strip(" …"):
            yield Note(number, passage, text)
            number += 1
            left -= min(left, len(text))
