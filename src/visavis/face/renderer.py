"""What every renderer of a face offers: a rig and motion in, pictures out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from visavis.core.motion import Motion


@dataclass(frozen=True, slots=True)
class RendererCapabilities:
    """What a renderer can do: output sizes in px, whether it needs a GPU, and whether its background stays still."""

    smallest: int
    largest: int
    gpu: bool = False
    still_background: bool = True


class Renderer(Protocol):
    """Draws one rig at one size; not safe to share between threads."""

    @property
    def capabilities(self) -> RendererCapabilities:
        """What this renderer can do."""
        ...

    @property
    def size(self) -> int:
        """Side of the pictures in px."""
        ...

    def draw(self, frame: NDArray[np.float32]) -> NDArray[np.uint8]:
        """One motion frame (58,) as an RGB picture (size, size, 3); the caller owns it."""
        ...

    def frames(self, motion: Motion, fps: float) -> Iterator[NDArray[np.uint8]]:
        """The pictures of a whole motion at another frame rate, motion in between interpolated."""
        ...


def resample(motion: Motion, fps: float) -> NDArray[np.float32]:
    """Motion frames at another rate, shape (n, 58), linearly interpolated.

    Picture k shows the time k / fps. Raises ValueError for a rate that is not positive.
    """
    if fps <= 0:
        raise ValueError("the frame rate must be positive")
    count = round(motion.duration * fps)
    if count == 0 or len(motion.frames) == 0:
        return np.zeros((0, motion.frames.shape[1]), np.float32)
    rate = len(motion.frames) / motion.duration
    place = np.minimum(np.arange(count) / fps * rate, len(motion.frames) - 1)
    low = np.floor(place).astype(int)
    high = np.minimum(low + 1, len(motion.frames) - 1)
    part = (place - low)[:, None].astype(np.float32)
    return np.asarray(motion.frames[low] * (1 - part) + motion.frames[high] * part, np.float32)
