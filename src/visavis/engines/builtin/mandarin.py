"""Mandarin pronunciation: words by jieba, pinyin by pypinyin, IPA by misaki."""

from __future__ import annotations

import logging
import re
import warnings
from collections.abc import Iterator
from typing import Any, Final

from visavis.engines.pronunciation import Sound, SpokenWord

_TONES: Final = {"˧˩˧": "↓", "˧˥": "↗", "˥˩": "↘", "˥": "→", "˧": ""}
_APICAL: Final = re.compile("[ɹɻʐz]\u0329")
_SOUND: Final = re.compile(r"(ai|ei|au|ou|ꭧʰ?|ʦʰ?|ʨʰ?|[ptk]ʰ|.)([→↗↓↘]?)")
_VOWELS: Final = frozenset("aeiouyəɛɤɔʊɚɨ")


class Mandarin:
    """Chinese grapheme-to-phoneme conversion. Loading its dictionaries takes about a second; calls are quick."""

    def __init__(self) -> None:
        self._jieba: Any = None
        self._pinyin: Any = None
        self._to_ipa: Any = None
        self._style: Any = None

    def load(self) -> None:
        """Reads the dictionaries."""
        if self._jieba is not None:
            return
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # jieba's source has escapes that newer Pythons warn of
            import jieba
            import pypinyin
            from misaki.transcription import pinyin_to_ipa

            jieba.setLogLevel(logging.WARNING)
            jieba.initialize()
        self._pinyin, self._style, self._to_ipa = pypinyin.lazy_pinyin, pypinyin.Style.TONE3, pinyin_to_ipa
        self._jieba = jieba

    def cut(self, text: str) -> tuple[str, ...]:
        """The words of a text; joined they are the text again."""
        self.load()
        return tuple(self._jieba.cut(text))

    def words(self, text: str, offset: int = 0) -> Iterator[SpokenWord]:
        """The words of a run of Chinese characters, with the phonemes Kokoro was trained on."""
        for word in self.cut(text):
            syllables = self._pinyin(word, style=self._style, neutral_tone_with_five=True)
            sounds: list[Sound] = []
            for index, syllable in enumerate(syllables):
                last = index == len(syllables) - 1 and len(syllables) > 1
                sounds.extend(self._syllable(syllable, accented=last))
            yield SpokenWord(offset, len(word), tuple(sounds), "zh")
            offset += len(word)

    def _syllable(self, pinyin: str, *, accented: bool) -> Iterator[Sound]:
        try:
            ipa = "".join(next(iter(self._to_ipa(pinyin))))
        except ValueError:  # not a syllable: a rare character that has no reading
            return
        for marks, arrow in _TONES.items():
            ipa = ipa.replace(marks, arrow)
        ipa = _APICAL.sub("ɨ", ipa).replace("\u032f", "")
        neutral = not pinyin[-1:].isdigit() or pinyin.endswith("5")
        # The tone mark may stand after the second half of a diphthong; it is the vowel's.
        for match in _SOUND.finditer(ipa):
            symbol, tone = match.groups()
            vowel = symbol[0] in _VOWELS
            stress = 0 if neutral or not vowel else 2 if accented else 1
            yield Sound(symbol, stress, tone)
