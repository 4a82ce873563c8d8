"""Takes out of an utterance what is not a person's plain statement: code, JSON, tags, assignments, faked roles."""

from __future__ import annotations

import re
from typing import Final

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
        r"\[INST\].*?(?:\[/INST\]|$)|<<SYS>>.*?(?:<</SYS>>|$)|<\|im_start\|>.*?(?:<\|im_end\|>|$)",
        r"<\|.*?\|>|<[^<>]{1,60}>|\[/?(?:INST|SYS|SYSTEM)\]",
        r"\{.*\}|\{.*$",
        r"\[[^\[\]]*[\"'][^\[\]]*\]",
        rf"(?:^|(?<=[\s.!?。！？,，\"'#*\[]))(?:{_ROLES})\s*(?:\w+\s*)?[\]*]*\s*[:：>][^\n]*",
        r"^\s*#{2,}[^\n]*",
        rf"[\"']?\b\w*(?:{_FACTS})\w*\b[\"']?\s*(?::=|==?|->|=>|:(?=\s*[\"'])|＝)\s*[\"']?[\w+# -]*[\"']?",
        rf"(?:{_FACTS})\s*(?:=|＝)\s*\S+",
    )
)


def plain(text: str) -> tuple[str, bool]:
    """The text without such pieces, and whether there were any. At most 2,000 characters are looked at."""
    rest = text[:2000]
    for pattern in _PATTERNS:
        rest = pattern.sub(" . ", rest)
    return rest, rest != text[:2000]
