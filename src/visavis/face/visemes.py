"""What each phoneme looks like: IPA symbols to visemes, per language."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Final

from visavis.core.language import Language
from visavis.core.speech import Cue, Phoneme, Viseme

Shape = tuple[tuple[Viseme, float], ...]
"""One viseme with its weight, or two for a sound that moves (a diphthong); empty for a sound the lips ignore."""

DIPHTHONG_SPLIT: Final = 0.55
"""Share of a diphthong that its first half takes."""

ABSORBED_PAUSE: Final = 0.27
"""Pauses shorter than this (s) do not let the mouth rest."""

CLOSURE_WEIGHT: Final = 0.9
"""A bilabial of at least this weight shuts the lips; a lighter one (Spanish β) only brings them near."""

_REDUCED: Final = (0.80, 0.92, 1.0)
"""Weight of a vowel by stress (none, secondary, primary) where the language marks stress."""

_SEAM: Final = 0.06
"""Two closures closer than this (s) are one."""

VOWELS: Final[frozenset[Viseme]] = frozenset({"aa", "E", "I", "O", "U"})


def _shape(*parts: Viseme | tuple[Viseme, float]) -> Shape:
    return tuple((part, 1.0) if isinstance(part, str) else part for part in parts)


def _table(rows: Mapping[str, Shape]) -> Mapping[str, Shape]:
    """Spreads rows whose key lists several symbols separated by spaces."""
    return MappingProxyType({symbol: shape for key, shape in rows.items() for symbol in key.split()})


SHAPES: Final = _table({
    # consonants
    "p b m": _shape("PP"), "β ɸ": _shape(("PP", 0.65)),
    "f v": _shape("FF"), "ʋ": _shape(("FF", 0.6)),
    "θ ð": _shape("TH"),
    "t d ʈ ɖ": _shape("DD"), "l": _shape("DD"), "ɾ ɽ": _shape(("DD", 0.7)), "r": _shape(("DD", 0.85)),
    "k g ɡ q c ɟ": _shape("kk"), "x ɣ χ ɰ": _shape(("kk", 0.8)), "ʁ": _shape(("kk", 0.7)),
    "h ç": _shape(("kk", 0.35)),
    "ʃ ʒ ʧ ʤ ꭧ ʂ": _shape("CH"), "S": _shape("CH"),
    "s z ʦ ʣ": _shape("SS"), "ɕ ʨ ʥ": _shape(("SS", 0.95)),
    "n ɳ": _shape("nn"), "ɲ": _shape("nn"), "ŋ ɴ": _shape(("nn", 0.8)),
    "ɹ ɻ": _shape("RR"),
    "j ʝ ʎ": _shape(("I", 0.75)), "w": _shape("U"), "ɥ": _shape(("U", 0.9)),
    "T": _shape(("DD", 0.7)),
    # vowels
    "a ɑ": _shape("aa"), "æ": _shape(("aa", 0.92)), "ʌ": _shape(("aa", 0.78)), "ɐ": _shape(("aa", 0.62)),
    "ə": _shape(("aa", 0.5)), "ᵊ": _shape(("aa", 0.3)),
    "e ɛ": _shape("E"), "ɪ": _shape(("E", 0.72)), "ᵻ ɨ": _shape(("E", 0.6)), "ɤ": _shape(("E", 0.8)),
    "i": _shape("I"),
    "o ɔ ɒ": _shape("O"), "œ ø": _shape(("O", 0.85)), "u": _shape("U"), "y": _shape("U"),
    "ʊ": _shape(("U", 0.85)), "ɯ": _shape(("I", 0.6)),
    "ɜ ɚ ɝ": _shape(("RR", 0.9)),
    # diphthongs as one symbol: misaki's capitals, and IPA pairs
    "A eɪ ei": _shape("E", ("I", 0.85)), "I aɪ ai": _shape("aa", ("I", 0.8)),
    "O oʊ ou": _shape("O", ("U", 0.9)), "Q əʊ": _shape(("aa", 0.6), ("U", 0.9)),
    "W aʊ au": _shape("aa", ("U", 0.9)), "Y ɔɪ oi": _shape("O", ("I", 0.8)),
    # affricates written as two symbols
    "tʃ dʒ ʈʂ": _shape("CH"), "ts dz": _shape("SS"), "tɕ dʑ": _shape(("SS", 0.95)),
})  # fmt: skip
"""The general table; a language's own rows in `LANGUAGE_SHAPES` come before it."""

LANGUAGE_SHAPES: Final[Mapping[Language, Mapping[str, Shape]]] = MappingProxyType({
    "en": _table({}),
    "es": _table({
        # Approximants between vowels: the articulators come near and do not touch.
        "ð": _shape(("TH", 0.55)), "ɣ": _shape(("kk", 0.55)),
        # Five pure vowels: no lax ones, a rolled and a tapped r at the ridge, v spoken as b.
        "v": _shape("PP"), "r": _shape("DD"), "ɾ": _shape(("DD", 0.65)), "ɪ": _shape(("I", 0.7)),
        "x": _shape(("kk", 0.75)), "ʊ": _shape(("U", 0.8)),
    }),
    "zh": _table({
        # Retroflexes round the lips a little, palatals spread them.
        "ʂ ꭧ": _shape(("CH", 0.72)), "ɻ": _shape(("RR", 0.8)), "ʐ": _shape(("RR", 0.8)),
        "ə": _shape(("E", 0.7)), "ʊ": _shape(("O", 0.75)), "ɚ": _shape(("aa", 0.6), ("RR", 0.6)),
        "x": _shape(("kk", 0.6)), "o": _shape(("O", 0.95)),
    }),
})  # fmt: skip

APICAL: Final = "ɨ"
"""Mandarin's apical vowel: the tongue stays where the sibilant before it left it, and so do teeth and lips."""

