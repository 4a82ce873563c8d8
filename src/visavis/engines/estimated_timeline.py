"""Phoneme times where a synthesiser gives only words, or nothing: typical lengths, scaled to what is known."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from visavis.core.speech import Phoneme, Timeline, Word
from visavis.engines.pronunciation import Sound

_VOWELS: Final = frozenset("aeiouyɑɐɒæɔəɚɛɜɤɨɪɯøœʊʌᵻ")
_LONG: Final = 1.5  # a diphthong or a long vowel against a short one
_VOWEL: Final = 1.3  # a vowel against a consonant
_STRESSED: Final = 1.25
_BRIEF: Final = frozenset("ɾjwhɦ")  # taps and glides take about half


def weight(sound: Sound) -> float:
    """How long a sound is, against a plain consonant."""
    if sound.symbol[:1] not in _VOWELS:
        return 0.6 if sound.symbol in _BRIEF else 1.0
    length = _VOWEL * (_LONG if len(sound.symbol) > 1 else 1.0)
    return length * (_STRESSED if sound.stress else 1.0)


def estimate(words: Sequence[tuple[Word, Sequence[Sound]]], duration: float) -> Timeline:
    """A timeline from timed words and the sounds of each; what lies between words is pause."""
    phonemes: list[Phoneme] = []
    edge = 0.0
    for word, sounds in words:
        start, end = max(edge, word.start), max(edge, word.end)
        if start > edge:
            phonemes.append(Phoneme("sil", edge, start))
        total = sum(map(weight, sounds))
        at = start
        for sound in sounds:
            length = (end - start) * weight(sound) / total
            phonemes.append(Phoneme(sound.symbol, at, at + length, sound.stress))
            at += length
        edge = end if sounds else edge
    if duration > edge:
        phonemes.append(Phoneme("sil", edge, duration))
    return Timeline(tuple(phonemes), tuple(word for word, _ in words), max(duration, edge), exact=False)
