"""Takes texts apart into the terms that are searched by words: stems of English and Spanish, words of Chinese."""

from __future__ import annotations

import logging
import re
import unicodedata
import warnings
from collections.abc import Iterator
from typing import Any, Final

from visavis.knowledge.stop_words import CHINESE, ENGLISH, SPANISH

_HAN_RANGE: Final = r"\u3400-\u4dbf\u4e00-\u9fff"
_LETTERS: Final = rf"[^\W_{_HAN_RANGE}]+"
_TOKEN: Final = re.compile(rf"[{_HAN_RANGE}]+|{_LETTERS}(?:['’.,]{_LETTERS})*")
_NUMBER: Final = re.compile(r"\d+(?:[.,]\d+)*")
_HAN: Final = re.compile(f"[{_HAN_RANGE}]")
_LONGEST: Final = 40
"""Characters of a term; what is longer is no word."""


class Terms:
    """Knows the words of the three languages. Its dictionaries are read on first need, Chinese ones for Chinese alone;
    calls block, and are safe from several threads once `load` has returned."""

    def __init__(self) -> None:
        self._english: Any = None
        self._spanish: Any = None
        self._jieba: Any = None
        self._simplified: Any = None

    def of(self, text: str, language: str = "") -> tuple[str, ...]:
        """The terms of a passage in order, stop words left out: stems of its `language` (en, es), else the words."""
        return tuple(self._stem(word, language) for word in self._words(text))

    def asked(self, text: str) -> tuple[tuple[str, ...], ...]:
        """The words of a query that mean something, each as the terms that passages of any language have for it."""
        groups = (tuple(dict.fromkeys(self._stem(word, way) for way in ("", "en", "es"))) for word in self._words(text))
        return tuple(dict.fromkeys(groups))

    def without_each(self, text: str) -> tuple[tuple[str, str], ...]:
        """The words of a query that mean something, each once and as it is written, with the query without it."""
        found: dict[str, str] = {}
        for match in _TOKEN.finditer(text):
            words = self._segmenter().cut(match[0]) if _HAN.match(match[0]) else (match[0],)
            at = match.start()
            for word in words:
                if word not in CHINESE and (_HAN.match(word) or any(True for _ in self._words(word))):
                    found.setdefault(word, " ".join(f"{text[:at]}{text[at + len(word) :]}".split()))
                at += len(word)
        return tuple(found.items())

    def load(self, *, chinese: bool = True) -> None:
        """Reads the dictionaries; a second for Chinese."""
        self._stem("loading", "en")
        if chinese:
            self._segmenter()

    def _words(self, text: str) -> Iterator[str]:
        """Folded words without stop words."""
        text = unicodedata.normalize("NFKC", text).casefold()
        if _HAN.search(text):
            self._segmenter()
            text = self._simplified.convert(text)
        for match in _TOKEN.finditer(text):
            token = match[0]
            if _HAN.match(token):
                words = self._jieba.cut_for_search(token)
                yield from (word for word in words if word not in CHINESE)
            elif _NUMBER.fullmatch(token):
                yield token.rstrip(".,")[:_LONGEST]
            else:
                yield from self._latin(token)

    def _latin(self, token: str) -> Iterator[str]:
        plain = "".join(c for c in unicodedata.normalize("NFD", token) if not unicodedata.combining(c))
        whole = re.sub("['’]", "", plain)
        if whole in ENGLISH or whole in SPANISH:
            return
        for part in re.split("['’.,]", plain):
            if part and part not in ENGLISH and part not in SPANISH and len(part) <= _LONGEST:
                yield part

    def _stem(self, word: str, language: str) -> str:
        if self._english is None:
            from Stemmer import Stemmer

            self._spanish, self._english = Stemmer("spanish"), Stemmer("english")
        if _HAN.match(word) or not word.isalpha():
            return word
        if language == "en":
            return str(self._english.stemWord(word))
        if language == "es":
            return str(self._spanish.stemWord(word))
        return word

    def _segmenter(self) -> Any:
        if self._jieba is None:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # jieba's source has escapes that newer Pythons warn of
                import jieba
                from opencc import OpenCC

                jieba.setLogLevel(logging.WARNING)
                jieba.initialize()
            self._simplified = OpenCC("t2s")
            self._jieba = jieba
        return self._jieba
