"""Which class of sound a phoneme is, for finding it in a recording: sounds that look alike in a spectrum are one."""

from __future__ import annotations

from types import MappingProxyType
from typing import Final

PAUSE: Final = "sil"
OTHER: Final = "ə"
"""The class of a symbol that no row lists."""

_MEMBERS: Final = {
    "p": "p pʰ", "b": "b", "m": "m", "t": "t tʰ ʈ", "d": "d ɖ", "k": "k kʰ q c", "ɡ": "ɡ g ɟ",
    "n": "n ɲ ŋ ɳ ɴ", "l": "l ʎ ɬ ɫ", "ɹ": "ɹ ɻ ʐ", "ɾ": "ɾ ɽ T", "r": "r ʀ ʁ", "j": "j ʝ", "w": "w ɥ ʍ",
    "f": "f ɸ", "v": "v ʋ β", "θ": "θ", "ð": "ð", "s": "s", "z": "z", "ʃ": "ʃ ʂ ɕ", "ʒ": "ʒ ʑ",
    "tʃ": "tʃ ʧ ꭧ ꭧʰ ʨ ʨʰ tɕ", "dʒ": "dʒ ʤ ʥ", "ts": "ts ʦ ʦʰ ʣ dz", "h": "h x χ ɣ ç ɦ ɰ", "ʔ": "ʔ",
    "a": "a ɑ ɐ", "æ": "æ", "ʌ": "ʌ", "ə": "ə ᵊ ɤ əl", "ɨ": "ɨ ᵻ ɯ", "ɜ": "ɜ ɚ ɝ", "ɛ": "ɛ e œ", "eɪ": "eɪ ei A",
    "ɪ": "ɪ", "i": "i y ø", "o": "o ɔ ɒ", "oʊ": "oʊ ou əʊ O", "u": "u", "ʊ": "ʊ", "aɪ": "aɪ ai I ɔɪ oi Y aɪɚ aɪə",
    "aʊ": "aʊ au W aʊɚ",
}  # fmt: skip
_CLASS: Final = MappingProxyType({symbol: name for name, row in _MEMBERS.items() for symbol in row.split()})
_MARKS: Final = "ːˈˌʲʷˠ̩̯̃̊→↗↓↘"

CLASSES: Final = (PAUSE, *_MEMBERS)
LABIALS: Final = frozenset({"p", "b", "m"})
"""The sounds for which the lips shut."""
STOPS: Final = frozenset({"p", "b", "t", "d", "k", "ɡ", "tʃ", "dʒ", "ts"})


def class_of(symbol: str) -> str:
    """The class of an IPA symbol; marks are ignored, and an unknown symbol goes by its first known part."""
    bare = "".join(character for character in symbol if character not in _MARKS)
    for end in range(len(bare), 0, -1):
        found = _CLASS.get(bare[:end])
        if found is not None:
            return found
    return PAUSE if bare == PAUSE else OTHER
