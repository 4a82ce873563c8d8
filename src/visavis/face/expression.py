"""What a picture shows of a face's expression, by its landmarks alone."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from visavis.face import mesh_points as mesh
from visavis.face.landmarks import Landmarks


@dataclass(frozen=True, slots=True)
class Expression:
    """An expression, in eye distances.

    `brow_inner` and `brow_outer` are the brows' heights over the eyes at either end, `lids` how far the eyes are open,
    `corners` how far the mouth's corners lie over its middle, `width` how far they are apart.
    """

    brow_inner: float
    brow_outer: float
    lids: float
    corners: float
    width: float


def expression(found: Landmarks) -> Expression:
    """The expression of one face, levelled."""
    points = found.points[:, :2].astype(np.float64)
    left, right = (points[list(corners)].mean(0) for corners in mesh.EYE_CORNERS)
    unit = float(np.hypot(*(right - left)))
    cos, sin = (right - left) / unit
    level = (points - (left + right) / 2) @ np.array([[cos, -sin], [sin, cos]]) / unit  # y grows downwards
    inner, outer, lids = [], [], []
    for brow, corners, upper, lower in zip(mesh.BROWS, mesh.EYE_CORNERS, mesh.UPPER_LIDS, mesh.LOWER_LIDS, strict=True):
        eye = level[list(corners), 1].mean()
        outwards = level[list(brow)][np.argsort(np.abs(level[list(brow), 0]))]
        inner.append(eye - outwards[:2, 1].mean())
        outer.append(eye - outwards[-2:, 1].mean())
        lids.append(level[list(lower), 1].mean() - level[list(upper), 1].mean())
    mouth = level[list(mesh.LIP_CORNERS_OUTER)]
    middle = (mesh.INNER_UPPER[len(mesh.INNER_UPPER) // 2], mesh.INNER_LOWER[len(mesh.INNER_LOWER) // 2])
    return Expression(
        brow_inner=float(np.mean(inner)),
        brow_outer=float(np.mean(outer)),
        lids=float(np.mean(lids)),
        corners=float(level[list(middle), 1].mean() - mouth[:, 1].mean()),
        width=float(np.hypot(*(mouth[1] - mouth[0]))),
    )
