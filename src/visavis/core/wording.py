"""What a text is about, word by word, in any mixture of the three languages. Pure."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

_TOKEN: Final = re.compile(r"[\u3400-\u9fff]|[^\W_\u3400-\u9fff]+")
_HAN: Final = re.compile(r"[\u3400-\u9fff]")


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


_ENGLISH: Final = _set(
    "a an the and or but if then so of to in on at by for from with without about into over is are am was were be "
    "been being do does did doing have has had can could will would shall should may might must i you he she it we "
    "they me him her us them my your his its our their this that these those there here what which who whom whose "
    "when where why how not no yes as than too very just also only some any please tell know want like get got s t "
    "m re ve ll d"
)
_SPANISH: Final = _set(
    "el la los las lo un una unos unas y e o u pero si de del al en con sin por para sobre entre es son soy eres "
    "somos era eran fue ser estar esta estan estoy hay he ha han haber tengo tiene tienen hacer hace puedo puede "
    "pueden yo tu usted ustedes nosotros ellos ellas me te se le les nos mi mis tus su sus este estos esto ese esa "
    "esos eso aquel que cual cuales quien quienes cuando donde como cuanto cuanta cuantos cuantas porque no muy mas "
    "tambien solo ya favor dime"
)
"""Without accents."""
_CHINESE: Final = frozenset(
    "的了吗呢吧啊是在有和与及或把被给我你您他她它们这那哪什么怎样很都也就还会能可要想请问多少几个不没为对从到以用说"
)


def _folded(text: str) -> str:
    """Lower case, full-width forms as plain ones, no accents."""
    plain = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", text).casefold())
    return "".join(mark for mark in plain if not unicodedata.combining(mark))


def tokens(text: str) -> tuple[str, ...]:
    """Words and numbers as they come, folded; each Chinese character is one."""
    return tuple(_TOKEN.findall(_folded(text)))


def content(text: str) -> frozenset[str]:
    """What the text is about: its words without those that every text has, cut to their stems, and the pairs of
    Chinese characters."""
    found: set[str] = set()
    before = ""
    for token in tokens(text):
        han = bool(_HAN.match(token))
        if not han:
            if token not in _ENGLISH | _SPANISH:
                found.add(_stem(token))
        elif token not in _CHINESE:
            found.add(before + token)
        before = token if han and token not in _CHINESE else ""
    return frozenset(found)


def same_request(one: str, other: str) -> bool:
    """Whether two wordings ask for the same: they differ at most in words that every text has."""
    return tokens(one) == tokens(other) or content(one) == content(other) != frozenset()


def _stem(word: str) -> str:
    """Six letters, without the plural's s; numbers as they are."""
    if word.isdigit() or len(word) < 4:
        return word
    return word.removesuffix("s")[:6]
