"""Grapheme-to-phoneme conversion in the three languages, English words inside Chinese included."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Final

from visavis.core.language import Language
from visavis.engines.builtin.espeak import Espeak, EspeakWord
from visavis.engines.builtin.mandarin import Mandarin
from visavis.engines.pronunciation import Sound, SpokenWord

_ESPEAK_VOICES: Final[dict[Language, str]] = {"en": "en-us", "es": "es", "zh": "en-us"}
_HAN_OR_LATIN: Final = re.compile(
    r"[\u3400-\u9fff\U00020000-\U0003ffff]+|[A-Za-z\u00c0-\u024f](?:[\w .'’&+-]*[A-Za-z\u00c0-\u024f])?", re.ASCII
)
_TOKEN: Final = re.compile(r"[^\s]+")
_PART: Final = re.compile(r"[^\W_](?:[\w'’.]*\w)?")
_STRESS: Final = {"ˈ": 2, "ˌ": 1}


class G2P:
    """Turns normalised text into spoken words. Thread-safe; blocking, a few milliseconds a sentence."""

    def __init__(self) -> None:
        self._espeak = Espeak()
        self._mandarin = Mandarin()
        self._alone = lru_cache(maxsize=4096)(self._espeak_count)

    def load(self, language: Language) -> None:
        """Loads what `language` needs."""
        self.words("a 好" if language == "zh" else "a", language)

    def words(self, text: str, language: Language) -> tuple[SpokenWord, ...]:
        """The words of `text` in order. Raises VisavisError `tts.unavailable`."""
        if language != "zh":
            return tuple(self._alphabetic(text, language))
        found: list[SpokenWord] = []
        for match in _HAN_OR_LATIN.finditer(text):
            run = match.group()
            if "\u3400" <= run[0] <= "\u9fff" or run[0] >= "\U00020000":
                found.extend(self._mandarin.words(run, match.start()))
            else:
                found.extend(self._alphabetic(run, "en", match.start()))
        return tuple(found)

    def units(self, text: str, language: Language) -> tuple[tuple[int, int], ...]:
        """Start and end of what captions show as one word: blank-separated tokens, in Chinese words by jieba."""
        if language != "zh":
            return tuple(match.span() for match in _TOKEN.finditer(text))
        spans: list[tuple[int, int]] = []
        for match in _TOKEN.finditer(text):
            position = match.start()
            for piece in self._mandarin.cut(match.group()):
                end = position + len(piece)
                spoken = any(character.isalnum() for character in piece)
                if spans and spans[-1][1] == position and not spoken:
                    spans[-1] = (spans[-1][0], end)
                else:
                    spans.append((position, end))
                position = end
        return tuple(spans)

    def _alphabetic(self, text: str, language: Language, offset: int = 0) -> Iterator[SpokenWord]:
        voice = _ESPEAK_VOICES[language]
        found = self._espeak.words(text, voice)
        for index, word in enumerate(found):
            limit = found[index + 1].offset if index + 1 < len(found) else len(text)
            sounds = tuple(_sounds(word))
            # espeak runs some pairs together ("of the"): share their sounds out by how each sounds alone.
            parts = [match.span() for match in _PART.finditer(text, word.offset, max(limit, word.offset))]
            if not parts:
                parts = [(word.offset, max(limit, word.offset + 1))]
            weights = [max(1, self._alone(text[a:b], voice)) for a, b in parts] if len(parts) > 1 else [1]
            for (start, end), share in zip(parts, _shares(sounds, weights), strict=True):
                if share:
                    yield SpokenWord(offset + start, end - start, share, language)

    def _espeak_count(self, text: str, voice: str) -> int:
        return sum(1 for word in self._espeak.words(text, voice) for _ in _sounds(word))


def _sounds(word: EspeakWord) -> Iterator[Sound]:
    for phoneme in word.phonemes:
        stress = max((_STRESS.get(character, 0) for character in phoneme), default=0)
        symbol = phoneme.strip("ˈˌ ")
        if symbol:
            yield Sound(symbol, stress)


def _shares(sounds: Sequence[Sound], weights: Sequence[int]) -> list[tuple[Sound, ...]]:
    total, shares, start, passed = sum(weights), list[tuple[Sound, ...]](), 0, 0
    for weight in weights:
        passed += weight
        end = round(len(sounds) * passed / total)
        shares.append(tuple(sounds[start:end]))
        start = end
    return shares
