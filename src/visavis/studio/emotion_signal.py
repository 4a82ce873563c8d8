"""What one source (a voice, a text, a face) says about a feeling."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from visavis.face.emotion import Emotion


@dataclass(frozen=True, slots=True)
class EmotionSignal:
    """`scores` of the seven emotions, which sum to 1; `confidence` in [0, 1]: how far this source can be trusted here;
    `evidence`: what it goes by, for people to read."""

    scores: Mapping[Emotion, float]
    confidence: float
    evidence: tuple[str, ...] = ()

    @property
    def emotion(self) -> Emotion:
        """The one with the highest score."""
        return max(self.scores, key=lambda name: self.scores[name])

    def fields(self) -> dict[str, Any]:
        """As JSON."""
        return {
            "emotion": self.emotion,
            "confidence": round(self.confidence, 3),
            "scores": {name: round(score, 3) for name, score in self.scores.items()},
            "evidence": list(self.evidence),
        }
