from __future__ import annotations

import pytest

from visavis.core.language import LANGUAGES, Language
from visavis.core.speech import Phoneme
from visavis.engines.builtin.kokoro_tokens import VOCABULARY
from visavis.face.visemes import ABSORBED_PAUSE, DIPHTHONG_SPLIT, cues, is_closure, shape, sounds


def spell(*symbols: str, each: float = 0.1, stress: int = 0) -> list[Phoneme]:
    return [Phoneme(symbol, i * each, (i + 1) * each, stress) for i, symbol in enumerate(symbols)]


def names(language: Language, *symbols: str) -> list[str]:
    return [cue.viseme for cue in cues(spell(*symbols), language)]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_symbol_of_kokoro_is_mapped_or_ignored_on_purpose(language: Language) -> None:
    assert len(VOCABULARY) > 100
    assert [symbol for symbol in VOCABULARY if shape(symbol, language) is None] == []


def test_no_letter_of_a_language_is_without_shape() -> None:
    silent = {symbol for symbol in VOCABULARY if symbol.isalpha() and shape(symbol, "en") == ()}
    assert silent <= set("ʰʲᵝʔˈˌː")


def test_an_unknown_symbol_is_told_apart_and_leaves_a_gap() -> None:
    assert shape("☃", "en") is None
    assert names("en", "m", "☃", "i") == ["PP", "I"]


@pytest.mark.parametrize(
    ("symbols", "expected"),
    [
        (["p"], ["PP"]), (["b"], ["PP"]), (["m"], ["PP"]), (["f"], ["FF"]), (["v"], ["FF"]),
        (["θ"], ["TH"]), (["ð"], ["TH"]), (["ʤ"], ["CH"]), (["ʧ"], ["CH"]), (["tʃ"], ["CH"]),
        (["ɹ"], ["RR"]), (["ɾ"], ["DD"]), (["T"], ["DD"]), (["ŋ"], ["nn"]), (["w"], ["U"]), (["h"], ["kk"]),
        (["A"], ["E", "I"]), (["I"], ["aa", "I"]), (["O"], ["O", "U"]), (["W"], ["aa", "U"]), (["Y"], ["O", "I"]),
        (["aɪ"], ["aa", "I"]), (["oʊ"], ["O", "U"]), (["ɔɪ"], ["O", "I"]), (["Q"], ["aa", "U"]),
        (["ɑːɹ"], ["aa", "RR"]), (["ɜː"], ["RR"]), (["əl"], ["aa", "DD"]), (["n̩"], ["nn"]), (["ᵊ"], ["aa"]),
        (["aɪɚ"], ["aa", "I", "RR"]),
    ],
)  # fmt: skip
def test_english(symbols: list[str], expected: list[str]) -> None:
    assert names("en", *symbols) == expected


@pytest.mark.parametrize(
    ("symbols", "expected"),
    [
        (["ɲ"], ["nn"]), (["ʎ"], ["I"]), (["ʝ"], ["I"]), (["r"], ["DD"]), (["ɾ"], ["DD"]), (["x"], ["kk"]),
        (["v"], ["PP"]), (["β"], ["PP"]), (["ð"], ["TH"]), (["ɣ"], ["kk"]), (["tʃ"], ["CH"]), (["θ"], ["TH"]),
        (["a", "e", "i", "o", "u"], ["aa", "E", "I", "O", "U"]), (["oi"], ["O", "I"]),
    ],
)  # fmt: skip
def test_spanish(symbols: list[str], expected: list[str]) -> None:
    assert names("es", *symbols) == expected


def test_spanish_approximants_come_near_without_closing() -> None:
    (near,) = cues(spell("β"), "es")
    (shut,) = cues(spell("b"), "es")
    assert not is_closure(near)
    assert is_closure(shut)
    assert (cues(spell("ð"), "es")[0].weight, cues(spell("ð"), "en")[0].weight) == (0.55, 1.0)


@pytest.mark.parametrize(
    ("symbols", "expected"),
    [
        (["p"], ["PP"]), (["pʰ"], ["PP"]), (["m"], ["PP"]), (["f"], ["FF"]), (["ʂ"], ["CH"]), (["ꭧʰ"], ["CH"]),
        (["ɕ"], ["SS"]), (["ʨʰ"], ["SS"]), (["ʦ"], ["SS"]), (["ɻ"], ["RR"]), (["y"], ["U"]), (["ɥ", "e"], ["U", "E"]),
        (["ɚ"], ["aa", "RR"]), (["ai"], ["aa", "I"]), (["ou"], ["O", "U"]), (["ʊ", "ŋ"], ["O", "nn"]),
        (["ɤ"], ["E"]), (["xau↓"], ["kk", "aa", "U"]), (["ni↓"], ["nn", "I"]),
    ],
)  # fmt: skip
def test_mandarin(symbols: list[str], expected: list[str]) -> None:
    assert names("zh", *symbols) == expected


def test_the_apical_vowel_keeps_the_shape_of_the_sibilant_before_it() -> None:
    assert names("zh", "s", "ɨ") == ["SS", "SS"]
    assert names("zh", "ʂ", "ɨ") == ["CH", "E"]


def test_tones_and_length_lengthen_the_sound_before_and_have_no_shape() -> None:
    for mark in "→↗↘↓ː":
        (cue,) = cues(spell("a", mark), "zh")
        assert (cue.start, cue.end) == (0.0, 0.2)


def test_stress_belongs_to_the_sound_after_it() -> None:
    first, second = sounds(spell("ˈ", "a", "a"))
    assert (first.stress, first.start, second.stress) == (2, 0.0, 0)
    strong, weak = cues(spell("ˈ", "a", "a"), "en")
    assert strong.weight == 1.0 > weak.weight


def test_without_stress_marks_no_vowel_is_reduced() -> None:
    assert all(cue.weight == 1.0 for cue in cues(spell("a", "a"), "zh"))


def test_a_diphthong_splits_at_its_share() -> None:
    first, second = cues([Phoneme("aɪ", 1.0, 2.0)], "en")
    assert first.end == second.start == 1.0 + DIPHTHONG_SPLIT


def test_an_affricate_spelled_with_two_symbols_is_one_shape() -> None:
    (cue,) = cues(spell("t", "ʃ"), "en")
    assert (cue.viseme, cue.start, cue.end) == ("CH", 0.0, 0.2)
    assert names("en", "t", " ", "ʃ") == ["DD", "CH"]


def test_neighbouring_closures_are_one() -> None:
    (cue,) = cues(spell("m", "p"), "en")
    assert (cue.start, cue.end) == (0.0, 0.2)


def test_short_pauses_are_absorbed_and_long_ones_rest() -> None:
    def with_pause(seconds: float) -> list[str]:
        half, end = 0.1 + seconds / 2, 0.1 + seconds
        parts = [Phoneme("a", 0, 0.1), Phoneme(",", 0.1, half), Phoneme(" ", half, end), Phoneme("a", end, end + 0.1)]
        return [cue.viseme for cue in cues(parts, "es")]

    assert with_pause(ABSORBED_PAUSE - 0.01) == ["aa", "aa"]
    assert with_pause(ABSORBED_PAUSE + 0.01) == ["aa", "sil", "aa"]
