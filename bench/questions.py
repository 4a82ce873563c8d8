"""The questions of the knowledge benchmark, and whether a passage holds the answer to one."""

from __future__ import annotations

import tomllib
import unicodedata
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal, cast

from visavis.core.language import Language

FOLDER: Final = Path(__file__).parent / "data" / "knowledge" / "questions"

Half = Literal["calibration", "test"]


@dataclass(frozen=True, slots=True)
class Question:
    """One question to the documents.

    With an answer: `document` is the file that has it, `evidence` the words there that carry it, and `answer` are
    strings of which a right answer holds one. Without: `document` and `evidence` are "", `near` is the file that comes
    closest, and `kind` says how: `missing` (the document's subject, but this is not in it) or `neighbour` (another
    subject of the same field).
    """

    id: str
    language: Language
    text: str
    document: str = ""
    evidence: str = ""
    answer: tuple[str, ...] = ()
    near: str = ""
    kind: str = ""

    @property
    def answerable(self) -> bool:
        """Whether the documents hold the answer."""
        return bool(self.document)

    @property
    def direction(self) -> str:
        """`en→en` is a question in English about a document in English; `en→` has no answer in any."""
        return f"{self.language}→{language_of(self.document) if self.document else ''}"

    @property
    def crosses(self) -> bool:
        """Whether the question and the document are in two languages."""
        return self.answerable and self.language != language_of(self.document)


def load(half: Half) -> list[Question]:
    """The questions of one half, those with an answer first."""
    data = tomllib.loads((FOLDER / f"{half}.toml").read_text("utf-8"))
    return [
        Question(**{**one, "answer": tuple(one.get("answer", ()))})
        for group in ("answerable", "unanswerable")
        for one in data[group]
    ]


def language_of(document: str) -> Language:
    """The language a document of the benchmark is written in."""
    languages = cast("dict[Language, list[str]]", tomllib.loads((FOLDER.parent / "languages.toml").read_text("utf-8")))
    stem = document.rpartition(".")[0]
    return next(language for language, stems in languages.items() if stem in stems)


def squeezed(text: str) -> str:
    """Letters and marks without any space and without ligatures: what a line break in a PDF cannot change."""
    return "".join(unicodedata.normalize("NFKC", text).casefold().split())


def holds(passage: str, question: Question) -> bool:
    """Whether a passage's text carries the evidence."""
    return bool(question.evidence) and squeezed(question.evidence) in squeezed(passage)
