"""What can be said, and in which language."""

from __future__ import annotations

import pytest

from visavis.core.errors import VisavisError
from visavis.studio.script import LONGEST, Scripts

SPOKEN = [
    ("Hello there!", "en"),
    ("My name is Jean-Pierre Dupont and I live in Marseille.", "en"),
    ("Peter Piper picked a peck of pickled peppers.", "en"),
    ("Bob, pack a map. Mom, pop my bubble.", "en"),
    ("Python, Kubernetes, TensorFlow and Docker.", "en"),
    ("¿Qué tal? Me llamo Pedro y vivo en Madrid.", "es"),
    ("Pablo compra una bomba bonita para su papá en Burgos.", "es"),
    ("大家好，我叫安娜。", "zh"),
    ("今天我们学习 Python 和 machine learning。", "zh"),
]

FOREIGN = [
    "Bonjour, je m'appelle Marie et je suis très heureuse.",
    "Guten Tag, wie geht es Ihnen heute?",
    "Olá, eu sou a Maria e moro em Lisboa.",
    "Buongiorno a tutti, oggi parliamo di intelligenza artificiale e di futuro.",
    "Привет, меня зовут Анна.",
    "东京は日本の首都です",
    "안녕하세요",
    "مرحبا كيف حالك",
]


@pytest.fixture(scope="module")
def scripts() -> Scripts:
    return Scripts()


@pytest.mark.parametrize(("text", "language"), SPOKEN)
def test_the_three_languages_are_told_apart(scripts: Scripts, text: str, language: str) -> None:
    assert scripts.language(text) == language


@pytest.mark.parametrize("text", FOREIGN)
def test_a_fourth_language_is_refused(scripts: Scripts, text: str) -> None:
    with pytest.raises(VisavisError) as refusal:
        scripts.language(text)
    assert refusal.value.code == "script.language"


@pytest.mark.parametrize("text", ["", "  \n", "…!?", "🙂"])
def test_a_script_without_words_is_refused(scripts: Scripts, text: str) -> None:
    with pytest.raises(VisavisError) as refusal:
        scripts.language(text)
    assert refusal.value.code == "script.empty"


def test_a_long_script_is_refused_before_it_is_read(scripts: Scripts) -> None:
    with pytest.raises(VisavisError) as refusal:
        scripts.language("word " * LONGEST)
    assert refusal.value.code == "script.too_long"


def test_the_language_that_is_asked_for_wins_where_it_is_one_of_ours(scripts: Scripts) -> None:
    assert scripts.language("Hello there!", "es-MX") == "es"
    with pytest.raises(VisavisError) as refusal:
        scripts.language("Hello there!", "fr")
    assert refusal.value.code == "script.language"
