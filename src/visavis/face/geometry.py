"""Where the parts of one face are, in plate coordinates: mouth frame, eye frames, brows, outline, mesh.

Plate coordinates are fractions of the plate's side, x to the right, y down, (0, 0) its top-left corner.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from visavis.face import mesh_points as mesh
from visavis.face.landmarks import Landmarks

Points = NDArray[np.float64]

EDGE_SPAN = 1.6
"""Lip edges are sampled for |u| up to this."""
EDGE_COUNT = 129
LID_SPAN = 1.3
"""Lid edges are sampled for |s| up to this."""
LID_COUNT = 65


@dataclass(frozen=True, slots=True, eq=False)
class Frame:
    """A local coordinate frame: `origin` and unit length `scale` in plate coordinates, turned by `angle` radians."""

    origin: tuple[float, float]
    scale: float
    angle: float

    def local(self, points: NDArray[Any]) -> Points:
        """Plate points (..., 2) in this frame."""
        d = np.asarray(points, np.float64) - self.origin
        c, s = np.cos(self.angle), np.sin(self.angle)
        return np.stack([d[..., 0] * c + d[..., 1] * s, d[..., 1] * c - d[..., 0] * s], -1) / self.scale

    def plate(self, points: NDArray[Any]) -> Points:
        """Points (..., 2) of this frame in plate coordinates."""
        p = np.asarray(points, np.float64) * self.scale
        c, s = np.cos(self.angle), np.sin(self.angle)
        return np.stack([p[..., 0] * c - p[..., 1] * s, p[..., 0] * s + p[..., 1] * c], -1) + self.origin


@dataclass(frozen=True, slots=True, eq=False)
class Mouth:
    """The mouth: `frame` (u along the lips, v down, unit = half the mouth's width) and the lips in it.

    `inner_upper`, `inner_lower`, `outer_upper`, `outer_lower` are polylines (n, 2) in (u, v), left to right; `nose` and
    `chin` are the distances of the nose base above and of the chin below the lips.
    """

    frame: Frame
    inner_upper: Points
    inner_lower: Points
    outer_upper: Points
    outer_lower: Points
    nose: float
    chin: float

    @property
    def opening(self) -> float:
        """How far the lips are apart in the middle, in half mouth widths."""
        return float(np.interp(0, *self.inner_lower.T) - np.interp(0, *self.inner_upper.T))


@dataclass(frozen=True, slots=True, eq=False)
class Eye:
    """One eye: `frame` (s from corner to corner as seen, t down, unit = half its width), lids and iris in it.

    `upper` and `lower` hold t at `LID_COUNT` values of s in ±`LID_SPAN`; outside the corners they are one line.
    `iris` is (s, t, radius).
    """

    frame: Frame
    upper: Points
    lower: Points
    iris: tuple[float, float, float]


@dataclass(frozen=True, slots=True, eq=False)
class Geometry:
    """All of one face: pairs image-left first; `points` is the mesh (468, 3), z in the same unit, nearer is less."""

    mouth: Mouth
    eyes: tuple[Eye, Eye]
    brows: tuple[Points, Points]
    oval: Points
    points: Points
    eye_distance: float
    drawn: bool

    @property
    def half_width(self) -> float:
        """Half the width of the face."""
        return float(np.ptp(self.oval[:, 0]) / 2)


def lid_positions() -> Points:
    """The values of s at which lid edges are sampled."""
    return np.linspace(-LID_SPAN, LID_SPAN, LID_COUNT)


def edge_positions() -> Points:
    """The values of u at which lip edges are sampled."""
    return np.linspace(-EDGE_SPAN, EDGE_SPAN, EDGE_COUNT)


def frame_between(left: NDArray[Any], right: NDArray[Any]) -> Frame:
    """The frame with its origin between two points and unit half their distance."""
    middle, span = (left + right) / 2, right - left
    return Frame((float(middle[0]), float(middle[1])), float(np.hypot(*span) / 2), float(np.arctan2(span[1], span[0])))


def measure(found: Landmarks, crop: tuple[float, float, float]) -> Geometry:
    """The geometry of a photographed face; `crop` is the plate's (x, y, side) in picture px."""
    x, y, side = crop
    points = np.asarray(found.points, np.float64).copy()
    points[:, :2] -= (x, y)
    points /= side
    irises = np.asarray(found.irises, np.float64) / side
    irises[:, 0] -= x / side
    irises[:, 1] -= y / side
    flat = points[:, :2]

    def row(indices: Sequence[int]) -> Points:
        return np.asarray(flat[list(indices)])

    outer, inner = row(mesh.LIP_CORNERS_OUTER), row(mesh.LIP_CORNERS_INNER)
    corners = 0.75 * outer + 0.25 * inner
    frame = frame_between(corners[0], corners[1])
    mouth = _mouth(
        frame,
        [frame.local(row(r)) for r in (mesh.INNER_UPPER, mesh.INNER_LOWER, mesh.OUTER_UPPER, mesh.OUTER_LOWER)],
        frame.local(flat[mesh.NOSE_BASE]),
        frame.local(flat[mesh.CHIN]),
    )
    eyes = []
    for i in (0, 1):
        ends = row(mesh.EYE_CORNERS[i])
        eye_frame = frame_between(ends[0], ends[1])
        middle = eye_frame.local(irises[i, :2])
        upper, lower = (eye_frame.local(row(r[i])) for r in (mesh.UPPER_LIDS, mesh.LOWER_LIDS))
        radius = float(irises[i, 2]) / eye_frame.scale
        eyes.append(_eye(eye_frame, upper, lower, (float(middle[0]), float(middle[1]), radius)))
    brows = (
        (row(mesh.BROWS[0]) + row(mesh.BROWS_UNDER[0])) / 2,
        (row(mesh.BROWS[1]) + row(mesh.BROWS_UNDER[1])) / 2,
    )
    return _whole(mouth, (eyes[0], eyes[1]), brows, row(mesh.OVAL), points, drawn=False)


def measure_drawn(found: Landmarks, crop: tuple[float, float, float], curves: Mapping[str, Any]) -> Geometry:
    """The geometry of a drawn face: hand-set curves for eyes, brows, mouth, chin and outline, the mesh for the rest.

    `curves` is a `*.curves.json` file in px of the picture. Raises KeyError when a part is missing.
    """
    detected = measure(found, crop)
    x, y, side = crop

    def placed(values: Any) -> Points:
        return (np.asarray(values, np.float64) - (x, y)) / side

    lips = curves["mouth"]
    frame = frame_between(placed(lips["left_corner"]), placed(lips["right_corner"]))
    line = frame.local(placed(lips["lip_line"]))
    top, bottom = (frame.local(placed(lips[k])) for k in ("upper_outer", "lower_outer"))
    nose, chin = (frame.local(placed(curves[k])) for k in ("nose_base", "chin"))
    mouth = _mouth(frame, [line, line, top, bottom], nose, chin)
    eyes, brows = [], []
    for name in ("image_left", "image_right"):
        eye = curves["eyes"][name]
        ends = sorted([placed(eye["inner_corner"]), placed(eye["outer_corner"])], key=lambda p: float(p[0]))
        eye_frame = frame_between(ends[0], ends[1])
        upper, lower = (eye_frame.local(placed(eye[k])) for k in ("upper_lid", "lower_lid"))
        middle = eye_frame.local(placed(eye["iris_centre"]))
        radius = float(eye["iris_radius"]) / side / eye_frame.scale
        eyes.append(_eye(eye_frame, upper, lower, (float(middle[0]), float(middle[1]), radius)))
        spine = placed(curves["brows"][name])
        brows.append(spine[np.argsort(spine[:, 0])])
    oval = placed(curves["face_oval"])
    return _whole(mouth, (eyes[0], eyes[1]), (brows[0], brows[1]), oval, detected.points, drawn=True)


def _mouth(frame: Frame, lips: Sequence[Points], nose: Points, chin: Points) -> Mouth:
    rising = [line[np.argsort(line[:, 0])] for line in lips]
    return Mouth(frame, rising[0], rising[1], rising[2], rising[3], float(-nose[1]), float(chin[1]))


def _eye(frame: Frame, upper: Points, lower: Points, iris: tuple[float, float, float]) -> Eye:
    s = lid_positions()
    edges = []
    for line in (upper, lower):
        ordered = line[np.argsort(line[:, 0])]
        edges.append(np.interp(s, ordered[:, 0], ordered[:, 1]))
    top, bottom = edges
    outside = np.abs(s) >= 1
    top[outside] = bottom[outside] = 0.0
    kernel = np.array([0.25, 0.5, 0.25])
    for _ in range(2):
        top[1:-1], bottom[1:-1] = np.convolve(top, kernel, "valid"), np.convolve(bottom, kernel, "valid")
    # The dark rim under the lashes belongs to the lid and moves with it.
    top = top + 0.06 * np.clip((bottom - top) / 0.3, 0.0, 1.0)
    return Eye(frame, np.minimum(top, bottom), np.maximum(top, bottom), iris)


def _whole(
    mouth: Mouth, eyes: tuple[Eye, Eye], brows: tuple[Points, Points], oval: Points, points: Points, *, drawn: bool
) -> Geometry:
    a, b = (np.asarray(eye.frame.origin) for eye in eyes)
    return Geometry(mouth, eyes, brows, oval, points, float(np.hypot(*(b - a))), drawn)
