"""How like two pictures are: structural similarity and peak signal to noise."""

from __future__ import annotations

from typing import Any, Final

import cv2
import numpy as np
from numpy.typing import NDArray

Pixels = NDArray[np.uint8]
Mask = NDArray[np.bool_]

IDENTICAL: Final = 100.0
"""What `psnr` says of equal pictures, in dB: more than any 8-bit picture that differs can have at these sizes."""

_WINDOW: Final = 11
_SIGMA: Final = 1.5
_C1: Final = (0.01 * 255) ** 2
_C2: Final = (0.03 * 255) ** 2
"""Window and constants of Wang, Bovik, Sheikh and Simoncelli, 2004."""


def ssim(one: Pixels, other: Pixels, where: Mask | None = None) -> float:
    """Mean structural similarity of two grey pictures (h, w), at most 1; NaN where no window fits inside `where`.

    Source: Wang et al., Image quality assessment, 2004, with the Gaussian window.
    """
    a, b = one.astype(np.float32), other.astype(np.float32)
    mean_a, mean_b = _blur(a), _blur(b)
    variance_a = _blur(a * a) - mean_a * mean_a
    variance_b = _blur(b * b) - mean_b * mean_b
    covariance = _blur(a * b) - mean_a * mean_b
    likeness = (2 * mean_a * mean_b + _C1) * (2 * covariance + _C2)
    likeness /= (mean_a * mean_a + mean_b * mean_b + _C1) * (variance_a + variance_b + _C2)
    inside = windows(np.ones(one.shape, np.bool_) if where is None else where)
    return float(np.mean(likeness[inside], dtype=np.float64)) if inside.any() else float("nan")


def psnr(one: Pixels, other: Pixels, where: Mask | None = None) -> float:
    """Peak signal to noise in dB of two pictures (h, w) or (h, w, 3) over `where`; NaN where that is empty."""
    difference = one.astype(np.float32) - other.astype(np.float32)
    chosen = difference if where is None else difference[where]
    if chosen.size == 0:
        return float("nan")
    error = float(np.mean(chosen * chosen, dtype=np.float64))
    return IDENTICAL if error == 0 else min(IDENTICAL, float(10 * np.log10(255.0**2 / error)))


def windows(where: Mask) -> Mask:
    """The px whose whole window lies inside `where` and inside the picture."""
    bordered = cv2.copyMakeBorder(where.astype(np.uint8), 1, 1, 1, 1, cv2.BORDER_CONSTANT, value=0)
    kernel = np.ones((_WINDOW, _WINDOW), np.uint8)
    eroded: NDArray[Any] = cv2.erode(bordered, kernel, borderType=cv2.BORDER_CONSTANT, borderValue=0)
    return np.asarray(eroded[1:-1, 1:-1] > 0)


def _blur(picture: NDArray[np.float32]) -> NDArray[np.float32]:
    size = (_WINDOW, _WINDOW)
    return np.asarray(cv2.GaussianBlur(picture, size, _SIGMA, borderType=cv2.BORDER_REFLECT), np.float32)
