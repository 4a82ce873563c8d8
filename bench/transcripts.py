"""How far a transcript is from what was said."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence

from opencc import OpenCC

from visavis.core.language import Language

_SIMPLIFY = OpenCC("t2s")


def units(text: str, language: Language) -> list[str]:
    """What errors are counted in: words, or characters in Chinese; without case, punctuation and script variant."""
    folded = unicodedata.normalize("NFKC", text).lower().replace("'", "").replace("’", "")
    plain = "".join(c if c.isalnum() or unicodedata.combining(c) else " " for c in folded)
    if language == "zh":
        return list(_SIMPLIFY.convert(plain).replace(" ", ""))
    return plain.split()


def errors(said: Sequence[str], heard: Sequence[str]) -> int:
    """Fewest insertions, deletions and substitutions (Levenshtein)."""
    row = list(range(len(heard) + 1))
    for i, wanted in enumerate(said, 1):
        above, row[0] = row[0], i
        for j, got in enumerate(heard, 1):
            above, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, above + (wanted != got))
    return row[-1]
