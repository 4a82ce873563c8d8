"""How well a mouth fits its voice: measures on lip gaps from rendered frames, or on motion itself."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from visavis.core.language import Language
from visavis.core.media import AudioChunk
from visavis.core.motion import FPS, Motion
from visavis.core.speech import Cue, Phoneme, Viseme
from visavis.face.visemes import cues, is_closure

Array = NDArray[np.float64]
Course = NDArray[np.floating[Any]]
"""A quantity over time, one value a frame."""

WINDOW: Final = 0.060
"""Seconds on either side of a closure within which the lips may meet: what viewers accept as in time."""

WIDEST_LAG: Final = 0.30


@dataclass(frozen=True, slots=True)
class Sync:
    """The best agreement of two courses over time: `lag` in seconds (negative: the mouth is early), Pearson's `r`."""

    lag: float
    r: float


def openness(motion: Motion) -> Array:
    """How far the lips are apart, estimated from the channels (about gap over half mouth width), shape (n,).

    For looking at motion without drawing it; a renderer's own gaps are the truth.
    """

    def both(name: str) -> NDArray[np.float32]:
        return motion.channel(f"{name}Left") + motion.channel(f"{name}Right")

    jaw = np.clip(motion.channel("jawOpen"), 0.0, 1.0)
    parting = 1.1 * jaw * (1.0 - 0.4 * motion.channel("mouthPucker"))
    parting = parting + 0.08 * both("mouthUpperUp") + 0.06 * both("mouthLowerDown")
    parting = parting + 0.08 * motion.channel("mouthPucker") + 0.05 * motion.channel("mouthFunnel")
    rolls = motion.channel("mouthRollUpper") + motion.channel("mouthRollLower")
    close = 1.35 * (both("mouthPress") + motion.channel("mouthClose")) + 0.3 * rolls - 0.35
    return np.asarray(np.maximum(0.0, parting) * (1.0 - np.clip(close, 0.0, 1.0)), dtype=np.float64)


def closures(phonemes: Iterable[Phoneme], language: Language) -> tuple[Cue, ...]:
    """The cues at which the lips must meet: every full p, b and m, neighbouring ones as one."""
    return tuple(cue for cue in cues(phonemes, language) if is_closure(cue))


def closure_hits(
    gaps: Course, found: Sequence[Cue], threshold: float, fps: float = FPS, lead: float = 0.0
) -> NDArray[np.bool_]:
    """Which closures the lips reach, shape (closures,).

    `gaps` (n,) is the lips' distance in any unit, frame i at i / `fps` s; a closure is hit when a gap under `threshold`
    lies within `WINDOW` of the phoneme's middle, `lead` seconds earlier.
    """
    times = np.arange(len(gaps)) / fps
    shut = times[np.asarray(gaps) < threshold]
    return np.array([bool(np.any(np.abs(shut - (_middle(cue) - lead)) <= WINDOW + 1e-9)) for cue in found], dtype=bool)


def closure_timing(gaps: Course, found: Sequence[Cue], fps: float = FPS) -> Array:
    """Per closure, when the lips are nearest to each other relative to the phoneme's middle (s), shape (closures,).

    The middle of the stretch that is within a twentieth of the course's range of its least gap counts.
    """
    times = np.arange(len(gaps)) / fps
    slack = 0.05 * float(np.ptp(gaps)) if len(gaps) else 0.0
    errors = []
    for cue in found:
        near = np.abs(times - _middle(cue)) <= 0.12
        if near.any():
            lowest = gaps[near].min()
            errors.append(float(np.mean(times[near][gaps[near] <= lowest + slack]) - _middle(cue)))
    return np.array(errors)


def envelope(audio: AudioChunk, count: int, fps: float = FPS) -> Array:
    """Loudness of the audio around each of `count` frames (RMS over 40 ms), shape (count,)."""
    samples = audio.samples.astype(np.float64)
    power = np.concatenate([[0.0], np.cumsum(samples * samples)])
    centres = np.arange(count) / fps
    first = np.clip(((centres - 0.02) * audio.rate).astype(int), 0, len(samples))
    last = np.clip(((centres + 0.02) * audio.rate).astype(int), 0, len(samples))
    mean: Array = (power[last] - power[first]) / np.maximum(1, last - first)
    return np.sqrt(np.maximum(mean, 0.0))


def sync(opening: Course, loudness: Course, fps: float = FPS) -> Sync:
    """The lag at which mouth opening and loudness agree best, found to a fraction of a frame."""
    reach = round(WIDEST_LAG * fps)
    scores = []
    for lag in range(-reach, reach + 1):
        mouth, voice = (
            (opening[lag:], loudness[: len(loudness) - lag]) if lag >= 0 else (opening[:lag], loudness[-lag:])
        )
        size = min(len(mouth), len(voice))
        scores.append(_correlation(mouth[:size], voice[:size]))
    best = int(np.argmax(scores))
    shift = 0.0
    if 0 < best < len(scores) - 1:
        before, at, after = scores[best - 1 : best + 2]
        bend = before - 2 * at + after
        shift = 0.5 * (before - after) / bend if bend < 0 else 0.0
    return Sync((best - reach + shift) / fps, scores[best])


def viseme_errors(motion: Motion, found: Sequence[Cue], viseme: Viseme, channel: str) -> Array:
    """Per cue of `viseme`, when `channel` peaks near it, relative to its middle (s)."""
    values = motion.channel(channel)
    times = motion.start + np.arange(len(values)) / FPS
    errors = []
    for cue in found:
        near = np.abs(times - _middle(cue)) <= 0.15
        if cue.viseme == viseme and near.any():
            errors.append(float(times[near][np.argmax(values[near])] - _middle(cue)))
    return np.array(errors)


def jerk(values: Course, fps: float = FPS) -> float:
    """Root mean square of the third derivative, in units per s³."""
    return float(np.sqrt(np.mean(np.diff(values, 3) ** 2)) * fps**3) if len(values) > 3 else 0.0


def kink(values: Course) -> float:
    """The largest one-frame outlier: how far a frame lies from the middle of its two neighbours, in units."""
    return float(np.abs(values[1:-1] - (values[:-2] + values[2:]) / 2).max()) if len(values) > 2 else 0.0


def power_above(values: Course, frequency: float, fps: float = FPS) -> float:
    """Share of the movement's power above `frequency` Hz, in [0, 1]."""
    moving = np.asarray(values, dtype=np.float64) - np.mean(values)
    spectrum = np.abs(np.fft.rfft(moving * np.hanning(len(moving)))) ** 2
    total = float(spectrum.sum())
    return float(spectrum[np.fft.rfftfreq(len(moving), 1 / fps) > frequency].sum()) / total if total > 0 else 0.0


def blink_starts(motion: Motion, threshold: float = 0.2) -> Array:
    """When blinks begin (s), from the left lid."""
    lid = motion.channel("eyeBlinkLeft")
    return np.asarray(motion.start + (np.flatnonzero((lid[1:] >= threshold) & (lid[:-1] < threshold)) + 1) / FPS)


def _middle(cue: Cue) -> float:
    return (cue.start + cue.end) / 2


def _correlation(a: Course, b: Course) -> float:
    if len(a) < 3 or float(np.std(a)) < 1e-12 or float(np.std(b)) < 1e-12:
        return 0.0
    return float(np.corrcoef(a, b)[0, 1])
