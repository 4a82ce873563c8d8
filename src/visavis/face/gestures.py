"""What the head and brows do with the voice: nods, flashes, the tilt of a question, the settling at a phrase's end."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from visavis.core.language import Language
from visavis.core.speech import Timeline
from visavis.face.emotion import Mood
from visavis.face.visemes import ABSORBED_PAUSE, VOWELS, Sound, shape, sounds

Array = NDArray[np.float64]

NOD_APART: Final = 0.9
FLASH_APART: Final = 2.0
"""Least time between two nods and two brow flashes (s); 0.4 s is what people can do, not what they usually do."""

NOD_CHANCE: Final = 0.42
FLASH_CHANCE: Final = 0.71
"""Of rapid brow raises 71 % fall on a rise of pitch: gestures are likely on accents, never certain."""

DEGREES_PER_SEMITONE: Final = 0.2

YAW, PITCH, ROLL, BROW, FROWN = range(5)
"""Columns of what `Gestures.at` returns."""


@dataclass(frozen=True, slots=True)
class Accent:
    """A prominent syllable: `time` of its vowel, `start` of its word, `strength` in [0, 1], `rise` in semitones over
    the voice's middle pitch (0 where pitch is unknown)."""

    time: float
    start: float
    strength: float
    rise: float


@dataclass(frozen=True, slots=True)
class _Stroke:
    """A movement that comes back: leaves at `start`, is out after `out` s, stays `hold` s, is back after `back` s."""

    column: int
    start: float
    out: float
    hold: float
    back: float
    size: float

    def at(self, times: Array) -> Array:
        going = _ease((times - self.start) / self.out)
        coming = _ease((times - self.start - self.out - self.hold) / self.back)
        return np.asarray(self.size * (going - coming))


def _ease(x: Array) -> Array:
    """The minimum-jerk course from 0 to 1."""
    x = np.clip(x, 0.0, 1.0)
    return np.asarray(x * x * x * (10.0 + x * (6.0 * x - 15.0)))


class Gestures:
    """The gestures of one utterance, as a pure function of the time."""

    def __init__(self, timeline: Timeline, text: str, language: Language, mood: Mood, seed: tuple[int, ...]) -> None:
        self._strokes: list[_Stroke] = []
        self._pitch_times, self._pitch_tilt = _tilt(timeline)
        self.pauses = pauses(timeline)
        self._on_accents(accents(timeline, language), mood, seed)
        self._on_ends(timeline, text, mood, seed)

    def at(self, times: Array) -> Array:
        """Yaw, pitch, roll in degrees, brow raise and frown, at `times` (utterance seconds), shape (n, 5)."""
        values = np.zeros((len(times), 5))
        for stroke in self._strokes:
            if stroke.start < times[-1] and times[0] < stroke.start + stroke.out + stroke.hold + stroke.back:
                values[:, stroke.column] += stroke.at(times)
        if len(self._pitch_tilt):
            values[:, PITCH] += np.interp(times, self._pitch_times, self._pitch_tilt, left=0.0, right=0.0)
        values[:, :3] = 5.0 * np.tanh(values[:, :3] / 5.0)
        values[:, BROW:] = np.clip(values[:, BROW:], 0.0, 0.8)
        return values

    def _on_accents(self, found: tuple[Accent, ...], mood: Mood, seed: tuple[int, ...]) -> None:
        nodded, flashed, side = -1.0, -1.0, 1.0
        for index, accent in enumerate(found):
            # Each accent has its own dice, so that an utterance whose end is not known yet begins the same.
            dice = np.random.default_rng((*seed, index))
            chance, size, lean, turn, lift, flash_size = dice.random(6)
            if accent.time - nodded >= NOD_APART and chance < NOD_CHANCE * (0.55 + accent.strength):
                nodded = accent.time
                depth = (1.2 + 2.2 * size**1.5) * (0.6 + 0.7 * accent.strength) * mood.intensity
                start = accent.time - 0.11
                self._strokes.append(_Stroke(PITCH, start - 0.12, 0.14, 0.0, 0.20, -0.22 * depth))
                self._strokes.append(_Stroke(PITCH, start, 0.17, 0.02, 0.31, depth))
                if lean < 0.45:
                    side = -side
                    self._strokes.append(_Stroke(ROLL, start - 0.08, 0.30, 0.15, 0.55, side * (0.5 + 1.1 * turn)))
                    self._strokes.append(_Stroke(YAW, start - 0.05, 0.28, 0.20, 0.60, side * (0.4 + 1.5 * size)))
            rising = accent.rise > 2.0 or (accent.rise == 0.0 and accent.strength > 0.6)
            if rising and accent.time - flashed >= FLASH_APART and lift < FLASH_CHANCE * (0.4 + 0.6 * accent.strength):
                flashed = accent.time
                height = (0.16 + 0.30 * flash_size * (0.5 + 0.5 * accent.strength)) * mood.intensity
                column, height = (FROWN, 0.7 * height) if mood.brow < -0.2 else (BROW, height)
                start = min(accent.start, accent.time - 0.10) - 0.05
                self._strokes.append(_Stroke(column, start, 0.12, 0.08 + 0.1 * flash_size, 0.22, height))

    def _on_ends(self, timeline: Timeline, text: str, mood: Mood, seed: tuple[int, ...]) -> None:
        dice = np.random.default_rng((*seed, 1_000_003))
        size, side = 0.7 + 0.6 * dice.random(), 1.0 if dice.random() < 0.5 else -1.0
        for start, _ in self.pauses:
            self._strokes.append(_Stroke(PITCH, start - 0.20, 0.30, 0.05, 0.45, 0.9 * size * mood.intensity))
        if text.rstrip("”\"' )）»").endswith(("?", "？")) and timeline.phonemes:
            spoken = [p.end for p in timeline.phonemes if p.symbol.strip(" .,!?;:…")]
            end = spoken[-1] if spoken else timeline.duration
            start = max(0.0, end - 0.55)
            self._strokes.append(_Stroke(BROW, start, 0.20, 0.35, 0.45, 0.30 * mood.intensity))
            self._strokes.append(_Stroke(ROLL, start, 0.40, 0.45, 0.70, side * 1.8 * size))
            self._strokes.append(_Stroke(PITCH, start, 0.35, 0.30, 0.60, -1.1 * size))


