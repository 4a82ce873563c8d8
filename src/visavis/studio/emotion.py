"""The feeling of a video: what is heard, read and seen, each kept apart, and what they say together."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final

from visavis.core.language import Language
from visavis.face.emotion import EMOTIONS, Emotion
from visavis.studio.emotion_signal import EmotionSignal
from visavis.studio.emotion_words import text_signal
from visavis.studio.features import AudioFeatures
from visavis.studio.prosody import voice_signal

TRUST: Final[Mapping[str, float]] = MappingProxyType({"audio": 0.8, "text": 1.0, "face": 0.45})
"""How much each source weighs. A portrait shows how the person looked when it was taken, which may not be how this is
said; so the face weighs least."""

_CALM: Final = 0.15
"""Weight of no feeling at all, so that doubtful sources leave the face at rest."""


@dataclass(frozen=True, slots=True)
class EmotionReading:
    """The `emotion` of a video, the `confidence` in it in [0, 1], and the `signals` by source (`audio`, `text`,
    `face`); a source that says nothing is missing."""

    emotion: Emotion
    confidence: float
    signals: Mapping[str, EmotionSignal]

    def fields(self) -> dict[str, Any]:
        """As JSON: seed 003's `audio_emotion`, `text_emotion`, `face_emotion` (None where nothing is known) and
        `combined_score`, and every signal whole."""
        named = {
            f"{source}_emotion": self.signals[source].emotion if source in self.signals else None for source in TRUST
        }
        signals = {source: signal.fields() for source, signal in self.signals.items()}
        return {**named, "combined_score": round(self.confidence, 3), "signals": signals}


def detect(
    features: AudioFeatures | None, text: str, language: Language, face: EmotionSignal | None = None
) -> EmotionReading:
    """The feeling of what is said in `text` and heard in `features`, by somebody who looks as `face` says.

    Blocking, milliseconds.
    """
    heard = voice_signal(features) if features is not None else None
    said = text_signal(text, language)
    signals = {
        source: signal for source, signal in (("audio", heard), ("text", said), ("face", face)) if signal is not None
    }
    return combined(signals)


def combined(signals: Mapping[str, EmotionSignal]) -> EmotionReading:
    """What signals say together: their scores weighed by trust and confidence. The confidence is the winner's share,
    less where every source was doubtful."""
    scores = {name: _CALM if name == "neutral" else 0.0 for name in EMOTIONS}
    doubt = 1.0
    for source, signal in signals.items():
        weight = TRUST.get(source, 0.5) * signal.confidence
        doubt *= 1.0 - min(1.0, weight)
        for name in EMOTIONS:
            scores[name] += weight * signal.scores.get(name, 0.0)
    winner: Emotion = max(EMOTIONS, key=lambda name: scores[name])
    share = scores[winner] / sum(scores.values())
    return EmotionReading(winner, round(share * (1.0 - doubt), 3), MappingProxyType(dict(signals)))
