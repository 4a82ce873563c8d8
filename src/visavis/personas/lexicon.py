"""What people call topics, levels and careers, and the small words that turn a sentence, in three languages at once."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Final, Literal

from pydantic import BaseModel, ConfigDict
from rapidfuzz.distance import OSA

from visavis.core.language import LANGUAGES

Kind = Literal["topic", "level", "career", "cue", "answer"]
LEVELS: Final = ("beginner", "intermediate", "advanced")

_HAN: Final = r"\u3400-\u9fff"
_TOKEN: Final = re.compile(rf"[{_HAN}]|c\+\+|[a-z0-9]+|[.!?;\n。！？；]+|[,，、:：()（）—]+")
_END: Final = frozenset(".!?;\n。！？；")
_PAUSE: Final = frozenset(",，、:：()（）—")


class LexiconFile(BaseModel):
    """One language's file: ids to phrases."""

    model_config = ConfigDict(extra="forbid")

    topic: dict[str, list[str]]
    level: dict[Literal["beginner", "intermediate", "advanced"], list[str]]
    career: dict[str, list[str]]
    cue: dict[str, list[str]]
    answer: dict[Literal["beginner", "intermediate", "advanced"], list[str]]
    words: Words


class Words(BaseModel):
    """Words that are no typos, and the traditional characters with their simplified ones, in the same order."""

    model_config = ConfigDict(extra="forbid")

    protected: list[str] = []
    traditional: str = ""
    simplified: str = ""


@dataclass(frozen=True, slots=True)
class Mention:
    """A phrase found: its meaning (`kind` and `id`) and its first and one-past-last token."""

    kind: Kind
    id: str
    start: int
    end: int


def is_end(token: str) -> bool:
    """Whether a token ends a sentence."""
    return token[0] in _END


def is_pause(token: str) -> bool:
    """Whether a token is punctuation within a sentence."""
    return token[0] in _PAUSE


class Lexicon:
    """All phrases of all languages in one trie of tokens; a Latin word is one token, a Chinese character is one."""

    def __init__(self, sources: Iterable[LexiconFile]) -> None:
        self._trie: dict[str, Any] = {}
        self._words: set[str] = set()
        self._protected: set[str] = set()
        self._simplify: dict[int, str] = {}
        sources = tuple(sources)
        for source in sources:
            pairs = zip(source.words.traditional, source.words.simplified, strict=True)
            self._simplify |= {ord(old): new for old, new in pairs}
            self._protected |= set(source.words.protected)
        for source in sources:
            for kind, table in (("cue", source.cue), ("topic", source.topic), ("level", source.level)):
                self._add(kind, table)
            self._add("career", source.career)
            self._add("answer", source.answer)

    @staticmethod
    @cache
    def load() -> Lexicon:
        """The lexicon that ships with visavis: one for all who ask."""
        folder = files("visavis.personas") / "data" / "lexicon"
        texts = [(folder / f"{language}.toml").read_text("utf-8") for language in LANGUAGES]
        return Lexicon(LexiconFile.model_validate(tomllib.loads(text)) for text in texts)

    def tokens(self, text: str) -> tuple[str, ...]:
        """Folds case, width, accents and traditional characters, drops apostrophes, and cuts into tokens."""
        folded = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", text).casefold())
        folded = "".join(mark for mark in folded if not unicodedata.combining(mark))
        folded = folded.translate(self._simplify)
        folded = re.sub(r"['’‘`´]", "", folded)
        return tuple(_TOKEN.findall(folded))

    def corrected(self, tokens: tuple[str, ...]) -> tuple[str, ...]:
        """The tokens with typos of lexicon words mended: one edit from five letters on (a lost letter from four), two
        from eight."""
        return tuple(self._mended(token) for token in tokens)

    def mentions(self, tokens: tuple[str, ...]) -> tuple[Mention, ...]:
        """Phrases from left to right, the longest first, without overlap; one phrase may mean several things."""
        found: list[Mention] = []
        start = 0
        while start < len(tokens):
            meanings, end = self._longest(tokens, start)
            found.extend(Mention(kind, name, start, end) for kind, name in meanings)
            start = max(end, start + 1)
        return tuple(found)

    def _longest(self, tokens: tuple[str, ...], start: int) -> tuple[list[tuple[Kind, str]], int]:
        node = self._trie
        best: list[tuple[Kind, str]] = []
        end = start
        for index in range(start, len(tokens)):
            if tokens[index] not in node:
                break
            node = node[tokens[index]]
            if "" in node:
                best, end = node[""], index + 1
        return best, end

    def _add(self, kind: str, table: Mapping[Any, list[str]]) -> None:
        for name, phrases in table.items():
            for phrase in phrases:
                tokens = self.tokens(phrase)
                node = self._trie
                for token in tokens:
                    node = node.setdefault(token, {})
                meanings = node.setdefault("", [])
                if (kind, name) not in meanings:
                    meanings.append((kind, name))
                self._words |= {token for token in tokens if token.isascii() and len(token) >= 4}

    def _mended(self, token: str) -> str:
        if len(token) < 4 or not token.isalpha() or not token.isascii():
            return token
        if token in self._words or token in self._protected:
            return token
        budget = 1 if len(token) < 8 else 2
        best, distance = token, budget + 1
        for word in self._words:
            if len(word) >= 5 and abs(len(word) - len(token)) <= budget and word[0] == token[0]:
                if len(token) == 4 and len(word) != 5:
                    continue
                edits = OSA.distance(token, word, score_cutoff=budget)
                if edits < distance or (edits == distance and word < best and edits <= budget):
                    best, distance = word, edits
        return best if distance <= budget else token
