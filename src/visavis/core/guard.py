"""Keeps a generated answer within its limits while it streams."""

from __future__ import annotations

import re
from typing import Final

from visavis.core.flow import Generate

_ENDERS: Final = ".!?。！？"
_END: Final = re.compile(r"[.!?]+[\"'”’)\]]*(?=\s)|[。！？]+[”’」』）]*")
_ABBREVIATION: Final = re.compile(
    r"(?:^|[\s(])(?:Mr|Mrs|Ms|Dr|Prof|St|vs|etc|e\.g|i\.e|approx|No|Sr|Sra|Dra|Ud|Uds|p\. ?ej|\d+|[A-Z])\.$"
)


class Guard:
    """Takes the model's text as it comes and gives back what may be said.

    It ends at a stop string, after the allowed number of sentences, or before a forbidden string; text that could
    still become one of these is held back until that is known. Matching forbidden strings ignores case.
    """

    def __init__(self, limits: Generate) -> None:
        self._stop = tuple(stop for stop in limits.stop if stop not in _ENDERS)
        self._sentences = 1 if any(stop in _ENDERS for stop in limits.stop) else limits.sentences
        self._forbidden = tuple(text.casefold() for text in limits.forbidden if text)
        self._held = ""
        self._released = ""
        self._scanned = 0
        self._ends = 0
        self.done = False
        """Nothing more may be said."""
        self.tripped = False
        """It held a forbidden string."""

    @property
    def model_stop(self) -> tuple[str, ...]:
        """The stop strings the model itself may take; sentence ends are found here, so that they are kept."""
        return self._stop

    def feed(self, text: str) -> str:
        """Takes more text; returns what may be said now."""
        if self.done:
            return ""
        self._held += text
        if not self._released:
            self._held = self._held.lstrip()
        cut = len(self._held)
        for stop in self._stop:
            at = self._held.find(stop)
            if at >= 0:
                cut, self.done = min(cut, at), True
        folded = self._held[:cut].casefold()
        for word in self._forbidden:
            at = folded.find(word)
            if at >= 0:
                cut, self.done, self.tripped = min(cut, at), True, True
        return self._release(cut if self.done else cut - self._unsure())

    def finish(self) -> str:
        """The model has ended: returns what was held back."""
        if self.done:
            return ""
        text = self._release(len(self._held))
        self.done = True
        return text

    def _unsure(self) -> int:
        """How many characters at the end could begin a stop or forbidden string."""
        folded = self._held.casefold()
        longest = 0
        for word in (*self._forbidden, *self._stop):
            for size in range(min(len(word) - 1, len(folded)), longest, -1):
                if folded.endswith(word[:size]):
                    longest = size
                    break
        return longest

    def _release(self, count: int) -> str:
        out, self._held = self._held[:count], self._held[count:]
        before = len(self._released)
        self._released += out
        if self._sentences:
            for match in _END.finditer(self._released, self._scanned):
                self._scanned = match.end()
                if _ABBREVIATION.search(self._released[: match.end()]):
                    continue
                self._ends += 1
                if self._ends >= self._sentences:
                    self.done = True
                    self._released = self._released[: match.end()]
                    return self._released[before:]
        return out
