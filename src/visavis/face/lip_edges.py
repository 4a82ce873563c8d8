"""The line where the lips meet, or the two edges of an open mouth, found to the pixel by dynamic programming."""

from __future__ import annotations

from typing import Any, Final

import cv2
import numpy as np
from numpy.typing import NDArray

from visavis.face.geometry import Geometry, Points, edge_positions

OPEN: Final = 0.08
"""An opening (in half mouth widths) above which a mouth counts as open."""

_COLUMNS: Final = 81
_STEPS: Final = 49


def lip_edges(plate: NDArray[np.uint8], geometry: Geometry) -> tuple[Points, Points]:
    """Upper and lower lip edge, v at each of `edge_positions()`; one line where the mouth is closed."""
    mouth = geometry.mouth
    u = edge_positions()
    if geometry.drawn:
        line = _outward(u, mouth.inner_upper)
        return line, line.copy()
    upper, lower = (np.interp(u, *line.T) for line in (mouth.inner_upper, mouth.inner_lower))
    inside = np.linspace(-0.97, 0.97, _COLUMNS)
    if mouth.opening < OPEN:
        start = np.interp(inside, u, (upper + lower) / 2)
        offsets = np.linspace(-0.22, 0.22, _STEPS)
        light = _sample(_lab(plate)[..., 0], geometry, inside, start, offsets)
        light = np.asarray(cv2.GaussianBlur(light, (0, 0), 1.0), np.float32)
        cost = (light - light.min(0)) / (np.ptp(light, axis=0) + 8.0) + 1.2 * np.abs(offsets)[:, None]
        line = _outward(u, np.stack([inside, start + offsets[_path(cost)]], 1))
        return line, line.copy()
    edges = []
    red = _lab(plate)[..., 1]
    for start_line, low, high, sign in ((upper, -0.06, 0.14, -1.0), (lower, -0.12, 0.10, 1.0)):
        start = np.interp(inside, u, start_line)
        offsets = np.linspace(low, high, _STEPS)
        lips = cv2.GaussianBlur(_sample(red, geometry, inside, start, offsets), (0, 0), 1.5)
        rise = sign * np.gradient(lips, axis=0)
        cost = -rise / (np.abs(rise).max() + 1e-6) + 0.8 * np.abs(offsets)[:, None]
        # Two hundredths into the lip, so that no tooth stays on it.
        edges.append(_outward(u, np.stack([inside, start + offsets[_path(cost)] + sign * 0.02], 1)))
    meeting = (edges[0] + edges[1]) / 2
    return np.minimum(edges[0], meeting), np.maximum(edges[1], meeting)


def _lab(plate: NDArray[np.uint8]) -> NDArray[np.float32]:
    return np.asarray(cv2.cvtColor(plate.astype(np.float32) / 255.0, cv2.COLOR_RGB2LAB), np.float32)


def _sample(
    channel: NDArray[Any], geometry: Geometry, u: Points, start: Points, offsets: Points
) -> NDArray[np.float32]:
    """The channel along columns of the mouth frame, shape (offsets, columns)."""
    grid = np.stack(np.broadcast_arrays(u[None, :], start[None, :] + offsets[:, None]), -1)
    px = (geometry.mouth.frame.plate(grid) * len(channel) - 0.5).astype(np.float32)
    return np.asarray(cv2.remap(channel, px[..., 0], px[..., 1], cv2.INTER_LINEAR), np.float32)


def _path(cost: NDArray[Any]) -> NDArray[np.intp]:
    """The cheapest row for each column when neighbours may differ by two rows at a price."""
    rows, columns = cost.shape
    moves = (-2, -1, 0, 1, 2)
    total, back = cost[:, 0].copy(), np.zeros((columns, rows), np.intp)
    for column in range(1, columns):
        padded = np.pad(total, 2, constant_values=np.inf)
        choices = np.stack([padded[2 + m : 2 + m + rows] + 0.06 * m * m for m in moves])
        best = choices.argmin(0)
        back[column] = np.arange(rows) + best - 2
        total = cost[:, column] + choices.min(0)
    path = np.empty(columns, np.intp)
    path[-1] = int(total.argmin())
    for column in range(columns - 1, 0, -1):
        path[column - 1] = back[column, path[column]]
    return path


def _outward(u: Points, line: Points) -> Points:
    """A polyline (n, 2) sampled at u, smoothed, and level beyond the corners, where both lips share one line."""
    values = np.interp(u, line[:, 0], line[:, 1])
    kernel = np.array([1.0, 4.0, 6.0, 4.0, 1.0]) / 16
    inner = np.abs(u) < 0.95
    smooth = np.convolve(np.pad(values, 2, mode="edge"), kernel, "valid")
    values = np.where(inner, smooth, values)
    ends = np.interp([-1.0, 1.0], u, values)
    blend = np.clip((np.abs(u) - 0.9) / 0.1, 0, 1)
    return np.asarray(values * (1 - blend) + np.where(u < 0, ends[0], ends[1]) * blend)
