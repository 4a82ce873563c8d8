"""The three languages visavis speaks."""

from __future__ import annotations

from typing import Final, Literal, get_args

Language = Literal["en", "zh", "es"]

LANGUAGES: Final[tuple[Language, ...]] = get_args(Language)


def as_language(tag: str | None) -> Language | None:
    """The language of a BCP 47 tag or Whisper code (`es-MX`, `zh`), or None when it is none of the three."""
    if not tag:
        return None
    primary = tag.replace("_", "-").split("-")[0].lower()
    for language in LANGUAGES:
        if primary == language:
            return language
    return "zh" if primary in {"cmn", "yue"} else None
