"""A timeline for speech that came without one: its words, laid over the parts of the sound where somebody speaks."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from visavis.core.language import Language
from visavis.core.media import AudioChunk
from visavis.core.speech import Timeline, Word
from visavis.engines.builtin.g2p import G2P
from visavis.engines.estimated_timeline import estimate, weight
from visavis.engines.pronunciation import Sound
from visavis.engines.text_normalization import normalize

_FRAME_S: Final = 0.01
_SOFTEST: Final = 0.04
"""Level of speech against the loudest moment; below it there is a pause."""
_SHORTEST_PAUSE_S: Final = 0.12


def guess(audio: AudioChunk, text: str, language: Language, g2p: G2P) -> Timeline:
    """When each word and sound of `text` is said in `audio`, by typical lengths. Blocking, a few milliseconds."""
    words: list[tuple[int, int, list[Sound]]] = []
    for start, end in g2p.units(text, language):
        spoken = normalize(text[start:end], language).text
        words.append((start, end, [sound for word in g2p.words(spoken, language) for sound in word.sounds]))
    weights = [sum(map(weight, sounds)) for _, _, sounds in words]
    total, passed = sum(weights) or 1.0, 0.0
    clock = _Clock(audio)
    timed: list[tuple[Word, list[Sound]]] = []
    for (start, end, sounds), length in zip(words, weights, strict=True):
        begin, until = clock.at(passed / total), clock.at((passed + length) / total, end=True)
        timed.append((Word(text[start:end], begin, max(begin, until), start), sounds))
        passed += length
    return estimate(timed, audio.duration)


class _Clock:
    """Turns shares of the time spoken into seconds of the audio."""

    def __init__(self, audio: AudioChunk) -> None:
        self._spans = _spoken(audio) or [(0.0, audio.duration)]
        self._total = sum(end - start for start, end in self._spans)

    def at(self, share: float, *, end: bool = False) -> float:
        """The moment when `share` of the speech is over; at a pause its begin when `end`, else its end."""
        left = min(1.0, share) * self._total
        for index, (start, until) in enumerate(self._spans):
            length = until - start
            last = index + 1 == len(self._spans)
            if left < length - 1e-9 or (end and left < length + 1e-9) or last:
                return min(until, start + left)
            left -= length
        return self._spans[-1][1]


def _spoken(audio: AudioChunk) -> list[tuple[float, float]]:
    """Start and end of each stretch of speech."""
    size = max(1, round(_FRAME_S * audio.rate))
    count = len(audio.samples) // size
    frames: NDArray[np.float32] = audio.samples[: count * size].reshape(count, size)
    levels = np.sqrt(np.mean(np.square(frames, dtype=np.float64), axis=1)) if count else np.zeros(0)
    if not count or levels.max() < 1e-4:
        return []
    loud = np.flatnonzero(levels > _SOFTEST * levels.max())
    spans: list[tuple[float, float]] = []
    for frame in loud:
        start, end = float(frame) * _FRAME_S, float(frame + 1) * _FRAME_S
        if spans and start - spans[-1][1] < _SHORTEST_PAUSE_S:
            spans[-1] = (spans[-1][0], end)
        else:
            spans.append((start, end))
    return spans
