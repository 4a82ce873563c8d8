"""Kokoro's alphabet: sounds to token ids, and token durations back to a timeline."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Final

from visavis.core.language import Language
from visavis.engines.pronunciation import Sound, SpokenWord

FRAME: Final = 0.025
"""Seconds a frame: 600 samples at 24 kHz."""

MAX_TOKENS: Final = 510
"""Tokens of one pass, the two pads not counted."""

VOCABULARY: Final = MappingProxyType({
    ";": 1, ":": 2, ",": 3, ".": 4, "!": 5, "?": 6, "—": 9, "…": 10, '"': 11, "(": 12, ")": 13, "“": 14, "”": 15,
    " ": 16, "\u0303": 17, "ʣ": 18, "ʥ": 19, "ʦ": 20, "ʨ": 21, "ᵝ": 22, "\uab67": 23, "A": 24, "I": 25, "O": 31,
    "Q": 33, "S": 35, "T": 36, "W": 39, "Y": 41, "ᵊ": 42, "a": 43, "b": 44, "c": 45, "d": 46, "e": 47, "f": 48,
    "h": 50, "i": 51, "j": 52, "k": 53, "l": 54, "m": 55, "n": 56, "o": 57, "p": 58, "q": 59, "r": 60, "s": 61,
    "t": 62, "u": 63, "v": 64, "w": 65, "x": 66, "y": 67, "z": 68, "ɑ": 69, "ɐ": 70, "ɒ": 71, "æ": 72, "β": 75,
    "ɔ": 76, "ɕ": 77, "ç": 78, "ɖ": 80, "ð": 81, "ʤ": 82, "ə": 83, "ɚ": 85, "ɛ": 86, "ɜ": 87, "ɟ": 90, "ɡ": 92,
    "ɥ": 99, "ɨ": 101, "ɪ": 102, "ʝ": 103, "ɯ": 110, "ɰ": 111, "ŋ": 112, "ɳ": 113, "ɲ": 114, "ɴ": 115, "ø": 116,
    "ɸ": 118, "θ": 119, "œ": 120, "ɹ": 123, "ɾ": 125, "ɻ": 126, "ʁ": 128, "ɽ": 129, "ʂ": 130, "ʃ": 131, "ʈ": 132,
    "ʧ": 133, "ʊ": 135, "ʋ": 136, "ʌ": 138, "ɣ": 139, "ɤ": 140, "χ": 142, "ʎ": 143, "ʒ": 147, "ʔ": 148, "ˈ": 156,
    "ˌ": 157, "ː": 158, "ʰ": 162, "ʲ": 164, "↓": 169, "→": 171, "↗": 172, "↘": 173, "ᵻ": 177,
})  # fmt: skip
"""The vocabulary of Kokoro-82M v1.0 (its config.json, Apache-2.0)."""

_SHARED: Final = {"aɪ": "I", "aʊ": "W", "eɪ": "A", "ɔɪ": "Y", "tʃ": "ʧ", "dʒ": "ʤ", "g": "ɡ", "ts": "ʦ", "dz": "ʣ"}
_ENGLISH: Final = _SHARED | {
    "oʊ": "O", "əʊ": "Q", "ɚ": "əɹ", "ɜː": "ɜɹ", "ɜ": "ɜɹ", "iː": "i", "uː": "u", "ɑː": "ɑ", "ɔː": "ɔ", "oː": "ɔ",
    "ɑːɹ": "ɑɹ", "ɔːɹ": "ɔɹ", "oːɹ": "ɔɹ", "ɐ": "ə", "r": "ɹ", "ɾ": "T", "ʔ": "t", "x": "k", "ç": "k", "ɬ": "l",
    "əl": "ᵊl", "n̩": "ᵊn", "l̩": "ᵊl", "m̩": "ᵊm", "ɪə": "iə", "aɪɚ": "Iəɹ", "aɪə": "Iə", "aʊɚ": "Wəɹ", "e": "A",
    "o": "ɔ", "a": "æ",
}  # fmt: skip
"""espeak's American English to the alphabet of Kokoro's English voices."""

_MARKS: Final = str.maketrans({
    "，": ",", "、": ",", "。": ".", "！": "!", "？": "?", "；": ";", "：": ":", "（": "(", "）": ")", "–": "—",
    "−": "—",
    "．": ".", "｡": ".", "⋯": "…",
})  # fmt: skip
_SPOKEN_MARKS: Final = frozenset(";:,.!?—…()")
_STRESS: Final = ("", "ˌ", "ˈ")
_STRESSED: Final = MappingProxyType({
    "i": (0, 1), "i'd": (0, 1), "i'll": (0, 1), "i'm": (0, 1), "i've": (0, 1), "it'd": (0, 1), "what": (1, 1),
    "when": (1, 1), "goes": (1, 2), "ours": (0, 2),
})  # fmt: skip
"""Words that espeak leaves unstressed and the lexicon that Kokoro learnt from (misaki's) does not: sound and stress.
Without the mark Kokoro swallows them: its "I" lasted 40 ms and no listener's model wrote it down."""

PAUSE: Final = -1
"""Owner of tokens that belong to no sound."""


@dataclass(frozen=True, slots=True)
class Tokens:
    """What the encoder reads, pads not included: `ids`, and for each the index of the sound that owns it (`PAUSE` for
    blanks and punctuation)."""

    ids: tuple[int, ...]
    owners: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class PlacedSound:
    """A sound with the word it is in and its first and last frame (last excluded)."""

    sound: Sound
    word: int
    start: int
    end: int


def tokenize(text: str, words: Sequence[SpokenWord]) -> Tokens:
    """Tokens of `text`, whose words these are, with the punctuation between them."""
    ids: list[int] = []
    owners: list[int] = []

    def add(symbols: str, owner: int) -> None:
        for symbol in symbols:
            number = VOCABULARY.get(symbol)
            if number is not None:
                ids.append(number)
                owners.append(owner)

    position, index = 0, 0
    for number, word in enumerate(words):
        add(_gap(text[position : word.offset], inside=number > 0), PAUSE)
        position = max(position, word.offset + word.length)
        for sound in _stressed(word, text):
            add(symbols(sound, word.language), index)
            index += 1
    add(_gap(text[position:], inside=False).rstrip(), PAUSE)
    return Tokens(tuple(ids), tuple(owners))


def _stressed(word: SpokenWord, text: str) -> tuple[Sound, ...]:
    """The word's sounds, one of them stressed where Kokoro expects it."""
    spelled = text[word.offset : word.offset + word.length].lower().replace("’", "'")
    place, stress = _STRESSED.get(spelled, (-1, 0)) if word.language == "en" else (-1, 0)
    if place < 0 or any(sound.stress for sound in word.sounds):
        return tuple(word.sounds)
    return tuple(replace(s, stress=stress) if i == place else s for i, s in enumerate(word.sounds))


def symbols(sound: Sound, language: Language) -> str:
    """A sound in Kokoro's alphabet, marks included; "" when it has no letter for it."""
    if language == "zh":
        return sound.symbol + sound.tone
    table = _ENGLISH if language == "en" else _SHARED
    spelled = table.get(sound.symbol)
    if spelled is None:
        spelled = sound.symbol.replace("ː", "") if language == "en" else sound.symbol
        spelled = "".join(table.get(character, character) for character in unicodedata.normalize("NFC", spelled))
    return _STRESS[sound.stress] + spelled


def _gap(text: str, *, inside: bool) -> str:
    """Blanks and punctuation between two words as Kokoro wants them: marks, each run once, then one blank."""
    marks: list[str] = []
    for character in text.replace("...", "…").translate(_MARKS):
        if character in _SPOKEN_MARKS and (not marks or marks[-1] != character):
            marks.append(character)
    blank = " " if inside else ""
    if "(" in marks and inside:
        return "".join(mark for mark in marks if mark != "(") + " ("
    return "".join(marks) + blank


def place(tokens: Tokens, durations: Sequence[int], words: Sequence[SpokenWord]) -> tuple[PlacedSound, ...]:
    """Where each sound lies, in frames of this pass. `durations` has the pads' too (two more than tokens)."""
    spans: dict[int, tuple[int, int]] = {}
    frame = durations[0]
    for owner, duration in zip(tokens.owners, durations[1:-1], strict=True):
        if owner != PAUSE:
            start, _ = spans.get(owner, (frame, frame))
            spans[owner] = (start, frame + duration)
        frame += duration
    flat = [(sound, number) for number, word in enumerate(words) for sound in word.sounds]
    return tuple(PlacedSound(sound, word, *spans[index]) for index, (sound, word) in enumerate(flat) if index in spans)
