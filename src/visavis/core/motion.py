"""The face over time: the one contract between everything that animates and everything that draws."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

FPS: Final = 50
"""Motion frames per second: one per 20 ms audio frame."""

ARKIT: Final[tuple[str, ...]] = (
    "browDownLeft", "browDownRight", "browInnerUp", "browOuterUpLeft", "browOuterUpRight",
    "cheekPuff", "cheekSquintLeft", "cheekSquintRight",
    "eyeBlinkLeft", "eyeBlinkRight", "eyeLookDownLeft", "eyeLookDownRight", "eyeLookInLeft", "eyeLookInRight",
    "eyeLookOutLeft", "eyeLookOutRight", "eyeLookUpLeft", "eyeLookUpRight",
    "eyeSquintLeft", "eyeSquintRight", "eyeWideLeft", "eyeWideRight",
    "jawForward", "jawLeft", "jawOpen", "jawRight",
    "mouthClose", "mouthDimpleLeft", "mouthDimpleRight", "mouthFrownLeft", "mouthFrownRight", "mouthFunnel",
    "mouthLeft", "mouthLowerDownLeft", "mouthLowerDownRight", "mouthPressLeft", "mouthPressRight", "mouthPucker",
    "mouthRight", "mouthRollLower", "mouthRollUpper", "mouthShrugLower", "mouthShrugUpper", "mouthSmileLeft",
    "mouthSmileRight", "mouthStretchLeft", "mouthStretchRight", "mouthUpperUpLeft", "mouthUpperUpRight",
    "noseSneerLeft", "noseSneerRight", "tongueOut",
)  # fmt: skip
"""ARKit's 52 blendshapes; Left and Right are the person's own."""

EXTRA: Final[tuple[str, ...]] = ("headYaw", "headPitch", "headRoll", "teethUpper", "teethLower", "tongueTip")
"""Head pose in degrees (yaw + towards the picture's right, pitch + down, roll + clockwise as seen), teeth shown
(upper, lower) and the tongue tip raised behind them, each in [0, 1]."""

CHANNELS: Final[tuple[str, ...]] = ARKIT + EXTRA
CHANNEL_INDEX: Final[dict[str, int]] = {name: i for i, name in enumerate(CHANNELS)}

RANGE: Final[NDArray[np.float32]] = np.array(
    [30.0 if name.startswith("head") else 1.0 for name in CHANNELS], dtype=np.float32
)
"""The largest absolute value of each channel, shape (58,): the codec's full scale."""

_FULL: Final = np.float32(32767.0)
_SCALE: Final = _FULL / RANGE


@dataclass(frozen=True, slots=True, eq=False)
class Motion:
    """`frames` float32 of shape (n, 58) in `CHANNELS` order at 50 frames/s; frame i shows time `start` + i / 50 s."""

    frames: NDArray[np.float32]
    start: float = 0.0

    @property
    def duration(self) -> float:
        """Length in seconds."""
        return len(self.frames) / FPS

    def channel(self, name: str) -> NDArray[np.float32]:
        """One channel over time, shape (n,); raises KeyError for a name that is not a channel."""
        return self.frames[:, CHANNEL_INDEX[name]]


def rest(count: int, start: float = 0.0) -> Motion:
    """`count` frames of the portrait's own expression: all zeros."""
    return Motion(np.zeros((count, len(CHANNELS)), dtype=np.float32), start)


def compose(ambient: Motion, speech: Motion) -> Motion:
    """The two layers of a face added up and clipped to each channel's range; both must be of one length."""
    total = np.clip(ambient.frames + speech.frames, -RANGE, RANGE)
    weights = slice(0, len(ARKIT))
    total[:, weights] = np.clip(total[:, weights], 0.0, 1.0)
    return Motion(total.astype(np.float32), speech.start)


def encode(motion: Motion) -> bytes:
    """The wire form: little-endian int16, frame by frame, each value as a fraction of its `RANGE` times 32767."""
    scaled = motion.frames * _SCALE
    np.minimum(scaled, _FULL, out=scaled)
    np.maximum(scaled, -_FULL, out=scaled)
    return np.rint(scaled, out=scaled).astype("<i2").tobytes()


def decode(data: bytes, start: float = 0.0) -> Motion:
    """Reads what `encode` wrote; raises ValueError when the length is not a whole number of frames."""
    width = len(CHANNELS)
    if len(data) % (2 * width):
        raise ValueError(f"motion data must be a multiple of {2 * width} bytes")
    raw = np.frombuffer(data, "<i2").reshape(-1, width).astype(np.float32)
    return Motion(raw / 32767.0 * RANGE, start)
