"""Where a generated answer ends: at a stop string, or after so many sentences."""

from __future__ import annotations

import re
from typing import Final

_ENDERS: Final = ".!?。！？"
_END: Final = re.compile(r"[.!?]+[\"'”’)\]]*(?=\s)|[。！？]+[”’」』）]*")
_NO_END: Final = re.compile(
    r"(?:^|[\s(])(?:Mr|Mrs|Ms|Dr|Prof|St|vs|etc|e\.g|i\.e|approx|No|Sr|Sra|Dra|Ud|Uds|p\. ?ej|\d+|[A-Z])\.$"
)


class Ending:
    """Takes the model's text as it comes and gives back what belongs to the answer.

    What could still become a stop string is held back. A stop string that ends a sentence counts as a limit of one
    sentence, and is kept.
    """

    def __init__(self, stop: tuple[str, ...] = (), sentences: int = 0) -> None:
        """`sentences` 0 means no limit."""
        self.stop = tuple(text for text in stop if text and text not in _ENDERS)
        """The stop strings that the model itself may be given."""
        self.done = False
        """The answer is complete."""
        self._sentences = 1 if any(text in _ENDERS for text in stop if text) else sentences
        self._held = ""
        self._text = ""
        self._scanned = 0
        self._ended = 0

    def feed(self, text: str) -> str:
        """Takes more text; returns what of it belongs to the answer, as far as that is known."""
        if self.done:
            return ""
        self._held += text
        if not self._text:
            self._held = self._held.lstrip()
        found = [at for stop in self.stop if (at := self._held.find(stop)) >= 0]
        if found:
            released = self._release(min(found))
            self.done = True
            return released
        return self._release(len(self._held) - self._unsure())

    def finish(self) -> str:
        """The model has ended: returns what was held back."""
        released = "" if self.done else self._release(len(self._held))
        self.done = True
        return released

    def _unsure(self) -> int:
        """How many characters at the end could begin a stop string."""
        sizes = (size for stop in self.stop for size in range(1, len(stop)) if self._held.endswith(stop[:size]))
        return max(sizes, default=0)

    def _release(self, count: int) -> str:
        out, self._held = self._held[:count], self._held[count:]
        before = len(self._text)
        self._text += out
        if not self._sentences:
            return out
        for match in _END.finditer(self._text, self._scanned):
            self._scanned = match.end()
            self._ended += not _NO_END.search(self._text[: match.end()])
            if self._ended >= self._sentences:
                self.done = True
                self._text = self._text[: match.end()]
                return self._text[before:]
        return out
