"""The plate: the square of the portrait that is drawn from, cut to size and freed of what would smear."""

from __future__ import annotations

from typing import Any, Final

import cv2
import numpy as np
from numpy.typing import NDArray

from visavis.face.geometry import Geometry, edge_positions
from visavis.face.landmarks import Landmarks

Pixels = NDArray[np.uint8]

PLATE: Final = 768
"""Side of the plate that travels to a browser, in px."""
LARGEST_PLATE: Final = 1440
"""Side of the largest plate kept for rendering, in px."""

_ROOM: Final = 2.15
"""Side of the plate in heights of the mesh (brow to chin and a little more)."""
_ABOVE: Final = 0.53
"""Where on the plate the middle of the mesh lies."""
_DARK: Final = 0.66


def plate_crop(picture: Pixels, found: Landmarks) -> tuple[float, float, float]:
    """The square (x, y, side) in picture px that shows head and shoulders, inside the picture as far as it reaches."""
    height, width = picture.shape[:2]
    low, high = found.points[:, :2].min(0), found.points[:, :2].max(0)
    side = min(_ROOM * float(high[1] - low[1]), float(min(height, width)))
    x = float(low[0] + high[0]) / 2 - side / 2
    y = float(low[1] + high[1]) / 2 - _ABOVE * side
    return float(np.clip(x, 0, width - side)), float(np.clip(y, 0, height - side)), side


def cut_plate(picture: Pixels, crop: tuple[float, float, float]) -> Pixels:
    """The plate of a picture, between `PLATE` and `LARGEST_PLATE` px."""
    x, y, side = crop
    size = int(np.clip(round(side), PLATE, LARGEST_PLATE))
    scale = side / size
    if scale > 1:
        x0, y0, whole = round(x), round(y), round(side)
        part = picture[y0 : y0 + whole, x0 : x0 + whole]
        return np.asarray(cv2.resize(part, (size, size), interpolation=cv2.INTER_AREA), np.uint8)
    matrix = np.array([[scale, 0, x + scale / 2 - 0.5], [0, scale, y + scale / 2 - 0.5]])
    flags = cv2.INTER_CUBIC | cv2.WARP_INVERSE_MAP
    cut = cv2.warpAffine(picture, matrix, (size, size), flags=flags, borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(cut, np.uint8)


def heal_corners(plate: Pixels, geometry: Geometry, lips: tuple[NDArray[Any], NDArray[Any]], light: float) -> Pixels:
    """The plate of an open mouth with the dark of its corners painted over; `light` is that of the skin, 0 … 1.

    A mouth that smiles is dark beyond the corners of its lips; rounded lips would draw that dark out into a streak.
    """
    size = len(plate)
    nodes = (np.arange(size) + 0.5) / size
    local = geometry.mouth.frame.local(np.stack(np.meshgrid(nodes, nodes), -1))
    u, v = np.abs(local[..., 0]), local[..., 1]
    line = np.interp(local[..., 0], edge_positions(), (lips[0] + lips[1]) / 2)
    grey = cv2.cvtColor(plate, cv2.COLOR_RGB2GRAY).astype(np.float32) / 255
    near = (u > 0.74) & (u < 1.3) & (np.abs(v - line) < 0.22)
    spot = (near & (cv2.GaussianBlur(grey, (0, 0), size / 600) < _DARK * light)).astype(np.uint8)
    reach = max(3, round(0.05 * geometry.mouth.frame.scale * size)) | 1
    spot = np.asarray(cv2.dilate(spot, np.ones((reach, reach), np.uint8)), np.uint8)
    painted = cv2.inpaint(plate, spot, 4, cv2.INPAINT_TELEA)
    share = cv2.GaussianBlur(spot.astype(np.float32), (0, 0), 0.02 * geometry.mouth.frame.scale * size + 0.5)[..., None]
    mixed = plate * (1 - share) + np.asarray(painted, np.float32) * share
    return np.asarray(np.rint(mixed), np.uint8)
