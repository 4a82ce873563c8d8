"""How a performance is played: an emotion and five controls as the settings that both animators follow."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Final, Self

import numpy as np
from numpy.typing import NDArray

from visavis.core.motion import CHANNEL_INDEX, CHANNELS
from visavis.face.emotion import EMOTIONS, MOODS, Emotion, Mood, add

CONTROLS: Final[tuple[str, ...]] = (
    "blink_rate",
    "head_tilt",
    "expression_intensity",
    "mouth_openness",
    "eyebrow_raise",
)
"""The controls, each in [0, 1]; at 0.5 the emotion plays as it is."""

FACES: Final[Mapping[Emotion, Mapping[str, float]]] = MappingProxyType({
    "neutral": {},
    "happy": {"mouthSmile": 0.78, "cheekSquint": 0.65, "eyeSquint": 0.15, "browOuterUp": 0.15},
    "sad": {"browInnerUp": 0.95, "browDown": 0.12, "mouthFrown": 0.85, "mouthShrugLower": 0.25, "eyeSquint": 0.25,
            "eyeBlink": 0.14},
    "angry": {"browDown": 0.95, "eyeSquint": 0.45, "noseSneer": 0.3, "mouthFrown": 0.6, "mouthPress": 0.3,
              "mouthClose": 0.15, "jawForward": 0.3},
    "fearful": {"browInnerUp": 0.95, "browOuterUp": 0.25, "eyeWide": 1.0, "mouthStretch": 0.5, "mouthFrown": 0.45},
    "disgusted": {"noseSneer": 1.0, "browDown": 0.6, "eyeSquint": 0.5, "cheekSquint": 0.5, "mouthFrown": 0.65,
                  "mouthPress": 0.3, "mouthClose": 0.25},
    "surprised": {"browInnerUp": 0.95, "browOuterUp": 1.0, "eyeWide": 1.0},
})  # fmt: skip
"""The standing faces on a stage, after the action units that Ekman's EMFACS gives for each emotion (happy 6+12, sad
1+4+15, angry 4+7+23, fearful 1+2+5+20, disgusted 9+15, surprised 1+2+5). They are larger than those of a conversation
and hold no lips apart, so that the mouth is shut in silence."""

_HEADS: Final[Mapping[Emotion, tuple[float, float, float]]] = MappingProxyType(
    {
        "neutral": (0.0, 0.0, 0.0),
        "happy": (0.0, -0.5, 3.0),
        "sad": (0.0, 6.0, -1.5),
        "angry": (0.0, 3.0, 0.0),
        "fearful": (-2.5, -3.5, 0.0),
        "disgusted": (4.0, -1.0, 2.0),
        "surprised": (0.0, -4.0, 0.0),
    }
)
"""Yaw, pitch and roll in degrees that go with the faces."""

_BLINKS: Final = 2.6
_MOUTH: Final = 1.55
"""Factors at the upper end of `blink_rate` and `mouth_openness`; at the lower end it is one over them."""

_TILT: Final = 6.0
"""Degrees of roll that the strongest `head_tilt` adds."""

_BROW: Final = 0.9
"""Weight by which `eyebrow_raise` lifts or lowers the brows at its ends."""


@dataclass(frozen=True, slots=True, eq=False)
class Direction:
    """Settings for `AmbientAnimator` and `SpeechAnimator`.

    `emotion` and `control` are what was asked for; `mood` sets blinks, gestures and the mouth's opening; `standing` is
    the face at rest, (58,) in `CHANNELS` order; `posture` scales how far the head strays from it by itself.
    """

    emotion: str
    control: Mapping[str, float]
    mood: Mood
    standing: NDArray[np.float32]
    posture: float = 1.0

    @classmethod
    def of(cls, emotion: str, control: Mapping[str, float] | None = None) -> Self:
        """The direction of an emotion, a name that is none of the seven being neutral, under controls in [0, 1].

        A control that is not given is 0.5, one out of range is clamped, any other name is ignored.
        """
        played = {name: min(max(float((control or {}).get(name, 0.5)), 0.0), 1.0) for name in CONTROLS}
        # From -1 to 1, 0 being the emotion as it is.
        blink, tilt, strength, mouth, brow = (2.0 * played[name] - 1.0 for name in CONTROLS)
        name: Emotion = next((known for known in EMOTIONS if known == emotion), "neutral")
        base = MOODS[name]
        lively = 1.0 + (0.5 if strength > 0 else 0.7) * strength
        directed = replace(
            base,
            blinks=base.blinks * _BLINKS**blink,
            intensity=base.intensity * lively,
            mouth=base.mouth * _MOUTH**mouth,
        )
        face = _face(name, 1.0 + (0.45 if strength > 0 else 0.75) * strength, _BROW * brow)
        for channel, degrees in zip(("headYaw", "headPitch", "headRoll"), _head(name, tilt), strict=True):
            face[CHANNEL_INDEX[channel]] = degrees
        return cls(name, MappingProxyType(played), directed, face, 1.0 + 0.6 * tilt)


def _face(name: Emotion, intensity: float, lift: float) -> NDArray[np.float32]:
    """The standing face without its head, its brows lifted by `lift` or lowered."""
    shapes = {shape: weight * intensity for shape, weight in FACES[name].items()}
    for shape, share in (("browInnerUp", 0.7), ("browOuterUp", 1.0), ("browDown", -1.0)):
        shapes[shape] = shapes.get(shape, 0.0) + share * lift
    face = np.zeros(len(CHANNELS), dtype=np.float32)
    for shape, weight in shapes.items():
        add(face, shape, min(max(weight, 0.0), 1.0))
    return face


def _head(name: Emotion, tilt: float) -> tuple[float, float, float]:
    """Yaw, pitch and roll in degrees: upright at the lower end of `tilt` (-1), inclined at the upper (1)."""
    yaw, pitch, roll = (degrees * (1.0 + (0.4 if tilt > 0 else 1.0) * tilt) for degrees in _HEADS[name])
    return yaw, pitch, roll + _TILT * max(0.0, tilt) * (-1.0 if roll < 0 else 1.0)