PAUSES: Final = frozenset(' ;:,.!?—…"()“”') | {"sil", "", "，", "。", "！", "？", "、", "；", "：", "\n", "-", "'"}
"""Symbols that are silence: spaces and punctuation."""

LENGTHENERS: Final = frozenset("ː→↗↘↓˥˦˧˨˩̯̩̃")
"""Length, tone and nasality marks: they belong to the sound before them and carry no shape of their own."""

SILENT: Final = frozenset("ʰʲʷᵝʔ^")
"""Release, secondary articulation and the glottal stop: time passes, the mouth is already on its way."""

STRESS: Final[Mapping[str, int]] = MappingProxyType({"ˈ": 2, "ˌ": 1})


@dataclass(frozen=True, slots=True)
class Sound:
    """A symbol that has a shape, with its time in seconds and its stress (0–2)."""

    symbol: str
    start: float
    end: float
    stress: int


def shape(symbol: str, language: Language) -> Shape | None:
    """What `symbol` looks like in `language`: its visemes, () for a sound the lips ignore, None for an unknown one."""
    own = LANGUAGE_SHAPES[language].get(symbol)
    if own is not None:
        return own
    if symbol in SHAPES:
        return SHAPES[symbol]
    if symbol in PAUSES or symbol in LENGTHENERS or symbol in SILENT or symbol in STRESS:
        return ()
    return None


def sounds(phonemes: Iterable[Phoneme]) -> tuple[Sound, ...]:
    """Puts marks where they belong: stress to the sound after it, length and tone to the one before, affricates whole.

    Pauses come out as the symbol `sil`, neighbouring ones joined.
    """
    found: list[Sound] = []
    stress, since = 0, None  # a stress mark's stress, and where its time begins
    for phoneme in phonemes:
        for symbol, start, end in _split(phoneme):
            if symbol in STRESS:
                stress, since = STRESS[symbol], start if since is None else since
                continue
            if symbol in PAUSES:
                if found and found[-1].symbol == "sil":
                    found[-1] = replace(found[-1], end=end)
                else:
                    found.append(Sound("sil", start, end, 0))
            elif symbol in LENGTHENERS:
                if found and found[-1].symbol != "sil":
                    found[-1] = replace(found[-1], end=end)
            elif symbol not in SILENT:
                found.append(Sound(symbol, start if since is None else since, end, max(stress, phoneme.stress)))
            if symbol not in LENGTHENERS:
                stress, since = 0, None
    return tuple(_affricates(found))


def cues(phonemes: Iterable[Phoneme], language: Language) -> tuple[Cue, ...]:
    """The visemes of `phonemes` in time order; pauses of `ABSORBED_PAUSE` and longer as `sil`, shorter ones as gaps."""
    found = sounds(phonemes)
    marked = any(sound.stress for sound in found)
    result: list[Cue] = []
    for sound in found:
        if sound.symbol == "sil":
            if sound.end - sound.start >= ABSORBED_PAUSE:
                result.append(Cue("sil", sound.start, sound.end))
            continue
        parts = shape(sound.symbol, language) or ()
        if sound.symbol == APICAL and language == "zh" and result:
            parts = (("SS", 0.8),) if result[-1].viseme == "SS" else (("E", 0.55),)
        scale = _REDUCED[sound.stress] if marked else 1.0
        middle = sound.start + DIPHTHONG_SPLIT * (sound.end - sound.start)
        edges = (sound.start, sound.end) if len(parts) == 1 else (sound.start, middle, sound.end)
        for (viseme, weight), start, end in zip(parts, edges, edges[1:], strict=False):
            cue = Cue(viseme, start, end, weight * scale if viseme in VOWELS else weight)
            previous = result[-1] if result else None
            if previous and is_closure(cue) and is_closure(previous) and start - previous.end < _SEAM:
                result[-1] = replace(previous, end=end)
            else:
                result.append(cue)
    return tuple(result)


def is_closure(cue: Cue) -> bool:
    """Whether the lips must shut: a full p, b or m."""
    return cue.viseme == "PP" and cue.weight >= CLOSURE_WEIGHT


def _split(phoneme: Phoneme) -> list[tuple[str, float, float]]:
    """A phoneme of several characters in pieces that the tables know, each with its share of the time."""
    symbol = phoneme.symbol if phoneme.symbol in PAUSES else unicodedata.normalize("NFD", phoneme.symbol.strip())
    symbol = symbol.replace("c\u0327", "ç")
    if symbol in PAUSES or symbol in SHAPES or len(symbol) == 1:
        return [(symbol, phoneme.start, phoneme.end)]
    pieces: list[str] = []
    for character in symbol:
        if pieces and pieces[-1] + character in SHAPES:
            pieces[-1] += character
        else:
            pieces.append(character)
    spoken = [piece for piece in pieces if piece not in STRESS and piece not in LENGTHENERS and piece not in SILENT]
    share = (phoneme.end - phoneme.start) / max(1, len(spoken))
    result, at = [], phoneme.start
    for piece in pieces:
        end = at + (share if piece in spoken else 0.0)
        result.append((piece, at, end))
        at = end
    return result


def _affricates(found: list[Sound]) -> list[Sound]:
    """Joins a stop and the fricative right after it into the affricate they spell."""
    result: list[Sound] = []
    for sound in found:
        previous = result[-1] if result else None
        if (
            previous
            and previous.symbol + sound.symbol in {"tʃ", "dʒ", "ts", "dz", "ʈʂ", "tɕ", "dʑ"}
            and sound.start - previous.end < 0.01
        ):
            result[-1] = replace(previous, symbol=previous.symbol + sound.symbol, end=sound.end)
        else:
            result.append(sound)
    return result
