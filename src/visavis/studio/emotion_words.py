"""What feeling the words of a text carry, in three languages."""

from __future__ import annotations

import math
import re
import tomllib
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from importlib.resources import files
from typing import Final

from pydantic import BaseModel, ConfigDict

from visavis.core.language import Language
from visavis.face.emotion import EMOTIONS, Emotion
from visavis.studio.emotion_signal import EmotionSignal

_STRONG: Final = 1.6
_BOOST: Final = 1.5
_DAMP: Final = 0.6
_REACH: Final = {"en": 3, "es": 3, "zh": 4}
"""How many words, in Chinese characters, a negation or an intensifier reaches ahead."""
_TURNED: Final[dict[Emotion, tuple[Emotion, float]]] = {"happy": ("sad", 0.8), "sad": ("happy", 0.25)}
"""What a negated feeling speaks for, and how much; the others then speak for nothing."""
_NEUTRAL: Final = 0.5
_NEUTRAL_SENTENCE: Final = 0.12
"""Weight of no feeling, and what every sentence adds to it: one warm word does not colour a long report."""
_QUIET_CONFIDENCE: Final = 0.3
"""How sure a text without any such word is neutral: many feelings are not written out."""
_SIGNS: Final[dict[Emotion, str]] = {
    "happy": "😀😃😄😁😊🙂😍🥰🎉❤🥳😂", "sad": "😢😭😞😔🙁☹💔", "angry": "😠😡🤬", "fearful": "😨😱😰",
    "disgusted": "🤢🤮", "surprised": "😲😮😯🤯",
}  # fmt: skip
_WORD: Final = re.compile(r"[a-z0-9ñ]+(?:'[a-z]+)?|[?!¿¡.,;:…]+|[^\s\w]")
_END: Final = re.compile(r"[.!?。！？…]+")
_STOPS: Final = frozenset(".,;:?!…，。；：？！")


class EmotionWords(BaseModel):
    """One language's file."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    negations: list[str]
    boosters: list[str]
    dampers: list[str]
    strong: list[str]
    words: dict[Emotion, list[str]]


def text_signal(text: str, language: Language) -> EmotionSignal | None:
    """The feeling of `text`, None when it has no words. Pure."""
    if not any(character.isalnum() for character in text):
        return None
    found: dict[Emotion, float] = dict.fromkeys(EMOTIONS, 0.0)
    evidence: list[str] = []
    for emotion, weight, phrase in _mentions(text, language):
        found[emotion] += weight
        evidence.append(phrase)
    for emotion, signs in _SIGNS.items():
        count = sum(text.count(sign) for sign in signs)
        if count:
            found[emotion] += min(2, count)
            evidence.append(next(sign for sign in signs if sign in text))
    marks = text.count("!") + text.count("！")
    if "?!" in text or "？！" in text or "!?" in text:
        found["surprised"] += 0.5
    total = sum(found.values())
    if total:
        lift = 1 + 0.2 * min(3, marks)
        found = {emotion: weight * lift for emotion, weight in found.items()}
        total *= lift
    sentences = max(1, len(_END.findall(text)))
    nothing = _NEUTRAL + _NEUTRAL_SENTENCE * sentences
    found["neutral"] = nothing
    scores = {emotion: weight / (total + nothing) for emotion, weight in found.items()}
    confidence = max(_QUIET_CONFIDENCE, 1 - math.exp(-total / nothing)) if total else _QUIET_CONFIDENCE
    return EmotionSignal(scores, min(0.95, confidence), tuple(dict.fromkeys(evidence))[:8])


def _mentions(text: str, language: Language) -> Iterator[tuple[Emotion, float, str]]:
    """Each feeling named: which, how strongly, and the words that name it."""
    words = emotion_words(language)
    tokens = tuple(_folded(text)) if language == "zh" else tuple(_WORD.findall(_folded(text)))
    index = 0
    while index < len(tokens):
        phrase, size = _longest(tokens, index, words, language)
        if not size:
            index += 1
            continue
        before = _before(tokens, index, language)
        weight = _STRONG if phrase in words.strong else 1.0
        weight *= _BOOST if _has(before, words.boosters, language) else 1.0
        weight *= _DAMP if _has(before, words.dampers, language) else 1.0
        shown = "".join(tokens[index : index + size]) if language == "zh" else " ".join(tokens[index : index + size])
        negated = _has(before, words.negations, language)
        for emotion in EMOTIONS:
            if phrase not in words.words.get(emotion, ()):
                continue
            if not negated:
                yield emotion, weight, shown
            elif emotion in _TURNED:
                other, share = _TURNED[emotion]
                yield other, weight * share, f"≠ {shown}"
        index += size


def _longest(tokens: tuple[str, ...], index: int, words: EmotionWords, language: Language) -> tuple[str, int]:
    """The longest phrase that begins at `index`, as the file has it, and its number of tokens; ("", 0) for none."""
    best, size = "", 0
    for phrase, parts in _phrases(language):
        if len(parts) > size and len(parts) <= len(tokens) - index:
            pairs = zip(parts, tokens[index:], strict=False)
            if all(t.startswith(p[:-1]) if p.endswith("*") and len(p) > 1 else t == p for p, t in pairs):
                best, size = phrase, len(parts)
    return best, size


def _before(tokens: tuple[str, ...], index: int, language: Language) -> tuple[str, ...]:
    """The tokens that may govern the one at `index`: the last few of its clause."""
    first = index
    while first > 0 and index - first < _REACH[language] and tokens[first - 1][0] not in _STOPS:
        first -= 1
    return tokens[first:index]


def _has(before: tuple[str, ...], phrases: list[str], language: Language) -> bool:
    if language == "zh":
        joined = "".join(before)
        return any(phrase in joined for phrase in phrases)
    joined = f" {' '.join(before)} "
    return any(f" {phrase} " in joined for phrase in phrases)


@lru_cache(maxsize=3)
def emotion_words(language: Language) -> EmotionWords:
    """The file of `language` that ships with visavis."""
    path = files("visavis.studio") / "data" / "emotion_words" / f"{language}.toml"
    return EmotionWords.model_validate(tomllib.loads(path.read_text("utf-8")))


@lru_cache(maxsize=3)
def _phrases(language: Language) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Every phrase with its tokens, each once."""
    phrases = dict.fromkeys(phrase for row in emotion_words(language).words.values() for phrase in row)
    if language == "zh":
        return tuple((phrase, tuple(phrase)) for phrase in phrases)
    return tuple((phrase, tuple(re.findall(r"[a-zñ0-9']+\*?|\?", phrase))) for phrase in phrases)


def _folded(text: str) -> str:
    """Lower case, full width made plain, straight apostrophes, no accents: the files spell ñ as n."""
    plain = unicodedata.normalize("NFKC", text).casefold().replace("’", "'")
    return "".join(c for c in unicodedata.normalize("NFD", plain) if not unicodedata.combining(c))
