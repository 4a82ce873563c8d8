"""The seven emotions as settings of the face."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final, Literal, get_args

import numpy as np
from numpy.typing import NDArray

from visavis.core.motion import CHANNEL_INDEX, CHANNELS

Emotion = Literal["neutral", "happy", "sad", "angry", "fearful", "disgusted", "surprised"]
EMOTIONS: Final[tuple[Emotion, ...]] = get_args(Emotion)


@dataclass(frozen=True, slots=True)
class Mood:
    """How an emotion sets the face.

    `valence` and `arousal` in [-1, 1]; `blinks` per minute while talking; `head` (yaw, pitch, roll) in degrees, added
    to the pose; `intensity` scales gestures, `mouth` the opening; `brow` is a small standing raise (+) or frown (-);
    `shapes` are standing weights of ARKit shapes, a name without a side meaning both.
    """

    valence: float
    arousal: float
    blinks: float
    head: tuple[float, float, float] = (0.0, 0.0, 0.0)
    intensity: float = 1.0
    mouth: float = 1.0
    brow: float = 0.0
    shapes: Mapping[str, float] = field(default_factory=dict)


MOODS: Final[Mapping[Emotion, Mood]] = MappingProxyType({
    "neutral": Mood(0.0, 0.0, 18),
    "happy": Mood(
        0.8, 0.5, 20, (0, 0, 3), 1.15, 1.1, 0.15, {"mouthSmile": 0.6, "cheekSquint": 0.5}
    ),
    "sad": Mood(
        -0.6, -0.5, 12, (0, 6, 0), 0.75, 0.8, 0.0, {"browInnerUp": 0.6, "mouthFrown": 0.6, "eyeSquint": 0.3}
    ),
    "angry": Mood(-0.7, 0.8, 12, (0, 2, 0), 1.25, 1.15, -0.6, {"mouthPress": 0.25}),
    "fearful": Mood(-0.7, 0.7, 28, (0, -2, 0), 1.1, 0.95, 0.0, {"browInnerUp": 0.7, "eyeWide": 0.6}),
    "disgusted": Mood(-0.7, 0.3, 16, (3, 0, 0), 1.0, 0.85, -0.4, {"noseSneer": 0.8, "mouthUpperUp": 0.3}),
    "surprised": Mood(0.2, 0.9, 10, (0, -3, 0), 1.25, 1.3, 0.8, {"eyeWide": 0.6}),
})  # fmt: skip
"""Start values after face.md; the standing press of anger is light, so that speech can still open the lips."""


def mood(emotion: str) -> Mood:
    """The settings of `emotion`; a name that is none of the seven is neutral."""
    return next((MOODS[name] for name in EMOTIONS if name == emotion), MOODS["neutral"])


def pose(setting: Mood) -> NDArray[np.float32]:
    """The standing face of a mood, shape (58,) in `CHANNELS` order."""
    values = np.zeros(len(CHANNELS), dtype=np.float32)
    for name, weight in setting.shapes.items():
        add(values, name, weight)
    if setting.brow > 0:
        add(values, "browInnerUp", 0.6 * setting.brow)
        add(values, "browOuterUp", 0.8 * setting.brow)
    else:
        add(values, "browDown", -setting.brow)
    for name, degrees in zip(("headYaw", "headPitch", "headRoll"), setting.head, strict=True):
        values[CHANNEL_INDEX[name]] = degrees
    return values


def add(values: NDArray[np.float32], name: str, weight: float) -> None:
    """Adds `weight` to a channel of one frame, or to its left and right when `name` has sides."""
    for channel in sides(name):
        values[channel] += weight


def sides(name: str) -> list[int]:
    """Indices of a channel, or of its left and right when `name` has sides. Raises KeyError for any other name."""
    names = (name,) if name in CHANNEL_INDEX else (f"{name}Left", f"{name}Right")
    return [CHANNEL_INDEX[each] for each in names]
