"""What a picture shows of a face's expression, measured from its landmarks alone."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from visavis.face import mesh_points as mesh
from visavis.face.landmarks import Landmarker
from visavis.face.portrait import PRESENT, SURE, head_turn

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Expression:
    """An expression in eye distances and degrees; compare it with the same face at rest.

    `brow_inner` and `brow_outer` are heights above the eyes, `lids` how far the eyes are open, `corners` how far the
    mouth's corners lie above its middle, `width` how far they are apart, `nose` the height of the nose wings over the
    lips; `pitch` is how low the face sits under its eyes' usual place (rising when the head bows), as the share of the
    eyes' height in the face; `yaw` and `roll` turn towards the picture's right and clockwise.
    """

    brow_inner: float
    brow_outer: float
    lids: float
    corners: float
    width: float
    nose: float
    yaw: float
    pitch: float
    roll: float


def expression(picture: NDArray[np.uint8], landmarker: Landmarker) -> Expression | None:
    """The expression on an RGB picture's largest face; None where no face is found."""
    faces = landmarker.faces(picture)
    if not faces or faces[0].score < SURE:
        return None
    found = landmarker.landmarks(picture, faces[0])
    if found.presence < PRESENT:
        return None
    points = found.points[:, :2].astype(np.float64)
    eyes = [points[list(corners)].mean(0) for corners in mesh.EYE_CORNERS]
    across = eyes[1] - eyes[0]
    unit = float(np.hypot(*across))
    across = across / unit
    down = np.array([-across[1], across[0]])

    def height(place: Floats, under: Floats) -> float:
        return float((under - place) @ down) / unit

    brows = [points[list(row)] for row in mesh.BROWS]
    # From the nose outwards on both sides.
    inward = [row[np.argsort(np.abs((row - (eyes[0] + eyes[1]) / 2) @ across))] for row in brows]
    open_eyes = [
        float((points[list(low)].mean(0) - points[list(high)].mean(0)) @ down) / unit
        for high, low in zip(mesh.UPPER_LIDS, mesh.LOWER_LIDS, strict=True)
    ]
    corners = points[list(mesh.LIP_CORNERS_OUTER)]
    lips = points[[mesh.INNER_UPPER[len(mesh.INNER_UPPER) // 2], mesh.INNER_LOWER[len(mesh.INNER_LOWER) // 2]]].mean(0)
    yaw, roll = head_turn(found)
    outline = points[list(mesh.OVAL)] @ down
    middle = float((eyes[0] + eyes[1]) @ down) / 2
    return Expression(
        brow_inner=float(np.mean([height(row[:2].mean(0), eye) for row, eye in zip(inward, eyes, strict=True)])),
        brow_outer=float(np.mean([height(row[-2:].mean(0), eye) for row, eye in zip(inward, eyes, strict=True)])),
        lids=float(np.mean(open_eyes)),
        corners=height(corners.mean(0), lips),
        width=float(np.hypot(*(corners[1] - corners[0]))) / unit,
        nose=height(points[mesh.NOSE_BASE], lips),
        yaw=yaw,
        pitch=(middle - float(outline.min())) / float(np.ptp(outline)),
        roll=roll,
    )
