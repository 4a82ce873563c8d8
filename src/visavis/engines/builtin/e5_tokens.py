"""The pieces of text that multilingual-e5-small knows: SentencePiece's unigram model (Kudo 2018).

The tokenizers library would do this too, but takes a second of every start and 200 MiB for a quarter of a million
pieces; texts are short here, and a dictionary is enough.
"""

from __future__ import annotations

import re
from typing import Final

from visavis.engines.builtin.e5_weights import Vocabulary

_SPACE: Final = "\u2581"
_SPACES: Final = re.compile(" {2,}")
_UNLIKELY: Final = 10.0
"""How much less likely than the rarest piece a character is that is in none."""


class E5Tokens:
    """Cuts texts into the ids of their pieces."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._vocabulary = vocabulary
        self._ids = {piece: number for number, piece in enumerate(vocabulary.pieces)}
        self._longest = max(map(len, vocabulary.pieces))
        self._worst = min(vocabulary.scores) - _UNLIKELY

    def ids(self, text: str, most: int) -> list[int]:
        """The ids of a text, at most `most` with the marks at both ends; what is beyond them is left out."""
        plain = text.encode("utf-8", "replace").decode()  # half a character is none
        plain = _SPACES.sub(" ", plain.translate(self._vocabulary.replaced))
        spaced = (plain if plain.startswith(" ") else f" {plain}").replace(" ", _SPACE)
        return [self._vocabulary.begin, *self._likeliest(spaced)[: most - 2], self._vocabulary.end]

    def _likeliest(self, text: str) -> list[int]:
        """The pieces of the likeliest way to cut it (Viterbi 1967), in order."""
        known, scores, unknown = self._ids, self._vocabulary.scores, self._vocabulary.unknown
        best = [0.0] + [float("-inf")] * len(text)
        last = [(0, unknown)] * (len(text) + 1)  # where the piece that ends here begins, and which it is
        for start in range(len(text)):
            so_far = best[start]
            for end in range(start + 1, min(start + self._longest, len(text)) + 1):
                number = known.get(text[start:end])
                if number is not None and number != unknown and so_far + scores[number] > best[end]:
                    best[end], last[end] = so_far + scores[number], (start, number)
            if so_far + self._worst > best[start + 1]:
                best[start + 1], last[start + 1] = so_far + self._worst, (start, unknown)
        found, at = [], len(text)
        while at > 0:
            at, number = last[at]
            found.append(number)
        return found[::-1]
