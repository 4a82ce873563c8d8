"""What was heard: the position in an answer's audio, and the words up to it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from visavis.core.speech import Word


@dataclass(frozen=True, slots=True)
class Spoken:
    """A piece of an answer's text as it lies in its audio: characters from `offset` on, heard from `start` to `end`
    in seconds of the item's audio."""

    text: str
    start: float
    end: float
    offset: int


class Playout:
    """The audio of one answer on its way to the ear. Times named `now` are any monotonic clock, in seconds.

    Without reports from the client, audio is taken to be heard at once when sent and then in real time; a report
    replaces that estimate.
    """

    def __init__(self) -> None:
        self.sent = 0.0
        """Seconds of audio handed to the client."""
        self._until = 0.0
        self._report: tuple[float, float, bool] | None = None
        self._spoken: list[Spoken] = []
        self.text = ""
        """The whole text so far, as written."""

    def send(self, seconds: float, now: float) -> None:
        """`seconds` of audio leave now."""
        self._until = max(self._until, now) + seconds
        self.sent += seconds

    def ahead(self, now: float) -> float:
        """Seconds of audio that the client holds and has not played yet, by the clock."""
        return max(0.0, self._until - now)

    def overdue(self, now: float) -> float:
        """Seconds since all that was sent should have been heard, by the clock; negative before that."""
        return now - self._until

    def report(self, position: float, playing: bool, now: float) -> None:
        """The client says what it has played so far, in seconds of this item's audio."""
        self._report = (min(max(0.0, position), self.sent), now, playing)

    def heard(self, now: float) -> float:
        """Seconds of this answer that were heard."""
        if self._report is not None:
            position, at, playing = self._report
            return min(self.sent, position + (max(0.0, now - at) if playing else 0.0))
        return max(0.0, self.sent - self.ahead(now))

    def write(self, text: str) -> int:
        """Appends text to the answer; returns where it begins."""
        offset = len(self.text)
        self.text += text
        return offset

    def speak(self, text: str, words: Sequence[Word], offset: int, start: float, duration: float) -> None:
        """Says where the utterance `text` (at `offset` in the answer) lies: from `start`, `duration` seconds long.

        Without word times its characters are spread evenly.
        """
        self._spoken = [piece for piece in self._spoken if piece.offset < offset]
        if words:
            ends = [*(word.offset for word in words[1:]), len(text)]
            self._spoken.extend(
                Spoken(text[word.offset : end], start + word.start, start + word.end, offset + word.offset)
                for word, end in zip(words, ends, strict=True)
            )
            return
        pieces = text.split(" ") if " " in text else list(text)
        at = 0
        for piece in pieces:
            begin, at = at, at + len(piece) + (1 if " " in text else 0)
            scale = duration / max(1, len(text))
            self._spoken.append(
                Spoken(text[begin:at], start + begin * scale, start + min(at, len(text)) * scale, offset + begin)
            )

    def heard_text(self, position: float) -> str:
        """The text up to `position` seconds: a word counts once its first half was heard."""
        end = 0
        for piece in self._spoken:
            if position < (piece.start + piece.end) / 2:
                break
            end = piece.offset + len(piece.text)
        return self.text[:end].rstrip()
