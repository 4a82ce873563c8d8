"""Where everything sits, in pixels of the 1024 x 1024 picture (y down).

The drawing and the hand-set animation curves both read this one file, so they cannot drift apart.
Half curves are written for the image-right side as (dx from the middle line, y) and mirrored.
"""

from __future__ import annotations

import numpy as np
from scipy.interpolate import CubicSpline

SIZE = 1024
MIDDLE = 512.0

Points = np.ndarray

EYE_UPPER = [
    (47, 436),
    (53, 427.5),
    (63, 420),
    (76, 414.8),
    (90, 412.6),
    (104, 413.4),
    (118, 417.6),
    (129, 423.2),
    (139, 430),
]
EYE_LOWER = [
    (47, 436),
    (54, 440.2),
    (64, 443.2),
    (77, 445.6),
    (91, 446.6),
    (105, 445.4),
    (118, 441.8),
    (129, 436.6),
    (139, 430),
]
IRIS = (90.5, 428.0, 18.8)

BROW_SPINE = [(36, 379.5), (56, 371), (78, 364), (98, 359.6), (116, 358.4), (132, 362), (147, 370), (161, 381)]

LIP_LINE = [(0, 617), (8, 616), (17, 614.6), (30, 614.6), (46, 612.8), (60, 610), (74, 606.4)]
LIP_TOP = [(0, 596.6), (7, 593.6), (14, 591.6), (23, 592.8), (36, 596.4), (52, 600.8), (64, 604), (74, 606.4)]
LIP_BOTTOM = [(0, 645.6), (16, 644), (32, 638.6), (46, 630.6), (59, 619.8), (67, 612.6), (74, 606.4)]

FACE_HALF = [
    (0, 196), (58, 201), (108, 218), (150, 252), (178, 300), (192, 350), (198, 400), (199, 440), (196.5, 480),
    (189, 520), (178, 560), (163, 600), (143, 640), (118, 672), (90, 700), (60, 719), (30, 729), (0, 731.5),
]  # fmt: skip
CHIN = (512.0, 731.5)
NOSE_BASE = (512.0, 556.0)


def spline(points: list[tuple[float, float]] | Points, count: int) -> Points:
    """Sample a smooth curve through the points, evenly in arc length."""
    p = np.asarray(points, float)
    t = np.r_[0, np.cumsum(np.hypot(*np.diff(p, axis=0).T) ** 0.5)]
    return CubicSpline(t, p, bc_type="natural")(np.linspace(0, t[-1], count))


def place(half: list[tuple[float, float]] | Points, side: int) -> Points:
    """Half curve (dx, y) to picture coordinates; side -1 is image-left, +1 image-right."""
    p = np.asarray(half, float)
    return np.c_[MIDDLE + side * p[:, 0], p[:, 1]]


def whole(half: list[tuple[float, float]], count: int) -> Points:
    """A symmetric curve from image-left to image-right, made of a half curve that starts at the middle."""
    left = np.asarray(half, float)[::-1] * (-1, 1)
    both = np.r_[left, np.asarray(half, float)[1:]]
    return spline(both, count) + (MIDDLE, 0)


def eye(side: int, count: int = 33) -> tuple[Points, Points]:
    """Upper and lower lid edge, each from the inner to the outer corner."""
    return place(spline(EYE_UPPER, count), side), place(spline(EYE_LOWER, count), side)


def iris(side: int) -> tuple[float, float, float]:
    """Centre and radius of the iris."""
    return MIDDLE + side * IRIS[0], IRIS[1], IRIS[2]


def brow(side: int, count: int = 15) -> Points:
    """The spine of a brow, from its head to its tail."""
    return place(spline(BROW_SPINE, count), side)


def face_oval(count: int = 120) -> Points:
    """The closed outline of the face, clockwise from the top."""
    half = spline(FACE_HALF, count // 2 + 1)
    return np.r_[place(half, 1), place(half[::-1], -1)[1:-1]]


def curves() -> dict[str, object]:
    """The hand-set animation curves, ready for JSON."""

    def listed(p: Points) -> list[list[float]]:
        return [[round(float(x), 2), round(float(y), 2)] for x, y in p]

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
            "iris_centre": [x, y],
            "iris_radius": r,
        }
        brows[name] = listed(brow(side, 9))
    line = whole(LIP_LINE, 25)
    return {
        "size": SIZE,
        "note": "pixels at 1024 x 1024, y down; sides as seen in the picture; lids and brows run from the nose outwards",
        "eyes": eyes,
        "brows": brows,
        "mouth": {
            "left_corner": listed(line[:1])[0],
            "right_corner": listed(line[-1:])[0],
            "lip_line": listed(line),
            "upper_outer": listed(whole(LIP_TOP, 21)),
            "lower_outer": listed(whole(LIP_BOTTOM, 21)),
        },
        "nose_base": list(NOSE_BASE),
        "chin": list(CHIN),
        "face_oval": listed(face_oval(72)),
    }
