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
    found = _REMAP(
        source,
        x.astype(np.float32),
        y.astype(np.float32),
        cv2.INTER_LINEAR,
        borderMode=border,
        borderValue=(0.0, 0.0, 0.0, 0.0),
    )
    return np.asarray(found, np.float32)


def smooth(low: Any, high: Any, x: NDArray[Any]) -> NDArray[Any]:
    """Smoothstep from 0 at `low` to 1 at `high`."""
    t = np.clip((x - low) / (high - low), 0.0, 1.0)
    return np.asarray(t * t * (3.0 - 2.0 * t))
