"""What a picture shows of a mouth, measured without knowing the weights that made it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from visavis.core.motion import Motion
from visavis.face import mesh_points as mesh
from visavis.face.landmarks import Landmarker
from visavis.face.portrait import PRESENT, SURE
from visavis.face.render_cpu import CpuRenderer

Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Opening:
    """An opening in a picture: its greatest height and width, and its area, in px and px²."""

    height: float
    width: float
    area: float


@dataclass(frozen=True, slots=True)
class FaceShape:
    """Lips of any picture of a face, in eye distances: the gap between them and the mouth's width."""

    gap: float
    width: float


def opening(mask: Floats) -> Opening:
    """The opening that a mask (h, w) in 0 … 1 covers; parts of a px count as parts."""
    area = float(mask.sum())
    if area < 1e-6:
        return Opening(0.0, 0.0, 0.0)
    return Opening(float(mask.sum(0).max()), float(mask.max(0).sum()), area)


def lip_gaps(renderer: CpuRenderer, motion: Motion) -> NDArray[np.float64]:
    """Height of the opening between the drawn lips in px for every motion frame, shape (n,).

    It is taken from the px that the renderer leaves to the inside of the mouth, whatever moved the lips.
    """
    return np.array([opening(renderer.interior(frame)).height for frame in motion.frames])


def shape(picture: NDArray[np.uint8], landmarker: Landmarker) -> FaceShape | None:
    """The lips of a picture by its landmarks alone; None where no face is found.

    Works on anything: a rendered frame, a browser's screenshot, a film. A closed mouth reads as 0.01 to 0.06, by
    the person; compare with the same face at rest.
    """
    faces = landmarker.faces(picture)
    if not faces or faces[0].score < SURE:
        return None
    found = landmarker.landmarks(picture, faces[0])
    if found.presence < PRESENT:
        return None
    points = found.points[:, :2].astype(np.float64)
    eyes = [points[list(corners)].mean(0) for corners in mesh.EYE_CORNERS]
    unit = float(np.hypot(*(eyes[1] - eyes[0])))
    lips = points[list(mesh.INNER_LOWER[4:7])] - points[list(mesh.INNER_UPPER[4:7])]
    corners = points[list(mesh.LIP_CORNERS_OUTER)]
    return FaceShape(
        float(np.hypot(*lips.mean(0))) / unit,
        float(np.hypot(*(corners[1] - corners[0]))) / unit,
    )


def gaps_of_pictures(pictures: Iterable[NDArray[np.uint8]], landmarker: Landmarker) -> NDArray[np.float64]:
    """Lip gaps in eye distances by landmarks, NaN where no face is found."""
    found = (shape(picture, landmarker) for picture in pictures)
    return np.array([np.nan if one is None else one.gap for one in found])
