"""What kind of thing a person says, where documents are at hand: a question, a follow-up, or small talk."""

from __future__ import annotations

import re
import tomllib
from importlib.resources import files
from typing import Final

from visavis.core.wording import content

SHORT: Final = 4
"""What follows something up has at most so many words of its own."""


def _patterns() -> dict[str, re.Pattern[str]]:
    text = (files("visavis.personas") / "data" / "knowledge" / "questions.toml").read_text("utf-8")
    return {name: re.compile("|".join(parts), re.IGNORECASE) for name, parts in tomllib.loads(text).items()}


_PATTERNS: Final = _patterns()
_MARK: Final = re.compile(r"[?？¿]")


def asks_for_facts(text: str) -> bool:
    """Whether the person asks for something that one would look up, rather than chats."""
    return bool(_PATTERNS["asks"].search(text)) and not small_talk(text)


def small_talk(text: str) -> bool:
    """Whether this is about the two who talk: greetings, thanks, names, feelings."""
    rest = _PATTERNS["small"].sub(" ", text)
    return rest != text and len(content(rest)) <= 2 and not _PATTERNS["asks"].search(_MARK.sub("", rest))


def follows_up(text: str) -> bool:
    """Whether this can only be understood after what was said before."""
    return bool(_PATTERNS["follows"].search(text)) and len(content(text)) <= SHORT