def pauses(timeline: Timeline) -> tuple[tuple[float, float], ...]:
    """Start and end of every silence of `ABSORBED_PAUSE` or longer after the first sound, the end's included."""
    found = sounds(timeline.phonemes)
    spoken = [i for i, sound in enumerate(found) if sound.symbol != "sil"]
    if not spoken:
        return ()
    inner = found[spoken[0] :]
    result = [(s.start, s.end) for s in inner if s.symbol == "sil" and s.end - s.start >= ABSORBED_PAUSE]
    last = found[spoken[-1]].end
    if not any(start >= last - 1e-6 for start, _ in result):
        result.append((last, max(last, timeline.duration)))
    return tuple(result)


def accents(timeline: Timeline, language: Language) -> tuple[Accent, ...]:
    """The prominent syllables in time order: from stress, length and, where known, pitch and loudness."""
    found = [s for s in sounds(timeline.phonemes) if s.symbol != "sil" and _is_vowel(s, language)]
    if not found:
        return ()
    heads, voiced = _heads(found, timeline), _voiced(timeline)
    stressed = any(s.stress for s in found)
    result: list[Accent] = []
    for sound, start in heads:
        middle = (sound.start + sound.end) / 2
        rise = _semitones(voiced, sound.start, sound.end)
        length = min(1.0, max(0.0, (sound.end - sound.start - 0.05) / 0.12))
        strength = 0.45 * sound.stress / 2 + 0.30 * length + 0.35 * min(1.0, max(0.0, rise / 4))
        if not stressed:
            strength += 0.25
        result.append(Accent(middle, start, min(1.0, strength), rise))
    return tuple(
        accent
        for i, accent in enumerate(result)
        if accent.strength >= 0.38
        and not any(
            other.strength > accent.strength and abs(other.time - accent.time) < 0.3
            for other in result[max(0, i - 3) : i + 4]
        )
    )


def _heads(vowels: list[Sound], timeline: Timeline) -> list[tuple[Sound, float]]:
    """The main vowel of each word with the word's start; without words, every vowel on its own."""
    if not timeline.words:
        return [(sound, sound.start) for sound in vowels]
    heads = []
    for word in timeline.words:
        inside = [s for s in vowels if word.start - 1e-6 <= (s.start + s.end) / 2 < word.end]
        if inside:
            heads.append((max(inside, key=lambda s: (s.stress, s.end - s.start)), word.start))
    return heads


def _is_vowel(sound: Sound, language: Language) -> bool:
    parts = shape(sound.symbol, language)
    return bool(parts) and parts is not None and parts[0][0] in VOWELS and sound.symbol not in ("w", "j", "ɥ", "ʝ", "ʎ")


def _voiced(timeline: Timeline) -> tuple[Array, Array]:
    """Times and semitones over the median of the voiced part of the pitch contour."""
    pitch = np.asarray(timeline.pitch, dtype=np.float64)
    voiced = np.flatnonzero(pitch > 40.0)
    if len(voiced) < 8:
        return np.zeros(0), np.zeros(0)
    height = 12.0 * np.log2(pitch[voiced] / np.median(pitch[voiced]))
    return np.asarray((voiced + 0.5) * timeline.pitch_step, np.float64), np.clip(height, -12.0, 12.0)


def _semitones(voiced: tuple[Array, Array], start: float, end: float) -> float:
    """The 80th percentile of the heights between two moments; 0 where there is no voice."""
    first, last = np.searchsorted(voiced[0], (start, end), "left")
    heights = np.sort(voiced[1][first : last + int(last < len(voiced[0]) and voiced[0][last] == end)]).tolist()
    if not heights:
        return 0.0
    place = 0.8 * (len(heights) - 1)
    low = int(place)
    return float(heights[low] + (place - low) * (heights[min(low + 1, len(heights) - 1)] - heights[low]))


def _tilt(timeline: Timeline) -> tuple[Array, Array]:
    """The head's slow following of the pitch, in degrees of pitch (up is negative), with its times."""
    times, heights = _voiced(timeline)
    if not len(times):
        return times, heights
    grid = np.arange(0.0, timeline.duration + 0.6, 0.02)
    level = np.interp(grid, times, heights, left=0.0, right=0.0)
    fade = np.clip((timeline.duration + 0.3 - grid) / 0.4, 0.0, 1.0) * np.clip(grid / 0.3, 0.0, 1.0)
    kernel = np.hanning(23)
    smooth = np.convolve(level * fade, kernel / kernel.sum(), mode="same")
    return grid, -DEGREES_PER_SEMITONE * smooth
