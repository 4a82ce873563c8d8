"""Reading pictures and grids between their px, as a graphics card's linear filter does."""

from __future__ import annotations

from typing import Any, Final

import cv2
import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Pixels = NDArray[np.uint8]

_REMAP: Final[Any] = cv2.remap  # its type stub has no place for packed maps


def read(source: NDArray[Any], places: Floats, *, replicate: bool = True) -> NDArray[Any]:
    """`source` (h, w[, c]) read at `places` (…, …, 2) in px, (0, 0) the middle of the first; outside its rim, or 0."""
    border = cv2.BORDER_REPLICATE if replicate else cv2.BORDER_CONSTANT
    return np.asarray(
        _REMAP(source, places, None, cv2.INTER_LINEAR, borderMode=border, borderValue=(0.0, 0.0, 0.0, 0.0))
    )


def read_at(source: NDArray[Any], x: NDArray[Any], y: NDArray[Any], *, replicate: bool = True) -> Floats:
    """The same with separate px coordinates; always float32."""
    border = cv2.BORDER_REPLICATE if replicate else cv2.BORDER_CONSTANT
    places = np.asarray(x, np.float32), np.asarray(y, np.float32)
    found = _REMAP(source, *places, cv2.INTER_LINEAR, borderMode=border, borderValue=(0.0, 0.0, 0.0, 0.0))
    return np.asarray(found, np.float32)


def padded(picture: Pixels) -> Pixels:
    """An RGB picture with a fourth channel that means nothing: OpenCV reads four channels more than twice as fast."""
    return np.asarray(cv2.cvtColor(picture, cv2.COLOR_RGB2RGBA), np.uint8)


def read_colour(source: Pixels, places: Floats) -> Pixels:
    """A `padded` picture read at `places` (h, w, 2) in px, beyond its rim as at the rim: RGB (h, w, 3)."""
    found = _REMAP(source, places, None, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(cv2.cvtColor(found, cv2.COLOR_RGBA2RGB), np.uint8)


class Affine:
    """A change of coordinates in the plane, x' = m (x, y, 1), for whole pictures of places."""

    def __init__(self, matrix: Any) -> None:
        self.matrix = np.asarray(matrix, np.float64)

    @classmethod
    def of_frame(cls, origin: tuple[float, float], scale: float, angle: float, wide: float) -> Affine:
        """From px of a picture `wide` px a side into a local frame given in its sides."""
        c, s = np.cos(angle) / scale, np.sin(angle) / scale
        x, y = 0.5 / wide - origin[0], 0.5 / wide - origin[1]
        return cls([[c / wide, s / wide, c * x + s * y], [-s / wide, c / wide, c * y - s * x]])

    @property
    def inverse(self) -> Affine:
        """The way back."""
        whole = np.linalg.inv(np.vstack([self.matrix, [0, 0, 1]]))
        return Affine(whole[:2])

    def at(self, places: Floats) -> tuple[Floats, Floats]:
        """Places (h, w, 2) in the other coordinates, each axis on its own, (h, w)."""
        first, second = cv2.split(cv2.transform(places, self.matrix))
        return np.asarray(first, np.float32), np.asarray(second, np.float32)

    def of(self, first: Floats, second: Floats) -> Floats:
        """The same from separate axes to places (h, w, 2)."""
        return np.asarray(cv2.transform(cv2.merge([first, second]), self.matrix), np.float32)


def smooth(low: Any, high: Any, x: NDArray[Any]) -> NDArray[Any]:
    """Smoothstep from 0 at `low` to 1 at `high`."""
    t = np.clip((x - low) / (high - low), 0.0, 1.0)
    return np.asarray(t * t * (3.0 - 2.0 * t))
