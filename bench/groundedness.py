"""How far an answer rests on the passages it was made from: counted, not judged by another model.

What is measured, for answers in the language of the passages:

- *numbers*: every number in the answer stands in the passages or in the question;
- *words*: the share of the answer's content words whose stems stand in the passages or in the question.

An answer is called grounded when no number is made up and the share of words is at least `LEAST`. For answers across
languages only numbers can be compared, so only they count there. *Right* is another thing: the answer holds one of the
strings that the question's author wrote down for it.

What it cannot see: a negation dropped, two facts swapped, the right number for the wrong thing; and a free paraphrase
in other words counts as ungrounded. Read it as a floor under invention, not as proof of truth.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from bench.questions import Question
from visavis.core.wording import content

LEAST: Final = 0.6
"""Share of content words that a grounded answer takes from its passages; the rest is grammar and politeness."""

_WORDS: Final = {
    **{"two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10},
    **{"eleven": 11, "twelve": 12, "fourteen": 14, "fifteen": 15, "sixteen": 16, "eighteen": 18, "twenty": 20},
    **{"dos": 2, "tres": 3, "cuatro": 4, "cinco": 5, "seis": 6, "siete": 7, "ocho": 8, "nueve": 9, "diez": 10},
    **{"once": 11, "doce": 12, "trece": 13, "catorce": 14, "quince": 15, "dieciseis": 16, "veinte": 20},
}
"""Numbers that both documents and spoken answers write in words."""
_HAN: Final = "零一二三四五六七八九"


@dataclass(frozen=True, slots=True)
class Grounding:
    """The verdict on one answer; `words` is the share of content words carried, 1 where there are none."""

    numbers: bool
    words: float
    right: bool
    grounded: bool
    invented: tuple[str, ...]


def judge(answer: str, question: Question, passages: Sequence[str]) -> Grounding:
    """Compares an answer with its question and the texts it was made from."""
    source = " ".join((*passages, question.text))
    known = numbers(source)
    invented = tuple(sorted(numbers(answer) - known))
    carried = _carried(answer, source)
    right = any(_plain(piece) in _plain(answer) for piece in question.answer)
    grounded = not invented and (question.crosses or carried >= LEAST)
    return Grounding(not invented, carried, right, grounded, invented)


def numbers(text: str) -> set[str]:
    """The numbers in a text as digits, written in digits, in small English and Spanish words, or in Chinese."""
    plain = _plain(text)
    found = {_digits(one) for one in re.findall(r"\d+(?:[.,:]\d+)*", plain)}
    found |= {str(_WORDS[word]) for word in re.findall(r"[a-z]{3,}", plain) if word in _WORDS}
    found |= {
        str(value) for one in re.findall(rf"[{_HAN}两十百千]{{1,9}}", plain) if (value := _chinese(one)) is not None
    }
    return found - {"1"}


def _digits(number: str) -> str:
    """Without separators of thousands and needless zeros: 1,200 and 1.200 are 1200; 9:00 is 9."""
    if re.fullmatch(r"\d{1,3}([.,]\d{3})+", number):
        return re.sub(r"[.,]", "", number)
    return re.sub(r"[.,:]0+$", "", number.replace(",", "."))


def _chinese(number: str) -> int | None:
    """The value of a Chinese number below ten thousand; None for digits in a row and for what is none."""
    total = unit = 0
    for mark in number.replace("两", "二"):
        if mark in _HAN:
            if unit:
                return None
            unit = _HAN.index(mark)
        else:
            total += (unit or 1) * {"十": 10, "百": 100, "千": 1000}[mark]
            unit = 0
    return total + unit


def _carried(answer: str, source: str) -> float:
    words = content(answer)
    return len(words & content(source)) / len(words) if words else 1.0


def _plain(text: str) -> str:
    folded = unicodedata.normalize("NFKD", text.casefold())
    return "".join(mark for mark in folded if not unicodedata.combining(mark))
