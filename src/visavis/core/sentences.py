"""Cuts streamed text into utterances for speech: the first clause early, then whole sentences. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from visavis.core.language import Language

_ENDERS: Final = frozenset(".!?。！？…;；\n")
_FULLWIDTH_ENDERS: Final = frozenset("。！？；\n")
_CLAUSE_MARKS: Final = frozenset(",，、:：—–")
_CLOSERS: Final = frozenset("\"'”’»)]}）】」』》")
_OPENERS: Final = frozenset('"“«([{（【「『《¿¡')


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


_ABBREVIATIONS: Final[dict[Language, frozenset[str]]] = {
    "en": _set("dr mr mrs ms prof st jr sr vs e.g i.e etc approx dept fig vol ph.d u.s u.k "
                    "jan feb mar apr jun jul aug sep sept oct nov dec rev gen capt lt col a.m p.m"),
    "es": _set("sr sra srta dr dra d dña ud uds vd vds ee uu ee.uu p ej p.ej pág págs núm tel av avda aprox etc "
                    "art cap vol a.c d.c s.a prof ing lic gral depto min máx i.e a.m p.m"),
    "zh": _set("dr mr mrs ms prof vs e.g i.e etc a.m p.m"),
}  # fmt: skip
_CONJUNCTIONS: Final[dict[Language, re.Pattern[str]]] = {
    "en": re.compile(r"\s(?=(?:and|but|or|so|because|which|while|when|if|then|that|where|although)\s)", re.I),
    "es": re.compile(r"\s(?=(?:y|e|o|u|pero|porque|aunque|cuando|mientras|si|entonces|donde|que)\s)", re.I),
    "zh": re.compile(r"(?<=.)(?=但是|因为|所以|如果|然后|而且|或者|还是|并且|不过)"),
}
_HAN: Final = re.compile(r"[\u3400-\u9fff]")
_WORD: Final = re.compile(r"[^\W\d_]+(?:['’\-][^\W\d_]+)*|\d+(?:[.,:]\d+)*")


@dataclass(frozen=True, slots=True)
class SentenceLimits:
    """When to cut. `first_words` words (or `first_han` Chinese characters) are enough for the first clause to go out at
    a comma; with `first_long_words` (`first_long_han`) it goes out before a conjunction. No piece is longer than
    `longest` characters (`longest_han` of Chinese)."""

    first_words: int = 3
    first_han: int = 5
    first_long_words: int = 8
    first_long_han: int = 14
    longest: int = 220
    longest_han: int = 70


class SentenceCutter:
    """Takes text deltas and gives utterances. Joined, the utterances are the text, blanks included; how the text was
    split into deltas makes no difference."""

    def __init__(self, language: Language, limits: SentenceLimits | None = None) -> None:
        """`limits` None: the defaults."""
        self._language = language
        self._limits = limits or SentenceLimits()
        self._text = ""
        self._first = True

    def push(self, delta: str) -> tuple[str, ...]:
        """Adds text; returns what can be spoken now."""
        found: list[str] = []
        for character in delta:  # one at a time: the same text gives the same cuts whatever its deltas were
            self._text += character
            while (end := self._cut()) is not None:
                found.append(self._take(end))
        return tuple(found)

    def finish(self) -> tuple[str, ...]:
        """Ends the text; returns what is left. The cutter can then start on another text."""
        rest, self._text, self._first = self._text, "", True
        return (rest,) if rest else ()

    def _take(self, end: int) -> str:
        piece, self._text = self._text[:end], self._text[end:]
        self._first = self._first and not has_words(piece)
        return piece

    def _cut(self) -> int | None:
        """Where the text so far ends an utterance, None if nowhere yet. Looks only at what the last character adds."""
        text = self._text
        if len(text) < 2:  # a cut needs a mark and what follows it
            return None
        end = self._sentence_end(text)
        if end is None and self._first:
            end = self._clause_end(text)
        return self._overlong(text) if end is None else end

    def _sentence_end(self, text: str) -> int | None:
        """A sentence is over when the character after its marks, closers and one blank is known."""
        last = len(text) - 1
        if text[last] in _ENDERS or text[last] in _CLOSERS or last < 1:
            return None
        blank = text[last].isspace()
        body = text[:last]
        # Closing quotes and brackets belong to the sentence they end.
        mark = len(body) - 1
        while mark >= 0 and body[mark] in _CLOSERS:
            mark -= 1
        if mark < 0 or body[mark] not in _ENDERS:
            return None
        if (
            not has_words(body)
            or (_inside(body) and "\n" not in body)
            or _inside_number_or_name(text, mark, last, self._language)
        ):
            return None
        return last + 1 if blank else last

    def _clause_end(self, text: str) -> int | None:
        last = len(text) - 1
        if last < 1:
            return None
        mark = text[last - 1]
        head = text[:last]
        limits = self._limits
        if mark in _CLAUSE_MARKS - {"、"} and (mark in "，：" or text[last].isspace()):
            enough = limits.first_han if _HAN.search(head) else limits.first_words
            if _size(head) >= enough and not _inside(head):
                return last + 1 if text[last].isspace() else last
        for match in _CONJUNCTIONS[self._language].finditer(text):
            head = text[: match.end()]
            enough = limits.first_long_han if _HAN.search(head) else limits.first_long_words
            if _size(head) >= enough and not _inside(head):
                return match.end()
        return None

    def _overlong(self, text: str) -> int | None:
        limit = self._limits.longest_han if _HAN.search(text) else self._limits.longest
        if len(text) <= limit:
            return None
        half = limit // 2
        for marks in (_CLAUSE_MARKS | _ENDERS, frozenset(" \t")):
            for index in range(limit - 1, half, -1):
                if text[index] in marks and not (
                    index + 1 < len(text) and text[index - 1].isdigit() and text[index + 1].isdigit()
                ):
                    return index + 1
        return limit


def has_words(text: str) -> bool:
    """Whether there is anything to say in `text`."""
    return any(character.isalnum() for character in text)


def sentences(text: str, language: Language, limits: SentenceLimits | None = None) -> tuple[str, ...]:
    """Cuts a whole text as a stream of it would be cut."""
    cutter = SentenceCutter(language, limits)
    return cutter.push(text) + cutter.finish()


def _size(text: str) -> int:
    """Words, or Chinese characters (an alphabetic word counts as two)."""
    han = len(_HAN.findall(text))
    words = len(_WORD.findall(_HAN.sub(" ", text)))
    return han + 2 * words if han else words


def _inside(text: str) -> bool:
    """Whether a bracket or a quote is still open."""
    return text.count("(") > text.count(")") or text.count("（") > text.count("）") or text.count("“") > text.count("”")


def _inside_number_or_name(text: str, mark: int, last: int, language: Language) -> bool:
    """Whether the mark at `mark` does not end a sentence; `last` is the first character after it and its closers."""
    after = text[last]
    kind = text[mark]
    if kind in _FULLWIDTH_ENDERS:
        return False
    if not after.isspace():
        # Without a blank only Chinese, or an opening mark, starts a new sentence: 3.14, www.a.com, Node.js, "?!"
        return not (_HAN.match(after) or after in _OPENERS - {'"', "("})
    if kind != "." or text[max(0, mark - 2) : mark + 1] == "...":
        return False
    word = re.search(r"[^\s(\[“\"'«¿¡]*$", text[:mark])
    token = word.group().lower().rstrip(".") if word else ""
    if token in _ABBREVIATIONS[language]:
        return True
    # An initial ("J. Smith"), or the number of a list item at the line's start ("1. Python").
    if re.fullmatch(r"[^\W\d_]", token) and token not in {"i", "y", "o", "a", "e"} and not _HAN.match(token):
        return True
    return bool(re.fullmatch(r"\d{1,2}", token)) and not text[: mark - len(token)].strip()
