"""Eye direction in degrees to ARKit's look channels."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from visavis.core.motion import CHANNEL_INDEX

DEGREES_ACROSS: Final = 50.0
DEGREES_UPRIGHT: Final = 40.0
"""Degrees of eye rotation that a look channel at 1 stands for, sideways and up or down."""

RIGHTWARD: Final = (CHANNEL_INDEX["eyeLookOutLeft"], CHANNEL_INDEX["eyeLookInRight"])
LEFTWARD: Final = (CHANNEL_INDEX["eyeLookInLeft"], CHANNEL_INDEX["eyeLookOutRight"])
DOWN: Final = (CHANNEL_INDEX["eyeLookDownLeft"], CHANNEL_INDEX["eyeLookDownRight"])
UP: Final = (CHANNEL_INDEX["eyeLookUpLeft"], CHANNEL_INDEX["eyeLookUpRight"])
"""The channels that move the eyes one way."""


def look(frames: NDArray[np.float32], yaw: NDArray[np.float64], pitch: NDArray[np.float64]) -> None:
    """Adds an eye direction to `frames` (n, 58): `yaw` + towards the picture's right, `pitch` + down, degrees, (n,)."""
    across, upright = yaw / DEGREES_ACROSS, pitch / DEGREES_UPRIGHT
    for channels, values in ((RIGHTWARD, across), (LEFTWARD, -across), (DOWN, upright), (UP, -upright)):
        for channel in channels:
            frames[:, channel] += np.maximum(values, 0.0)
