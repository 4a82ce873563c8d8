"""The displacement fields: how each part of a face moves, on a grid of 128 x 128 nodes over the face.

A field belongs to one driver of the same name. Fields that part the lips differ between the upper and the lower
sheet of the face; the others move both alike. All formulas are in the mouth frame, in half mouth widths, with
a = distance above the upper lip's edge and b = distance below the lower lip's edge.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from visavis.face.geometry import Geometry, edge_positions
from visavis.face.sampling import smooth

GRID: Final = 128
"""Nodes along each side of the field box; node i lies at (i + 0.5) / 128 of it."""

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Box:
    """A square of the plate, in plate coordinates."""

    x: float
    y: float
    side: float


@dataclass(frozen=True, slots=True, eq=False)
class Field:
    """One field: `upper` and `lower` (128, 128, 2) int8 displacements, worth `scale` plate sides a step."""

    name: str
    scale: float
    upper: NDArray[np.int8]
    lower: NDArray[np.int8]
    split: bool


def field_box(geometry: Geometry) -> Box:
    """The square from the hairline to the neck, wide enough for the cheeks."""
    oval = geometry.oval
    h = geometry.mouth.frame.scale
    low, high = oval.min(0), oval.max(0)
    top, bottom = float(low[1]) - 0.5 * h, float(high[1]) + 2.3 * h
    side = max(bottom - top, float(high[0] - low[0]) * 1.3)
    return Box(float(low[0] + high[0]) / 2 - side / 2, (top + bottom) / 2 - side / 2, side)


def build_fields(geometry: Geometry, upper_edge: Array, lower_edge: Array, box: Box) -> tuple[Field, ...]:
    """All fields of a face, quantised, in the order in which they are summed."""
    grid = _Grid(geometry, upper_edge, lower_edge, box)
    shapes = {**_mouth_fields(grid, geometry), **_lip_sheets(grid, geometry), **_sides(grid, geometry)}
    return tuple(_quantised(name, upper, lower, grid) for name, (upper, lower) in shapes.items())


class _Grid:
    """The grid's nodes in the mouth frame and the quantities that every formula needs."""

    def __init__(self, geometry: Geometry, upper_edge: Array, lower_edge: Array, box: Box) -> None:
        nodes = (np.arange(GRID) + 0.5) / GRID * box.side
        x, y = np.meshgrid(box.x + nodes, box.y + nodes)
        self.plate = np.stack([x, y], -1)
        self.frame = geometry.mouth.frame
        local = self.frame.local(self.plate)
        self.u, self.v = local[..., 0], local[..., 1]
        self.edge_upper = np.interp(self.u, edge_positions(), upper_edge)
        self.edge_lower = np.interp(self.u, edge_positions(), lower_edge)
        self.upper_curve, self.lower_curve = upper_edge, lower_edge
        self.a = np.maximum(self.edge_upper - self.v, 0.0)
        self.b = np.maximum(self.v - self.edge_lower, 0.0)
        self.width = np.abs(self.u)
        self.inside = self.width < 1.0
        self.flat = np.maximum(1.0 - self.u**2, 0.0)
        """The opening of a slack mouth: pointed at the corners."""
        self.oval = np.maximum(1.0 - (self.u / 0.72) ** 2, 0.0) ** 0.5
        """The opening of a rounded mouth: an ellipse whose ends lie well inside the corners."""
        self.full = self.flat**0.62
        edge = np.minimum(np.arange(GRID), GRID - 1 - np.arange(GRID)) / GRID
        rim = smooth(0.0, 0.07, edge)
        self.window = rim[:, None] * rim[None, :]

    def blob(self, centre: Any, across: float, along: float) -> Array:
        """A Gaussian at a plate point, its radii in plate sides."""
        d = self.plate - np.asarray(centre)
        return np.asarray(np.exp(-((d[..., 0] / across) ** 2) - (d[..., 1] / along) ** 2))

    def spot(self, u: float, v: float, across: float, along: float) -> Array:
        """A Gaussian in the mouth frame."""
        return np.asarray(np.exp(-(((self.u - u) / across) ** 2) - ((self.v - v) / along) ** 2))


Sheets = tuple[Array, Array]


def _vector(dx: Any, dy: Any) -> Array:
    return np.stack(np.broadcast_arrays(np.asarray(dx, np.float64), np.asarray(dy, np.float64)), -1)


