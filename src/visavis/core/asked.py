"""What kind of thing a question asks for, and whether a text has one in it: nothing without a price says what it costs.

Numbers, units and their words are told apart, whatever the language: what a question asks for has to be in what answers
it even where no word is common to both. Pure.
"""

from __future__ import annotations

import re
import tomllib
from importlib.resources import files
from typing import Final


def _kinds() -> dict[str, tuple[re.Pattern[str], re.Pattern[str]]]:
    text = (files("visavis.core") / "data" / "asked.toml").read_text("utf-8")
    return {name: (_one_of(kind["asks"]), _one_of(kind["has"])) for name, kind in tomllib.loads(text).items()}


def _one_of(patterns: list[str]) -> re.Pattern[str]:
    # A Chinese character ends a Latin word, which only ASCII's \b knows.
    return re.compile("|".join(patterns), re.IGNORECASE | re.ASCII)


_KINDS: Final = _kinds()


def asked(question: str) -> tuple[str, ...]:
    """The kinds of thing that a question asks for; () when that cannot be told."""
    return tuple(name for name, (asks, _) in _KINDS.items() if asks.search(question))


def offers(text: str, kinds: tuple[str, ...]) -> bool:
    """Whether a text has something of each of these kinds in it."""
    return all(_KINDS[name][1].search(text) for name in kinds)
