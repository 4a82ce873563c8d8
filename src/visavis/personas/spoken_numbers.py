"""The numbers in a text, in digits or in words, in the three languages."""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from typing import Final

_DIGITS: Final = re.compile(r"\d+(?:[.,:’' \u00a0]\d{3})*(?:[.,:]\d+)?")
_CHINESE: Final = re.compile(r"[零〇一二两三四五六七八九十百千万亿]+")
_WORD: Final = re.compile(r"[^\W\d_]+(?:[ -][^\W\d_]+){0,3}")
_LONGEST: Final = 4


def values(text: str, *, spelled: bool = True) -> set[str]:
    """Every number as plain digits: `1,500` is 1500, `2.5` is 2.5, `18:30` is 18 and 30.

    With `spelled` also their parts, those in words, and for each hour that of the other clock, so that what is said in
    one way can be looked up in the other.
    """
    plain = unicodedata.normalize("NFKC", text)
    found: set[str] = set()
    for match in _DIGITS.findall(plain):
        found |= _parts(match) if ":" in match else {_reading(match)}
        if spelled:
            found |= {_reading(match), *_parts(match)}
    if spelled:
        found |= _in_words(plain.casefold()) | _in_chinese(text)
        found |= {str(int(one) + 12) for one in found if one.isdigit() and 0 < int(one) <= 11}
        found |= {str(int(one) - 12) for one in found if one.isdigit() and 13 <= int(one) <= 23}
    return found


def _reading(number: str) -> str:
    """One number in one way: blanks and marks between thousands left out, a fraction's mark a dot."""
    grouped = re.sub(r"[.,’' \u00a0](?=\d{3}(?:\D|$))", "", number)
    return re.sub(r"[,:]", ".", grouped).lstrip("0") or "0"


def _parts(number: str) -> set[str]:
    return {part.lstrip("0") or "0" for part in re.findall(r"\d+", number)}


def _in_words(text: str) -> set[str]:
    table = _table()
    found: set[str] = set()
    words = re.findall(r"[^\W\d_]+", text)
    for at in range(len(words)):
        for length in range(1, _LONGEST + 1):
            number = table.get(" ".join(words[at : at + length]))
            if number is not None:
                found.add(number)
    return found


def _in_chinese(text: str) -> set[str]:
    matches = _CHINESE.findall(text)
    if not matches:
        return set()
    import cn2an  # the voice loads it too, beside the server's start: it takes a third of a second

    found: set[str] = set()
    for match in matches:
        try:
            found.add(str(cn2an.cn2an(match.replace("两", "二"), "smart")))
        except (ValueError, KeyError):
            continue
    return found


@cache
def _table() -> dict[str, str]:
    """Words of 0 … 199 and the round hundreds, in English and Spanish, to their digits."""
    from num2words import num2words

    numbers = [*range(200), *range(200, 1001, 100)]
    table: dict[str, str] = {
        "half": "0.5",
        "medio": "0.5",
        "media": "0.5",
        "una": "1",
        "un": "1",
        "a": "1",
        "once": "11",
    }
    for number in numbers:
        for language in ("en", "es"):
            words = re.sub(r"[^\w]+", " ", num2words(number, lang=language)).replace(" and ", " ")
            table.setdefault(words, str(number))
    return table