def _mouth_fields(g: _Grid, geometry: Geometry) -> dict[str, Sheets]:
    """Jaw, parting lips and the seal of an open mouth."""
    n, chin = geometry.mouth.nose, geometry.mouth.chin
    zero = np.zeros_like(g.u)
    # Both lips share the drop of the corners, so that the jaw alone parts nothing.
    corners = 0.2 * np.where(g.inside, g.u**2, np.exp(-(((g.width - 1) / 0.55) ** 2)))
    chin_drop = 0.7 * np.exp(-((g.width / 1.9) ** 2.4))
    blend = smooth(0.1, 0.75 * chin, g.b)
    fall = (corners * (1 - blend) + chin_drop * blend) * (1 - smooth(0.0, 2.2, g.b - chin))
    hollow = -0.05 * np.sign(g.u) * (g.spot(1.75, 0.35, 0.6, 0.9) + g.spot(-1.75, 0.35, 0.6, 0.9))
    above, below = 1 - smooth(0.18, 0.95 * n, g.a), 1 - smooth(0.35, 1.3, g.b)
    # A rounded opening lies between lips whose outlines are rounder and wider than itself.
    outline = g.flat**0.55
    round_upper = g.oval + (outline - g.oval) * smooth(0.0, 0.4, g.a)
    round_lower = g.oval + (outline - g.oval) * smooth(0.0, 0.4, g.b)
    gap = g.edge_lower - g.edge_upper
    # The lower lip's edge without the dip that a closed lip line has in its middle.
    middle = np.abs(edge_positions()) < 0.9
    bend = np.polynomial.Polynomial.fit(edge_positions()[middle], g.lower_curve[middle], 2)
    even = np.where(g.width < 0.9, (bend(g.u) - g.edge_lower) * (1 - smooth(0.6, 0.9, g.width)), 0.0)
    # A smiling or drooping lip line made straight, where a vowel asks for it.
    meeting = 0.72 * g.edge_upper + 0.28 * g.edge_lower
    mean = _mean_line(g)
    levelled = (mean - meeting) * np.where(g.inside, 1.0, np.exp(-(((g.width - 1) / 0.5) ** 2)))
    return {
        "jaw": (_vector(hollow, corners * np.exp(-((g.a / 0.75) ** 2))), _vector(hollow, fall)),
        "upper": (_vector(zero, -g.flat * above), _vector(zero, zero)),
        "upperRound": (_vector(zero, -round_upper * above), _vector(zero, zero)),
        "lower": (_vector(zero, zero), _vector(zero, g.flat * below)),
        "lowerRound": (_vector(zero, zero), _vector(zero, round_lower * below)),
        "level": (
            _vector(zero, levelled * np.exp(-((g.a / 0.9) ** 2))),
            _vector(zero, levelled * np.exp(-((g.b / 1.1) ** 2))),
        ),
        "flat": (_vector(zero, zero), _vector(zero, even * below)),
        "seal": (
            _vector(zero, 0.28 * gap * (1 - smooth(0.3, 0.98 * n, g.a))),
            _vector(zero, -0.72 * gap * (1 - smooth(0.45, 1.5, g.b))),
        ),
    }


def _mean_line(g: _Grid) -> float:
    """The height at which the lips meet, averaged from corner to corner."""
    inside = np.abs(edge_positions()) < 1
    return float((0.72 * g.upper_curve + 0.28 * g.lower_curve)[inside].mean())


def _lip_sheets(g: _Grid, geometry: Geometry) -> dict[str, Sheets]:
    """Lips wider, narrower, fuller and shifted."""
    mouth = geometry.mouth
    tall = float(np.clip(np.interp(0, g.u[0], g.edge_upper[0]) - np.interp(0, *mouth.outer_upper.T), 0.18, 0.5))
    deep = float(np.clip(np.interp(0, *mouth.outer_lower.T) - np.interp(0, g.u[0], g.edge_lower[0]), 0.22, 0.6))
    inner = 0.35 * np.sin(np.pi * g.width / 2) + 0.65 * g.width
    outer = np.exp(-(((g.width - 1) / 0.62) ** 2)) * (1 - smooth(1.5, 2.1, g.width))
    spread = np.sign(g.u) * np.where(g.inside, inner, outer)
    zero = np.zeros_like(g.u)
    slide = np.exp(-((g.u / 1.5) ** 2))
    return {
        "wide": (
            _vector(spread * np.exp(-((g.a / 0.62) ** 2)), zero),
            _vector(spread * np.exp(-((g.b / 0.55) ** 2)), zero),
        ),
        "thickUpper": (
            _vector(zero, -0.13 * g.full * smooth(0, tall * 1.05, g.a) * (1 - smooth(tall * 1.2, tall * 2.8, g.a))),
            _vector(zero, zero),
        ),
        "thickLower": (
            _vector(zero, zero),
            _vector(zero, 0.15 * g.full * smooth(0, deep * 0.95, g.b) * (1 - smooth(deep * 1.2, deep * 2.6, g.b))),
        ),
        "shift": (
            _vector(slide * np.exp(-((g.a / 0.9) ** 2)), zero),
            _vector(slide * np.exp(-((g.b / 1.4) ** 2)), zero),
        ),
    }


