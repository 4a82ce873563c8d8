"""What of a document is laid before the language model: the sentences that help, without orders, roles or marks."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from importlib.resources import files
from typing import Final

from visavis.core.wording import content
from visavis.personas.chat_turns import MARK, TURN

SENTENCE: Final = re.compile(r".+?(?:[.!?…]+[\"'”’)\]»]*(?=\s|$)|[。！？；]+[”’」』）]*|\n+|$)", re.DOTALL)
HAN: Final = re.compile(r"[\u3400-\u9fff\uff00-\uffef\u3000-\u303f]")
"""What takes two places in a prompt: Chinese characters and their marks."""
_MARK: Final = re.compile(r"\[\s*\^?\d{1,3}(?:\s*[,;–-]\s*\d{1,3})*\s*\]|【\s*\d{1,3}\s*】")
_TURN: Final = re.compile(TURN, re.IGNORECASE | re.DOTALL)
_TEMPLATE: Final = re.compile(
    rf"{MARK}|</?(?:system|user|assistant|tool|notes?|s|think|im_start|im_end)>|\[/?INST\]|<</?SYS>>|`{{3,}}",
    re.IGNORECASE,
)
_ROLE: Final = re.compile(
    r"^\W*(?:#+\s*)?(?:system|assistant|developer|admin(?:istrator)?|user|human|ai|bot|question|notes?"
    r"|sistema|asistente|desarrollador|administrador|usuario|pregunta|notas?"
    r"|系统|助手|开发者|管理员|用户|问题|资料)\s*(?:prompt|message|note|override|mensaje|提示|消息|指令)?\s*\W{0,3}[:：>]",
    re.IGNORECASE,
)


def _orders() -> tuple[re.Pattern[str], ...]:
    text = (files("visavis.personas") / "data" / "knowledge" / "orders.toml").read_text("utf-8")
    return tuple(re.compile(one, re.IGNORECASE) for table in tomllib.loads(text).values() for one in table)


_ORDERS: Final = _orders()
"""Sentences that speak to a machine rather than to a reader."""


def harmless(text: str) -> str:
    """A document's text as one quotation: no orders to the model, no roles, no chat marks, no numbers in brackets that
    could be taken for citations, no invisible characters; blanks and line breaks become single blanks."""
    visible = "".join(" " if mark in "\n\t\r" else mark for mark in _lines(text) if _seen(mark))
    return " ".join(visible.split())


def excerpt(text: str, about: str, room: int) -> str:
    """The part of a quotation of at most `room` characters (Chinese ones count twice) that says most of what `about`
    is about: whole sentences in their order, or the beginning when no words are shared. "…" stands for what is left
    out."""
    if width(text) <= room:
        return text
    wanted = content(about)
    found = [sentence.strip() for sentence in SENTENCE.findall(text) if sentence.strip()]
    shared = [len(content(sentence) & wanted) for sentence in found]
    best = max(range(len(found)), key=lambda index: (shared[index], -index), default=0)
    first = last = best if shared and shared[best] else 0
    used = width(found[first]) if found else 0
    while True:
        grown = [index for index in (last + 1, first - 1) if 0 <= index < len(found)]
        fitting = [index for index in grown if used + width(found[index]) + 1 <= room]
        if not fitting:
            break
        chosen = max(fitting, key=lambda index: (shared[index], index))
        used += width(found[chosen]) + 1
        first, last = min(first, chosen), max(last, chosen)
    kept = " ".join(found[first : last + 1])
    kept = _cut(kept, room)
    return ("… " if first else "") + kept + (" …" if last + 1 < len(found) else "")


def _lines(text: str) -> str:
    """The text without the sentences and marks that are not a quotation's."""
    told = _TURN.sub(" \n", unicodedata.normalize("NFC", text))
    plain = _MARK.sub("", _TEMPLATE.sub(" \n", told))
    return "".join(sentence for sentence in SENTENCE.findall(plain) if not _speaks_to_a_machine(sentence))


def _speaks_to_a_machine(sentence: str) -> bool:
    line = " ".join("".join(mark for mark in sentence if _seen(mark) or mark.isspace()).split())
    return bool(_ROLE.search(line)) or any(order.search(line) for order in _ORDERS)


def _seen(mark: str) -> bool:
    """Whether a character is one that a reader sees, or a blank."""
    return mark in "\n\t" or unicodedata.category(mark)[0] != "C"


def width(text: str) -> int:
    """Characters, a Chinese one counted twice."""
    return len(text) + len(HAN.findall(text))


def _cut(text: str, room: int) -> str:
    """The beginning of a text that is too long for its room, without half a word."""
    if width(text) <= room:
        return text
    used = 0
    for index, mark in enumerate(text):
        used += 2 if HAN.match(mark) else 1
        if used > room:
            head = text[:index]
            return (head.rsplit(" ", 1)[0] if " " in head and not HAN.search(head) else head) + " …"
    return text
