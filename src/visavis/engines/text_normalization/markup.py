"""What nobody reads aloud: markdown, emoji, link targets."""

from __future__ import annotations

import re
from typing import Final

from visavis.core.language import Language
from visavis.engines.text_normalization.rewriter import Rewriter

_EMOJI: Final = re.compile(
    "[\U0001f000-\U0001faff\u2600-\u27bf\u2b00-\u2bff\u2190-\u21ff\u2300-\u23ff\ufe0f\u200d\u20e3\U000e0000-\U000e007f]+"
)
_URL: Final = re.compile(
    r"(?:https?://|www\.)[^\s<>()\[\]，。；！？、（）\u3400-\u9fff]+[^\s<>()\[\]，。；！？、（）\u3400-\u9fff.,;:!?'\"]",
    re.I,
)
_EMAIL: Final = re.compile(r"\b([\w.+-]+)@([\w-]+(?:\.[\w-]+)+)\b", re.ASCII)
_DOT: Final = {"en": " dot ", "es": " punto ", "zh": "点"}
_AT: Final = {"en": " at ", "es": " arroba ", "zh": "艾特"}


def strip_markup(rewriter: Rewriter, language: Language) -> None:
    """Drops markdown and emoji, shortens links to their host, spells e-mail addresses."""
    sub = rewriter.sub
    sub(r"```\w*\n?|~~~\w*\n?", lambda _: " ")
    sub(r"!\[([^\]]*)\]\([^)]*\)", lambda match: match.group(1))
    sub(r"\[([^\]]+)\]\([^)]*\)", lambda match: match.group(1))
    sub(r"(?m)^\s{0,3}(?:#{1,6}|>|[-*+•])\s+", lambda _: "")
    sub(r"(\*\*|__)(?=\S)(.+?)(?<=\S)\1", lambda match: match.group(2))
    sub(r"(?<![\w*])([*_])(?=\S)([^*_\n]+?)(?<=\S)\1(?![\w*])", lambda match: match.group(2))
    sub(r"~~(.+?)~~", lambda match: match.group(1))
    sub(r"`([^`\n]*)`", lambda match: match.group(1))
    sub(r"</?[A-Za-z][^<>\n]*>", lambda _: " ")
    sub(r"\*+|(?<=\s)#+(?=\s)|\|", lambda _: " ")
    dot = _DOT[language]
    sub(_EMAIL, lambda match: f"{match.group(1)}{_AT[language]}{match.group(2)}".replace(".", dot))
    sub(_URL, lambda match: _host(match.group()).replace(".", dot))
    sub(_EMOJI, lambda _: " ")


def _host(url: str) -> str:
    address = re.sub(r"^https?://", "", url, flags=re.I)
    return re.sub(r"^www\.", "", address, flags=re.I).split("/")[0].split("?")[0].split("#")[0].split(":")[0]
