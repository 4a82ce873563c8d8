"""Whether an answer rests on its notes: its numbers, its words, and what it may never say."""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import Final

from visavis.core.asked import asked, offers
from visavis.core.language import Language
from visavis.core.wording import content, tokens
from visavis.personas.notes import Note, Notes
from visavis.personas.spoken_numbers import values

SHARED: Final = 0.34
"""Share of a sentence's words that a note must hold for the sentence to rest on it."""
LIKELY: Final = 0.12
"""The same, where the sentence itself names the note."""
CARRIED: Final = 0.5
"""Share of a sentence's words that the notes of its language, or the question, must hold."""
BORROWED: Final = 1
"""Words of notes in another language that a sentence may hold: a currency, a name."""
RECITED: Final = 7
"""So many words in a row of what the model was told (Chinese characters: twice as many) are a leak."""
_HAN: Final = re.compile(r"[\u3400-\u9fff]")
_LETTER: Final = re.compile(r"[^\W\d_]")
_STRANGE: Final = re.compile(r"https?:|www\.|[{}<>|`]|\*\*|^\s*#|\\n", re.IGNORECASE)
_YES_OR_NO: Final = re.compile(
    r"^\W*(?:yes|no|not|sure|sí|si|claro)\b|^\W*(?:是|对|不|没|可以|能|会|有|需要)", re.IGNORECASE
)
_NAME: Final = re.compile(r"(?<=[^\W_]\s|[,;]\s)[A-ZÁÉÍÓÚÑÜ][^\W\d_]+")
"""A capital in the middle of a sentence."""
_META: Final = re.compile(
    r"\b(?:system prompt|my (?:instructions|rules|prompt)|as an ai|language model|mis (?:instrucciones|reglas)"
    r"|modelo de lenguaje|como (?:una )?ia)\b|我的(?:指令|规则|提示)|语言模型|人工智能助手",
    re.IGNORECASE,
)


class Grounds:
    """The checks on an answer to one question. Pure."""

    def __init__(
        self,
        question: str,
        notes: Notes,
        language: Language,
        *,
        told: str,
        declines: re.Pattern[str],
        forbidden: Collection[str] = (),
        strict: bool = False,
    ) -> None:
        """`told` is what the model was told and may not recite; `declines` finds the ways to say that there is no
        answer; `forbidden` may never be said. `strict` is for a model that reads badly: what it makes of notes in
        another language must hold one of their numbers, as nothing else of it can be checked, and no more of their
        words than a name has."""
        self._declines = declines
        self._notes = notes
        self._language = language
        self._told = tokens(told)
        self._forbidden = tuple(word.casefold() for word in forbidden)
        texts = {note.number: f"{note.title} {note.passage.text}" for note in notes.notes}
        known = " ".join([question, *texts.values()])
        self._values = values(known)
        self._strict = strict
        self._strange = frozenset(tokens(" ".join(texts.values()))) - frozenset(tokens(question))
        self._told_values = values(" ".join(texts.values())) - values(question) - {"1"}
        self._question = content(question)
        self._kinds = asked(question)
        self._words = {number: content(text) for number, text in texts.items()}
        self._known = content(known)
        # What is said in another language than the notes has other words than they have.
        self._alike = all(note.passage.language in {language, ""} for note in notes.notes)

    def declines(self, sentence: str) -> bool:
        """Whether the sentence says that there is no answer."""
        return bool(self._declines.search(sentence))

    def carry(self, sentence: str, before: str = "") -> bool:
        """Whether the sentence may be said after what was said `before`: it tells something in the right language, the
        first one what was asked for, its numbers, names and words are those of the notes, and it holds nothing
        forbidden, recited or unspeakable."""
        return (
            self.speakable(sentence, before)
            and self._tells(sentence)
            and (bool(before) or self._answers(sentence))
            and self._held(sentence)
            and values(sentence, spelled=False) <= self._values
        )

    def speakable(self, sentence: str, before: str = "") -> bool:
        """Whether a sentence may be said at all after what was said `before`, whatever it tells: in the right language,
        nothing forbidden, recited or unspeakable."""
        whole = f"{before} {sentence}".casefold()
        return (
            not any(word in whole for word in self._forbidden)
            and not _STRANGE.search(sentence)
            and not _META.search(sentence)
            and self._in_language(sentence)
            and not self._recites(sentence)
        )

    def sources(self, sentence: str) -> list[Note]:
        """The note that the sentence rests on, if there is one."""
        shares = [(self._share(sentence, note), note) for note in self._notes.notes]
        share, note = max(shares, key=lambda one: (one[0], -one[1].number), default=(0.0, None))
        return [note] if note is not None and share >= SHARED else []

    def likely(self, sentence: str, note: Note) -> bool:
        """Whether a note that the sentence names could be what it rests on: always in another language."""
        if bool(_HAN.search(sentence)) != bool(_HAN.search(note.text)):
            return True
        return self._share(sentence, note) >= LIKELY

    def _tells(self, sentence: str) -> bool:
        """Whether the sentence says more than the question did, or yes or no."""
        return bool(_YES_OR_NO.search(sentence)) or not content(sentence) <= self._question

    def _answers(self, sentence: str) -> bool:
        """Whether the sentence has the kind of thing in it that was asked for: a price, a time, a colour."""
        return bool(_YES_OR_NO.search(sentence)) or offers(sentence, self._kinds)

    def _held(self, sentence: str) -> bool:
        """Whether the notes hold the sentence's words, and every name in it; of notes in another language only numbers
        can tell."""
        about = content(sentence)
        if not self._alike:
            return not self._strict or (bool(values(sentence) & self._told_values) and not self._mixes(sentence))
        if not about:
            return True
        names = content(" ".join(_NAME.findall(sentence)))
        return names <= self._known and len(about & self._known) >= CARRIED * len(about)

    def _mixes(self, sentence: str) -> bool:
        """Whether a sentence about notes in another language goes on in their words."""
        borrowed = {word for word in tokens(sentence) if word.isascii() and word.isalpha() and len(word) > 2}
        return len(borrowed & self._strange) > BORROWED

    def _share(self, sentence: str, note: Note) -> float:
        about = content(sentence)
        return len(about & self._words[note.number]) / len(about) if about else 0.0

    def _in_language(self, sentence: str) -> bool:
        han, letters = len(_HAN.findall(sentence)), len(_LETTER.findall(sentence))
        return han >= 0.3 * letters if self._language == "zh" else han == 0

    def _recites(self, sentence: str) -> bool:
        said = tokens(sentence)
        length = 2 * RECITED if self._language == "zh" else RECITED
        runs = {said[at : at + length] for at in range(len(said) - length + 1)}
        return any(self._told[at : at + length] in runs for at in range(len(self._told) - length + 1))
