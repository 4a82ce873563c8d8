"""What feeling a portrait shows: its landmarks' geometry and, where it is installed, a network's view."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import numpy as np
from numpy.typing import NDArray

from visavis.core.errors import VisavisError
from visavis.face.emotion import EMOTIONS, Emotion
from visavis.face.emotion_network import EmotionNetwork
from visavis.face.expression import Expression, expression
from visavis.face.landmarks import Landmarker
from visavis.face.portrait import PRESENT, SURE
from visavis.studio.emotion_signal import EmotionSignal

_NETWORK: Final = 0.7
"""Share of the network's view in the scores; the rest is geometry."""
_GEOMETRY_TRUST: Final = 0.5
_NETWORK_TRUST: Final = 0.9
"""The most that is trusted: nobody knows how this face looks at rest."""


class FaceReader:
    """Reads the feeling off portraits. Blocking; not safe to share between threads."""

    def __init__(
        self, landmarker: Callable[[], Landmarker], network: Callable[[], EmotionNetwork] | None = None
    ) -> None:
        """Both are made on first use. Without a network, or where it raises `weights.missing`, geometry has to do."""
        self._make_landmarker, self._make_network = landmarker, network
        self._landmarker: Landmarker | None = None
        self._network: EmotionNetwork | None = None
        self._missing = False

    def read(self, picture: NDArray[np.uint8]) -> EmotionSignal | None:
        """The feeling on the largest face of an RGB picture; None where none is found."""
        self._landmarker = self._landmarker or self._make_landmarker()
        faces = [face for face in self._landmarker.faces(picture) if face.score >= SURE]
        if not faces:
            return None
        found = self._landmarker.landmarks(picture, faces[0])
        if found.presence < PRESENT:
            return None
        shown = expression(found)
        seen = self._load()
        return geometry_signal(shown) if seen is None else both(shown, seen.scores(picture, faces[0]))

    def _load(self) -> EmotionNetwork | None:
        if self._make_network is not None and self._network is None and not self._missing:
            try:
                self._network = self._make_network()
            except VisavisError as error:
                if error.code != "weights.missing":
                    raise
                self._missing = True
        return self._network


def geometry_signal(shown: Expression) -> EmotionSignal:
    """The feeling by the places of mouth corners, brows and lids; only clear signs count, for faces differ at rest."""
    smile = _ramp(shown.corners, 0.07, 0.13) * _ramp(shown.width, 0.85, 1.05)
    frown = _ramp(-shown.corners, 0.02, 0.10)
    high, low = _ramp(shown.brow_inner, 0.44, 0.54), _ramp(-shown.brow_inner, -0.30, -0.22)
    wide = _ramp(shown.lids, 0.10, 0.14)
    slanted = _ramp(shown.brow_inner - shown.brow_outer, 0.12, 0.20)
    found: dict[Emotion, float] = {
        "neutral": 0.45,
        "happy": smile,
        "sad": frown * (0.5 + 0.5 * slanted),
        "angry": low * (0.4 + 0.6 * (1 - smile)),
        "fearful": 0.5 * wide * slanted,
        "disgusted": 0.4 * low * frown,
        "surprised": high * (0.3 + 0.7 * wide),
    }
    total = sum(found.values())
    scores = {name: found[name] / total for name in EMOTIONS}
    signs = {"smile": smile, "mouth corners down": frown, "brows up": high, "brows down": low, "eyes wide": wide}
    evidence = tuple(name for name, strength in signs.items() if strength >= 0.5)
    return EmotionSignal(scores, _GEOMETRY_TRUST * _sure(scores), evidence)


def both(shown: Expression, seen: dict[Emotion, float]) -> EmotionSignal:
    """Geometry and the network's `seen` scores together; they are trusted less where they disagree."""
    geometry = geometry_signal(shown)
    scores = {name: _NETWORK * seen[name] + (1 - _NETWORK) * geometry.scores[name] for name in EMOTIONS}
    top = max(seen, key=lambda name: seen[name])
    return EmotionSignal(scores, _NETWORK_TRUST * _sure(scores), (*geometry.evidence, f"looks {top} {seen[top]:.2f}"))


def _ramp(value: float, low: float, high: float) -> float:
    return float(np.clip((value - low) / (high - low), 0.0, 1.0))


def _sure(scores: dict[Emotion, float]) -> float:
    """How far the highest score stands over the second, in [0, 1]."""
    first, second = sorted(scores.values(), reverse=True)[:2]
    return first - second
