"""Where everything sits, in pixels of the 1024 x 1024 picture (y down).

The drawing and the hand-set animation curves both read this one file, so they cannot drift apart.
Half curves are written for the image-right side as (dx from the middle line, y) and mirrored.
"""

# ruff: noqa: RUF005 - adding to an array moves it; nothing is concatenated
from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.interpolate import CubicSpline  # type: ignore[import-untyped]

SIZE = 1024
MIDDLE = 512.0
RISE = 18.0
"""The figure is drawn this much lower than it stands in the picture."""
TALL = 1104
"""Height of the drawing board, so that nothing ends at the lower edge of the picture."""

Array = NDArray[Any]
Half = Sequence[tuple[float, float]] | Array

EYE_UPPER = [
    (46, 435.5),
    (52, 427),
    (62, 419),
    (75, 413.2),
    (89, 410.8),
    (103, 411.8),
    (115, 416.2),
    (126, 422.4),
    (134.5, 429),
]
EYE_LOWER = [
    (46, 435.5),
    (53, 438.4),
    (63, 440.6),
    (76, 442.2),
    (90, 442.6),
    (103, 441.4),
    (115, 438.2),
    (126, 434),
    (134.5, 429),
]
IRIS = (90, 428.0, 18.8)

BROW_SPINE = [
    (37, 377.5),
    (56, 370),
    (78, 363.4),
    (98, 359.2),
    (115, 358.2),
    (131, 361.6),
    (146, 369),
    (159, 379),
]

LIP_LINE = [(0, 604.6), (8, 603.6), (17, 602.4), (30, 602.4), (46, 600.8), (60, 598.4), (72, 595.2)]
LIP_TOP = [(0, 588.6), (7, 585.8), (13.5, 584), (22, 584.8), (36, 588), (52, 591.6), (63, 594), (72, 595.2)]
LIP_BOTTOM = [(0, 629), (14, 628.2), (28, 625), (42, 618.6), (54, 610), (62, 602.4), (68, 597.6), (72, 595.2)]

FACE_HALF = [
    (0, 196), (58, 201), (108, 218), (150, 252), (178, 300), (191, 350), (196.5, 400), (197.5, 440),
    (195, 480),
    (187.5, 520), (175, 560), (158, 597), (136, 631), (109, 662), (81, 687), (54, 705), (28, 715), (0, 718),
]  # fmt: skip
CHIN = (512.0, 718.0)
NOSE_BASE = (512.0, 556.0)


def spline(points: Half, count: int) -> Array:
    """Sample a smooth curve through the points, evenly in arc length."""
    p = np.asarray(points, float)
    t = np.r_[0, np.cumsum(np.hypot(*np.diff(p, axis=0).T) ** 0.5)]
    return np.asarray(CubicSpline(t, p, bc_type="natural")(np.linspace(0, t[-1], count)))


def place(half: Half, side: int) -> Array:
    """Half curve (dx, y) to picture coordinates; side -1 is image-left, +1 image-right."""
    p = np.asarray(half, float)
    return np.asarray(np.c_[MIDDLE + side * p[:, 0], p[:, 1]])


def whole(half: Half, count: int) -> Array:
    """A symmetric curve from image-left to image-right, made of a half curve that starts at the middle."""
    left = np.asarray(half, float)[::-1] * (-1, 1)
    both = np.r_[left, np.asarray(half, float)[1:]]
    return spline(both, count) + (MIDDLE, 0)


def eye(side: int, count: int = 33) -> tuple[Array, Array]:
    """Upper and lower lid edge, each from the inner to the outer corner."""
    return place(spline(EYE_UPPER, count), side), place(spline(EYE_LOWER, count), side)


def iris(side: int) -> tuple[float, float, float]:
    """Centre and radius of the iris."""
    return MIDDLE + side * IRIS[0], IRIS[1], IRIS[2]


def brow(side: int, count: int = 15) -> Array:
    """The spine of a brow, from its head to its tail."""
    return place(spline(BROW_SPINE, count), side)


def face_oval(count: int = 120) -> Array:
    """The closed outline of the face, clockwise from the top."""
    half = spline(FACE_HALF, count // 2 + 1)
    return np.asarray(np.r_[place(half, 1), place(half[::-1], -1)[1:-1]])


def curves() -> dict[str, object]:
    """The hand-set animation curves, ready for JSON."""

    def listed(p: Array) -> list[list[float]]:
        return [[round(float(x), 2), round(float(y) - RISE, 2)] for x, y in p]

    eyes: dict[str, object] = {}
    brows: dict[str, object] = {}
    for name, side in (("image_left", -1), ("image_right", 1)):
        upper, lower = eye(side, 13)
        x, y, r = iris(side)
        eyes[name] = {
            "inner_corner": listed(upper[:1])[0],
            "outer_corner": listed(upper[-1:])[0],
            "upper_lid": listed(upper),
            "lower_lid": listed(lower),
            "iris_centre": listed(np.array([(x, y)]))[0],
            "iris_radius": r,
        }
        brows[name] = listed(brow(side, 9))
    line = whole(LIP_LINE, 25)
    return {
        "size": SIZE,
        "note": "pixels at 1024 x 1024, y down; sides as seen in the picture; "
        "lids and brows run from the nose outwards",
        "eyes": eyes,
        "brows": brows,
        "mouth": {
            "left_corner": listed(line[:1])[0],
            "right_corner": listed(line[-1:])[0],
            "lip_line": listed(line),
            "upper_outer": listed(whole(LIP_TOP, 21)),
            "lower_outer": listed(whole(LIP_BOTTOM, 21)),
        },
        "nose_base": listed(np.array([NOSE_BASE]))[0],
        "chin": listed(np.array([CHIN]))[0],
        "face_oval": listed(face_oval(72)),
    }
