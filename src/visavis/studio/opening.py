"""How far a mouth was seen open over time, held against the sound and the phonemes that belong to it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from visavis.core.language import Language
from visavis.core.speech import Cue, Timeline
from visavis.face import lipsync
from visavis.studio.footage import Stretch
from visavis.studio.lip_track import SHUT

Array = NDArray[np.float64]
Mask = NDArray[np.bool_]

_VOICED: Final = 1e-3
"""Loudness (RMS, full scale 1) that a film must reach somewhere to hold a voice: -60 dB."""
_SILENCE: Final = 10 ** (-35 / 20)
"""Share of the voice's loudness under which nobody speaks."""
_SETTLING: Final = 0.24
"""Seconds after and before a sound in which lips still close and already open."""
_PARTED: Final = 0.06
_NEARBY: Final = 0.5
"""A closure counts only where the lips part again: by so many half mouth widths more than `SHUT`, within so many s."""


@dataclass(frozen=True, slots=True, eq=False)
class Opening:
    """The gap between the lips for each frame of the watched stretches, in half mouth widths; `rest` is the
    portrait's own, `fps` the frame rate."""

    stretches: tuple[Stretch, ...]
    gaps: tuple[Array, ...]
    rest: float
    fps: float

    @property
    def spoken(self) -> bool:
        """Whether the film has a sound to speak of."""
        return any(float(loudness.max(initial=0.0)) > _VOICED for loudness in self._loudness())

    @property
    def moves(self) -> bool:
        """Whether the mouth does more than a picture's noise makes it seem to do."""
        low, high = np.percentile(np.concatenate(self.gaps), (5, 95))
        return bool(high - low > SHUT)

    def sync(self) -> lipsync.Sync:
        """The lag and correlation of the mouth and the sound; correlation 0 for a mouth that does not move."""
        if not self.moves:
            return lipsync.Sync(0.0, 0.0)
        return lipsync.sync(np.concatenate(self.gaps), np.concatenate(self._loudness()), self.fps)

    def closures(self, timeline: Timeline, language: Language, offset: float) -> Mask:
        """Which of the watched p, b and m the lips meet for, shape (closures,).

        The gap must be under `SHUT` within `lipsync.WINDOW` of the phoneme's middle, and the lips must part nearby: a
        mouth that never opens meets none.
        """
        cues = lipsync.closures(timeline.phonemes, language)
        hits = []
        for stretch, gaps in zip(self.stretches, self.gaps, strict=True):
            start, end = float(stretch.times[0]), float(stretch.times[-1])
            shifted = [_shifted(cue, offset - start) for cue in cues]
            watched = [cue for cue in shifted if cue.start >= 0.0 and cue.end <= end - start]
            met = lipsync.closure_hits(gaps, watched, SHUT, self.fps)
            hits.append(met & np.array([self._parts(gaps, cue) for cue in watched], np.bool_))
        return np.concatenate(hits)

    def shut_in_silence(self) -> float | None:
        """The share of silent frames that show the lips no further apart than at rest; None without silence."""
        floor = _SILENCE * self._voice()
        limit = max(0.0, self.rest) + SHUT
        silent, shut = 0, 0
        for loudness, gaps in zip(self._loudness(), self.gaps, strict=True):
            quiet = _settled(loudness < floor, round(_SETTLING * self.fps))
            silent += int(quiet.sum())
            shut += int((quiet & (gaps < limit)).sum())
        return shut / silent if silent else None

    def _parts(self, gaps: Array, cue: Cue) -> bool:
        first = max(0, round((cue.start - _NEARBY) * self.fps))
        return float(gaps[first : round((cue.end + _NEARBY) * self.fps) + 1].max(initial=0.0)) > SHUT + _PARTED

    def _voice(self) -> float:
        """How loud the voice is where it is loud."""
        return float(np.percentile(np.concatenate(self._loudness()), 95))

    def _loudness(self) -> list[Array]:
        return [
            np.zeros(len(one.times)) if one.sound is None else lipsync.envelope(one.sound, len(one.times), self.fps)
            for one in self.stretches
        ]


def _shifted(cue: Cue, by: float) -> Cue:
    return Cue(cue.viseme, cue.start + by, cue.end + by, cue.weight)


def _settled(quiet: Mask, margin: int) -> Mask:
    """`quiet` without the frames within `margin` of a sound; beyond both ends counts as quiet."""
    near = cv2.dilate((~quiet).astype(np.uint8).reshape(1, -1), np.ones((1, 2 * margin + 1), np.uint8))
    return np.asarray(near.reshape(-1) == 0)
