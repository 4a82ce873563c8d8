"""Takes out of an utterance what is not a person's plain statement: code, JSON, tags, assignments, faked roles, and
orders against what the persona was told."""

from __future__ import annotations

import re
from typing import Final

from visavis.personas.chat_turns import MARK, TURN

_ROLES: Final = (
    r"system|sistema|assistant|asistente|developer|admin|administrator|instructions?|instrucci[oó]n(?:es)?|prompt"
    r"|系统|助手|管理员|开发者|指令"
)
_FACTS: Final = (
    r"goal|level|career|topic|skill|user|profile|nivel|meta|objetivo|carrera|tema|perfil"
    r"|目标|级别|水平|等级|职业|主题|用户"
)
_PATTERNS: Final = tuple(
    re.compile(pattern, re.IGNORECASE | re.DOTALL)
    for pattern in (
        r"```.*?(?:```|$)",
        TURN,
        r"<\|.*?\|>|<[^<>]{1,60}>|\[/?(?:INST|SYS|SYSTEM)\]",
        r"\{.*\}|\{.*$",
        r"\[[^\[\]]*[\"'][^\[\]]*\]",
        rf"(?:^|(?<=[\s.!?。！？,，\"'#*\[]))(?:{_ROLES})\s*(?:\w+\s*)?[\]*]*\s*[:：>][^\n]*",
        r"^\s*#{2,}[^\n]*",
        rf"[\"']?\b\w*(?:{_FACTS})\w*\b[\"']?\s*(?::=|==?|->|=>|:(?=\s*[\"'])|＝)\s*[\"']?[\w+# -]*[\"']?",
        rf"(?:{_FACTS})\s*(?:=|＝)\s*\S+",
    )
)

_TURN: Final = re.compile(f"{TURN}|{MARK}", re.IGNORECASE | re.DOTALL)
_SENTENCE: Final = re.compile(r".+?(?:[.!?…]+(?=\s|$)|[。！？]+|\n+|$)", re.DOTALL)
_TOLD_EN: Final = r"(?:instructions?|prompts?|guidelines?|(?:your|these|those|previous|all(?: the)?) rules?)"
_ORDERS: Final = re.compile(
    rf"\b(?:ignore|disregard|forget|override|bypass)\b.{{0,40}}\b{_TOLD_EN}\b"
    rf"|\b(?:print|repeat|reveal|recite|show|output|tell me)\b.{{0,30}}\b(?:(?:system|your) prompts?|your {_TOLD_EN}"
    r"|your rules|(?:everything|all|the (?:text|words|lines?)) (?:above|before))\b"
    r"|^\W*(?:system|sistema|系统)\s*[:：]|\bthe notes? (?:says?|tells?)\b.{0,80}\b(?:answer|say|cite)\b"
    r"|\b(?:ignor|olvid|descart)\w*\b.{0,40}\b(?:instrucciones|indicaciones|tus reglas|todas las reglas|prompt)\b"
    r"|\b(?:repite|escribe|muestra|revela|di|recita)\w*\b.{0,50}"
    r"\b(?:tus (?:instrucciones|reglas)|prompt|te han dicho)\b"
    r"|(?:忽略|无视|忘记|忘掉).{0,12}(?:指令|规则|提示)"
    r"|(?:输出|念|说出|重复|透露|告诉我).{0,10}(?:提示词|你的(?:全部|所有)?(?:规则|指令))|你的(?:系统)?提示词.{0,12}(?:念|说|读)",
    re.IGNORECASE | re.MULTILINE,
)


def without_orders(text: str) -> str:
    """The text without made-up turns of a chat, and without sentences that tell the model to drop or to recite what it
    was told; "" when nothing else is left."""
    if not _TURN.search(text) and not _ORDERS.search(text):
        return text
    sentences = _SENTENCE.findall(_TURN.sub(" ", text))
    return " ".join(one.strip() for one in sentences if one.strip() and not _ORDERS.search(one))


def plain(text: str) -> tuple[str, bool]:
    """The text without such pieces, and whether there were any. At most 2,000 characters are looked at."""
    rest = text[:2000]
    for pattern in _PATTERNS:
        rest = pattern.sub(" . ", rest)
    return rest, rest != text[:2000]
