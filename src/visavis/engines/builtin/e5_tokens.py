"""The pieces of text that multilingual-e5-small knows: SentencePiece's unigram model (Kudo 2018)."""

from __future__ import annotations

import re
from typing import Final

from tokenizers import Tokenizer
from tokenizers.models import Unigram

from visavis.engines.builtin.e5_weights import Vocabulary

_SPACE: Final = "\u2581"
_SPACES: Final = re.compile(" {2,}")


class E5Tokens:
    """Cuts texts into the ids of their pieces."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._vocabulary = vocabulary
        self._model = Tokenizer(Unigram(vocabulary.pieces, unk_id=vocabulary.unknown, byte_fallback=False))

    def ids(self, text: str, most: int) -> list[int]:
        """The ids of a text, at most `most` with the marks at both ends; what is beyond them is left out."""
        plain = text.encode("utf-8", "replace").decode()  # half a character is none
        plain = _SPACES.sub(" ", plain.translate(self._vocabulary.replaced))
        spaced = (plain if plain.startswith(" ") else f" {plain}").replace(" ", _SPACE)
        inner = self._model.encode(spaced).ids[: most - 2]
        return [self._vocabulary.begin, *inner, self._vocabulary.end]
