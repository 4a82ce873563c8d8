"""Written text to words that can be spoken: numbers, dates, money, units, acronyms, markup; with an alignment back."""

from __future__ import annotations

import re
import unicodedata
from types import MappingProxyType
from typing import Final

from visavis.core.language import Language
from visavis.engines.text_normalization import chinese, english, spanish
from visavis.engines.text_normalization.markup import strip_markup
from visavis.engines.text_normalization.rewriter import NormalizedText, Rewriter

__all__ = ["NormalizedText", "normalize"]

_OTHER_DIGIT: Final = re.compile(r"[^\D0-9]")
"""A decimal digit of another script, full width or Arabic-Indic for instance: the rules know ours."""

_RULES: Final = MappingProxyType({"en": english.apply, "zh": chinese.apply, "es": spanish.apply})


def normalize(text: str, language: Language) -> NormalizedText:
    """What is spoken for `text` in `language`, with each character's place in `text`. Pure."""
    rewriter = Rewriter(text)
    strip_markup(rewriter, language)
    rewriter.sub(_OTHER_DIGIT, lambda match: str(unicodedata.decimal(match.group())))
    _RULES[language](rewriter)
    rewriter.sub(r"\s+", lambda _: " ")
    return rewriter.result()
