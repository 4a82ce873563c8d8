"""Decides whether what the language model made may be spoken as Genevieve's question."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final, Protocol

from visavis.core.language import Language
from visavis.personas.extraction import CAREER_OF, Fact
from visavis.personas.lexicon import Lexicon
from visavis.personas.script import Script

MAX_CHARACTERS: Final = 160
_HAN: Final = re.compile(r"[\u3400-\u9fff]")
_LETTER: Final = re.compile(r"[^\W\d_]")
_SPANISH: Final = re.compile(r"[¿¡ñáéíóú]", re.IGNORECASE)
_STRANGE: Final = re.compile(r"https?:|www\.|[{}<>\[\]|*#`=@\"“”:：\n]|\d")
_END: Final = re.compile(r"[.!?。！？]")


class Known(Protocol):
    """What is known of the person."""

    @property
    def goal(self) -> str | None:
        """The topic."""
        ...

    @property
    def level(self) -> str | None:
        """The level."""
        ...

    @property
    def career(self) -> str | None:
        """The career."""
        ...


@dataclass(frozen=True, slots=True)
class QuestionGuard:
    """Accepts one short question in the right language about one fact, naming no topic that the person did not."""

    language: Language
    fact: Fact
    known: Known
    script: Script
    lexicon: Lexicon

    def __call__(self, text: str) -> bool:
        """Whether `text` may be spoken."""
        line = text.strip()
        return (
            0 < len(line) <= MAX_CHARACTERS
            and line[-1] in "?？"
            and len(_END.findall(line)) == 1
            and not _STRANGE.search(line)
            and self._in_language(line)
            and self._asks(line)
            and self._names_nothing_else(line)
        )

    def _in_language(self, line: str) -> bool:
        letters = len(_LETTER.findall(line))
        han = len(_HAN.findall(line))
        if self.language == "zh":
            latin = re.sub(r"[A-Za-z]+(?:\+\+)?", "", line)
            own = any(word in line for word in self.script.guard.own)
            return own and han >= 0.9 * len(_LETTER.findall(latin)) and han >= 0.3 * letters
        words = set(re.findall(r"\w+", line.casefold()))
        spanish = bool(_SPANISH.search(line))
        shared = len(words & set(self.script.guard.own))
        return not han and spanish == (self.language == "es") and shared >= 2

    def _asks(self, line: str) -> bool:
        folded = line.casefold()
        return any(word in folded for word in getattr(self.script.guard, self.fact))

    def _names_nothing_else(self, line: str) -> bool:
        mentions = self.lexicon.mentions(self.lexicon.tokens(line))
        named = {kind: {one.id for one in mentions if one.kind == kind} for kind in ("topic", "level", "career")}
        topics = {topic for topic, career in CAREER_OF.items() if career == self.known.career}
        if self.known.goal:
            topics = {self.known.goal}
        levels: set[str | None] = {self.known.level}
        if self.fact == "level":  # an answer of yes or no to one level would tell nothing
            levels = set() if len(named["level"]) == 1 else set(named["level"])
        return (
            named["topic"] <= topics | {"programming"}
            and named["level"] <= levels
            and named["career"] <= {self.known.career}
        )
