"""A transcript's words with their sounds."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from visavis.core.language import Language
from visavis.core.speech import Word
from visavis.engines.pronunciation import Sound, SpokenWord
from visavis.engines.text_normalization import normalize

Pronounce = Callable[[str, Language], Sequence[SpokenWord]]
"""The words of a normalised text with their sounds, as `engines.builtin.g2p.G2P.words` gives them."""


@dataclass(frozen=True, slots=True)
class Unit:
    """Words that are pronounced as one: their numbers `first` … `last`, the time they take in s, and their sounds."""

    first: int
    last: int
    start: float
    end: float
    sounds: tuple[Sound, ...]


def units_of(words: Sequence[Word], language: Language, pronounce: Pronounce) -> list[Unit]:
    """The words that have a sound, in order; a word with none (a dash) is in no unit."""
    if not words:
        return []
    text = _text(words)
    spoken = normalize(text, language)
    offsets = [word.offset for word in words]
    units: list[Unit] = []
    for one in pronounce(spoken.text, language):
        if not one.sounds:
            continue
        last_place = min(one.offset + one.length, len(spoken.origin)) - 1
        first = max(0, bisect_right(offsets, spoken.origin[one.offset]) - 1)
        last = max(first, bisect_right(offsets, spoken.origin[max(one.offset, last_place)]) - 1)
        end = max(words[first].start, words[last].end)
        if units and first <= units[-1].last:
            before = units[-1]
            sounds = before.sounds + one.sounds
            units[-1] = replace(before, last=max(last, before.last), end=max(end, before.end), sounds=sounds)
        else:
            units.append(Unit(first, last, words[first].start, end, one.sounds))
    return units


def _text(words: Sequence[Word]) -> str:
    """The transcript as far as its words tell, blanks elsewhere."""
    characters = [" "] * max(word.offset + len(word.text) for word in words)
    for word in words:
        characters[word.offset : word.offset + len(word.text)] = word.text
    return "".join(characters)