def _sides(g: _Grid, geometry: Geometry) -> dict[str, Sheets]:
    """What each side of the face does: corners of the mouth, cheeks, nose wings, brows."""
    shapes: dict[str, Sheets] = {}
    eye_distance, h = geometry.eye_distance, g.frame.scale
    puff = np.zeros_like(g.plate)
    inner_brows = np.zeros_like(g.plate)
    # The person's left is the picture's right.
    for name, sign, index in (("Left", 1.0, 1), ("Right", -1.0, 0)):
        near = sign * g.u > 0
        k = np.where(near, np.where(g.inside, g.width**2.4, np.exp(-(((g.width - 1) / 0.6) ** 2))), 0.0)
        lift = -0.12 * g.spot(sign * 1.5, -0.95, 0.62, 0.62)
        shapes[f"smile{name}"] = (
            _vector(sign * 0.13 * k * np.exp(-((g.a / 0.7) ** 2)), -0.24 * k * np.exp(-((g.a / 0.8) ** 2)) + lift),
            _vector(sign * 0.13 * k * np.exp(-((g.b / 0.8) ** 2)), -0.24 * k * np.exp(-((g.b / 0.9) ** 2)) + lift),
        )
        shapes[f"frown{name}"] = (
            _vector(sign * 0.02 * k, 0.2 * k * np.exp(-((g.a / 0.6) ** 2))),
            _vector(sign * 0.02 * k, 0.2 * k * np.exp(-((g.b / 0.7) ** 2))),
        )
        puff += _vector(sign * 0.14 * g.spot(sign * 1.6, 0.1, 0.65, 0.7), 0.0)
        eye = geometry.eyes[index]
        middle = np.asarray(eye.frame.origin)
        cheek = (
            -0.06
            / h
            * eye_distance
            * g.blob(middle + np.array([0.0, 0.36 * eye_distance]), 0.3 * eye_distance, 0.17 * eye_distance)
        )
        shapes[f"cheek{name}"] = _both(_vector(0.0, cheek))
        wing = g.spot(sign * 0.55, -geometry.mouth.nose - 0.15, 0.34, 0.42)
        shapes[f"sneer{name}"] = _both(_vector(sign * 0.03 * wing, -0.2 * wing * smooth(0.05, 0.4, g.a)))
        raised, lowered, inner = _brow(g, geometry, index, sign)
        shapes[f"browOuter{name}"], shapes[f"browLower{name}"] = _both(raised), _both(lowered)
        inner_brows += inner
    shapes["browInner"], shapes["puff"] = _both(inner_brows), _both(puff)
    return shapes


def _brow(g: _Grid, geometry: Geometry, index: int, sign: float) -> tuple[Array, Array, Array]:
    """Outer rise, lowering and inner rise of one brow, in half mouth widths."""
    spine = geometry.brows[index]
    unit = geometry.eye_distance
    spine = spine if sign > 0 else spine[::-1]  # from the nose outwards
    inner, outer = spine[0] * 0.8 + spine[-1] * 0.2, spine[0] * 0.3 + spine[-1] * 0.7
    centre = spine.mean(0)
    eye = geometry.eyes[index]
    lid_top = eye.frame.plate(np.array([0.0, float(eye.upper.min())]))[1]
    room = max(float(lid_top - centre[1]), 0.08 * unit)
    dy = g.plate[..., 1] - np.interp(g.plate[..., 0], *spine[np.argsort(spine[:, 0])].T)
    # The lid stays where it is: below the brow the motion dies out before the lashes.
    height = np.where(dy > 0, 1 - smooth(0.1 * room, 1.05 * room, dy), np.exp(-((dy / (0.42 * unit)) ** 2)))
    across = g.plate[..., 0]
    px = unit / g.frame.scale
    rise = np.exp(-(((across - outer[0]) / (0.3 * unit)) ** 2))
    lower = np.exp(-(((across - (centre[0] * 0.6 + inner[0] * 0.4)) / (0.34 * unit)) ** 2))
    knit = np.exp(-(((across - inner[0]) / (0.22 * unit)) ** 2))
    return (
        _vector(0.0, -0.1 * px * rise * height),
        _vector(-sign * 0.025 * px * knit * height, 0.07 * px * lower * height),
        _vector(-sign * 0.012 * px * knit * height, -0.1 * px * knit * height),
    )


def _both(field: Array) -> Sheets:
    return field, field


def _quantised(name: str, upper: Array, lower: Array, g: _Grid) -> Field:
    """Turned into plate axes and plate sides, faded out at the box's rim, and rounded to int8."""
    c, s = np.cos(g.frame.angle), np.sin(g.frame.angle)
    turn = np.array([[c, s], [-s, c]])
    both = np.stack([upper, lower]) @ turn * g.frame.scale * g.window[..., None]
    scale = max(float(np.abs(both).max()), 1e-6) / 127
    steps = np.rint(both / scale).astype(np.int8)
    return Field(name, scale, steps[0], steps[1], split=bool((steps[0] != steps[1]).any()))
