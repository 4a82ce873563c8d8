"""Small measures and encodings that the tests of pictures share."""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np
import skimage.data
import skimage.metrics
from numpy.typing import NDArray

Pixels = NDArray[np.uint8]


def encoded(picture: Pixels, kind: str = ".png") -> bytes:
    """An RGB picture as a file."""
    return bytes(cv2.imencode(kind, cv2.cvtColor(picture, cv2.COLOR_RGB2BGR))[1].tobytes())


def psnr(one: Pixels, other: Pixels) -> float:
    """Peak signal to noise in dB; 99 for equal pictures."""
    error = float(np.mean((one.astype(np.float64) - other.astype(np.float64)) ** 2))
    return 99.0 if error == 0 else float(10 * np.log10(255**2 / error))


def sample(name: str) -> Pixels:
    """One of scikit-image's free pictures, RGB."""
    data: Any = skimage.data
    return np.asarray(getattr(data, name)(), np.uint8)


def ssim(one: Pixels, other: Pixels) -> float:
    """Structural similarity of two RGB pictures."""
    metrics: Any = skimage.metrics
    return float(metrics.structural_similarity(one, other, channel_axis=2))
