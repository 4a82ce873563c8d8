"""Search by words: BM25 (Robertson and Zaragoza 2009) over the terms of all passages."""

from __future__ import annotations

import logging
import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

_K1: Final = 1.2
_B: Final = 0.75


@dataclass(frozen=True, slots=True, eq=False)
class Scores:
    """What a query's words say of every passage: `bm25` and the share of the words `matched`, float32 of shape
    (passages,); `weights` are the words' inverse document frequencies, 0 for words that are nowhere."""

    bm25: NDArray[np.float32]
    matched: NDArray[np.float32]
    weights: tuple[float, ...]


class LexicalIndex:
    """The words of a number of passages, which never change. Making one blocks; it is quick to ask."""

    def __init__(self, passages: Sequence[Sequence[str]]) -> None:
        self._size = len(passages)
        self._model: Any = None
        if any(passages):
            import bm25s

            logging.getLogger("bm25s").setLevel(logging.WARNING)  # it asks for everything to be written
            self._model = bm25s.BM25(k1=_K1, b=_B, method="lucene")
            self._model.index([list(terms) for terms in passages], show_progress=False)

    def scores(self, query: Sequence[Sequence[str]]) -> Scores:
        """Of each passage for the words of `query`, each given as the terms that it may be found by: the best one
        counts. A word that is in no passage counts as missing, as much as the rarest."""
        total = np.zeros(self._size, np.float32)
        matched = np.zeros(self._size, np.float32)
        weights, missing = [], math.log(1 + (self._size + 0.5) / 0.5)
        for alternatives in query:
            best = self._of_word(alternatives)
            found = best > 0
            count = int(found.sum())
            weights.append(math.log(1 + (self._size - count + 0.5) / (count + 0.5)) if count else 0.0)
            total += best
            matched += np.float32(weights[-1]) * found
        whole = sum(weight or missing for weight in weights)
        return Scores(total, matched / np.float32(max(whole, 1e-9)), tuple(weights))

    def _of_word(self, alternatives: Sequence[str]) -> NDArray[np.float32]:
        best = np.zeros(self._size, np.float32)
        for term in alternatives:
            if self._model is not None and term in self._model.vocab_dict:
                best = np.maximum(best, np.asarray(self._model.get_scores([term]), np.float32))
        return best
