from __future__ import annotations

import pytest

from visavis.core.language import LANGUAGES, Language
from visavis.engines.text_language import TextLanguage


@pytest.fixture(scope="module")
def detector() -> TextLanguage:
    return TextLanguage()


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("hola", "es"),
        ("principiante", "es"),
        ("Intermedio", "es"),
        ("sí", "es"),
        ("quiero aprender Python", "es"),
        ("Científica de datos", "es"),
        ("gracias", "es"),
        ("¿Python?", "es"),
        ("me llamo Ana", "es"),
        ("desarrollador web", "es"),
        ("hello", "en"),
        ("beginner", "en"),
        ("data scientist", "en"),
        ("I want to learn SQL", "en"),
        ("web developer", "en"),
        ("thanks", "en"),
        ("not much", "en"),
        ("你好", "zh"),
        ("我想学Python", "zh"),
        ("Python", None),
        ("学习 machine learning", "zh"),
        ("我是beginner，想学machine learning，以后做data scientist", "zh"),
        ("ok", None),
        ("SQL, JavaScript", None),
        ("12345", None),
        ("", None),
        ("Ayer cenamos tarde, luego vimos películas", "es"),
        ("Yesterday evening everybody watched films", "en"),
    ],
)
def test_detects(detector: TextLanguage, text: str, language: Language | None) -> None:
    for default in LANGUAGES:
        assert detector.detect(text, default) == (language or default)
