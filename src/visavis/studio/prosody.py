"""What feeling a voice carries, against its own baseline: never by how high or loud the voice is as such.

Which way each measure goes with a feeling is after Banse & Scherer 1996 ("Acoustic profiles in vocal emotion
expression") and Juslin & Laukka 2003 ("Communication of emotions in vocal expression and music performance"). Arousal
is heard well in these, pleasure badly, so this signal is trusted less than words.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from types import MappingProxyType
from typing import Final

import numpy as np
from numpy.typing import NDArray

from visavis.face.emotion import EMOTIONS, Emotion
from visavis.studio.emotion_signal import EmotionSignal
from visavis.studio.features import STEP, AudioFeatures
from visavis.studio.syllables import syllables

_LEAST_VOICED: Final = 0.5
"""Seconds of voiced sound below which nothing is said about the voice."""
_ENOUGH_VOICED: Final = 4.0
_MOST_TRUSTED: Final = 0.6
_SPREAD: Final = 1.6
"""Spread of one person's measures around a feeling's profile, in units of the norms' own spread."""


@dataclass(frozen=True, slots=True)
class Prosody:
    """How somebody speaks: `lift` (how far the usual pitch lies over the voice's own floor) and `span` (10th to 90th
    percentile) in semitones; `motion`, semitones a 100 ms; `effort`, energy over 1 kHz against below in dB, in voiced
    sound; `dynamics`, spread of the level in dB; `rate`, syllables a second of speech; `pauses`, their share; `rise`,
    semitones by which the last voiced stretch ends over where it began."""

    lift: float
    span: float
    motion: float
    effort: float
    dynamics: float
    rate: float
    pauses: float
    rise: float


NORM: Final = Prosody(3.6, 5.8, 1.4, -14.7, 8.1, 4.2, 0.11, -1.1)
SPREAD: Final = Prosody(1.7, 2.0, 0.5, 6.7, 0.7, 0.7, 0.06, 3.0)
"""Median and spread over 20 recordings of people who read aloud, in three languages."""

PROFILES: Final = MappingProxyType({
    "neutral": Prosody(0, 0, 0, 0, 0, 0, 0, 0),
    "happy": Prosody(1.0, 1.3, 1.0, 0.7, 0.6, 0.7, -0.5, 0.4),
    "sad": Prosody(-1.0, -1.2, -1.0, -1.0, -0.5, -1.2, 1.3, -0.4),
    "angry": Prosody(0.6, 0.8, 0.7, 1.8, 0.9, 0.9, -0.6, -0.6),
    "fearful": Prosody(1.2, -0.3, 0.8, 0.3, -0.2, 1.4, 0.4, 0.5),
    "disgusted": Prosody(-0.4, 0.1, 0.0, 0.2, 0.2, -0.8, 0.4, -0.6),
    "surprised": Prosody(1.6, 1.8, 1.3, 0.5, 0.3, 0.1, 0.0, 1.8),
})  # fmt: skip
"""Each feeling's measures in spreads from the norm."""

_WEIGHTS: Final = Prosody(1.0, 1.0, 0.7, 1.0, 0.5, 0.8, 0.6, 0.6)
_PRIOR: Final = MappingProxyType({"neutral": 1.6, "disgusted": 0.5, "fearful": 0.7})
"""How usual a feeling is before anything is heard, against 1."""


def prosody(heard: AudioFeatures) -> Prosody | None:
    """The measures of a recording; None with too little voice in it."""
    speech = heard.speech if heard.speech.any() else heard.level > np.percentile(heard.level, 95) - 35
    voiced = (heard.pitch > 0) & speech
    if voiced.sum() * STEP < _LEAST_VOICED:
        return None
    tones = 12 * np.log2(np.maximum(heard.pitch, 1.0))
    low, p10, middle, p90 = np.percentile(tones[voiced], (3, 10, 50, 90))
    pairs = voiced[10:] & voiced[:-10]
    motion = float(np.abs(tones[10:] - tones[:-10])[pairs].mean()) if pairs.any() else 0.0
    power = 10 ** (heard.mel[:, voiced].astype(np.float64) / 10)
    # Slaney's 80 mel bands reach 1 kHz at the 27th.
    effort = float(10 * np.log10(power[27:].sum() / power[:27].sum()))
    inside = np.flatnonzero(speech)
    level = heard.level[inside[0] : inside[-1] + 1]
    loud = level > np.percentile(level, 90) - 28
    return Prosody(
        lift=float(middle - low),
        span=float(p90 - p10),
        motion=motion,
        effort=effort,
        dynamics=float(level[loud].std()),
        rate=len(syllables(level, loud)) / max(0.2, float(loud.sum()) * STEP),
        pauses=float(1 - loud.mean()),
        rise=_last_rise(tones, voiced),
    )


def voice_signal(heard: AudioFeatures) -> EmotionSignal | None:
    """The feeling of a voice, None with too little of it."""
    found = prosody(heard)
    if found is None:
        return None
    z = np.clip((_row(found) - _row(NORM)) / _row(SPREAD), -3, 3)
    weights = _row(_WEIGHTS)
    distances = np.array([np.sum(weights * (z - _row(PROFILES[name])) ** 2) for name in EMOTIONS])
    prior = np.array([_PRIOR.get(name, 1.0) for name in EMOTIONS])
    likely = prior * np.exp(-distances / (2 * _SPREAD**2))
    scores: dict[Emotion, float] = dict(zip(EMOTIONS, (likely / likely.sum()).tolist(), strict=True))
    voiced = float((heard.pitch > 0).sum() * STEP)
    sure = (max(scores.values()) - 1 / len(EMOTIONS)) / (1 - 1 / len(EMOTIONS))
    confidence = _MOST_TRUSTED * min(1.0, voiced / _ENOUGH_VOICED) * (0.3 + 0.7 * sure)
    return EmotionSignal(scores, confidence, tuple(_evidence(z)))


def _row(values: Prosody) -> NDArray[np.float64]:
    return np.array([getattr(values, field.name) for field in fields(values)], np.float64)


def _evidence(z: NDArray[np.float64]) -> list[str]:
    """The three measures that stand out most, as `name +1.8`."""
    names = [field.name for field in fields(Prosody)]
    order = np.argsort(-np.abs(z))[:3]
    return [f"{names[index]} {z[index]:+.1f}" for index in order if abs(z[index]) >= 0.5]


def _last_rise(tones: NDArray[np.float64], voiced: NDArray[np.bool_]) -> float:
    """Semitones from the start to the end of the last 400 ms of voiced sound."""
    places = np.flatnonzero(voiced)[-40:]
    if len(places) < 12:
        return 0.0
    third = len(places) // 3
    return float(np.clip(np.median(tones[places[-third:]]) - np.median(tones[places[:third]]), -12, 12))
