"""A script that can be spoken: some words, not too many, in a language that the voices know."""

from __future__ import annotations

import unicodedata
from collections import Counter
from functools import cached_property
from typing import Any, Final

from py3langid.langid import MODEL_FILE, LanguageIdentifier

from visavis.core.errors import VisavisError
from visavis.core.language import LANGUAGES, Language, as_language
from visavis.core.sentences import has_words
from visavis.engines.text_language import TextLanguage

LONGEST: Final = 6000
"""Characters: about seven minutes of speech."""

_ENOUGH_LETTERS: Final = 20
"""Below so many letters the model is not asked: names and exclamations look like anything."""
_CERTAIN: Final = 0.85
"""The model's probability from which another language is believed; short English and Spanish stay far below."""
_OURS: Final = frozenset({"en", "pcm", "sco", "es", "an", "ast", "ext", "gl", "la", "xh", "zu", "zh", "yue", "wuu"})
"""English, Spanish and Chinese, and what the model takes them for."""
_OWN_LETTERS: Final = ("LATIN", "CJK")
_FOREIGN_SHARE: Final = 0.2
"""Share of other letters (kana, Cyrillic, Arabic …) from which a text is not ours."""


class Scripts:
    """Examines scripts. The language model is read on first need (a second); blocking, safe for use from threads."""

    def __init__(self, longest: int = LONGEST) -> None:
        self._longest = longest

    def language(self, text: str, wanted: str | None = None) -> Language:
        """The language to speak `text` in: `wanted` (any name a client may use), else the one it is written in.

        Raises VisavisError `script.empty`, `script.too_long`, `script.language`.
        """
        if not has_words(text):
            raise VisavisError("script.empty", "The script has no words; write what is to be said.")
        if len(text) > self._longest:
            raise VisavisError(
                "script.too_long",
                f"The script has {len(text)} characters; shorten it to {self._longest}, or make several videos.",
            )
        asked = self.tongue(wanted) if wanted else None
        if self._is_foreign(text):
            raise _foreign()
        return asked or self._own.detect(text, LANGUAGES[0])

    def tongue(self, name: str) -> Language:
        """The language of that name (`es-MX`, `zh`). Raises VisavisError `script.language`."""
        language = as_language(name)
        if language is None:
            raise _foreign()
        return language

    def _is_foreign(self, text: str) -> bool:
        letters = Counter(unicodedata.name(char, "").split(" ")[0] for char in text if char.isalpha())
        total = sum(letters.values())
        if total - sum(letters[name] for name in _OWN_LETTERS) > _FOREIGN_SHARE * total:
            return True
        if letters["CJK"] or total < _ENOUGH_LETTERS:
            return False
        name, probability = self._every.classify(text)
        return name not in _OURS and float(probability) >= _CERTAIN

    @cached_property
    def _own(self) -> TextLanguage:
        return TextLanguage()

    @cached_property
    def _every(self) -> Any:
        return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)


def _foreign() -> VisavisError:
    return VisavisError(
        "script.language", "The voices speak English, 中文 and español; write the script in one of these."
    )
