"""Whatever is rewritten, every spoken character knows where it came from."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from visavis.core.language import LANGUAGES, Language
from visavis.engines.text_normalization import normalize

_PIECES = ["$5.50", "25%", "2024-05-12", "3:05 pm", "C++", "SQL", "**b**", "🎉", "1/2",
           "10-20", "12/05/2024", "5 km",
           "1.º", "￥5",            "第1名", "你好", " ", ",", "。", "¿qué?", "https://a.bc/d",
           "x@y.zz", "007", "1,234.5"]  # fmt: skip


@given(st.lists(st.one_of(st.sampled_from(_PIECES), st.text(max_size=6)), max_size=8), st.sampled_from(LANGUAGES))
def test_origins_never_go_back_and_stay_inside(pieces: list[str], language: Language) -> None:
    text = "".join(pieces)
    normalized = normalize(text, language)
    assert len(normalized.origin) == len(normalized.text)
    assert list(normalized.origin) == sorted(normalized.origin)
    assert all(0 <= index < len(text) for index in normalized.origin)


def test_words_point_at_what_they_stand_for() -> None:
    text = "I paid $5 for it."
    normalized = normalize(text, "en")
    assert text[normalized.origin[normalized.text.index("five")]] == "$"
    assert text[normalized.origin[normalized.text.index("for")]] == "f"


@pytest.mark.parametrize(("language", "said"), [("en", "twelve"), ("es", "doce"), ("zh", "十二")])
@pytest.mark.parametrize("written", ["１２", "١٢", "꧑꧒"])
def test_digits_of_every_script_are_read_as_numbers(written: str, language: Language, said: str) -> None:
    assert said in normalize(written, language).text
