"""Folds and soft shadows that come with an expression: a few low-resolution maps that darken or lighten the skin."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from visavis.face.fields import Array, Box
from visavis.face.geometry import Geometry
from visavis.face.sampling import smooth

GRID: Final = 96
"""Nodes along each side of the field box."""


@dataclass(frozen=True, slots=True, eq=False)
class Shade:
    """One map, int8 (96, 96); the picture is multiplied by 1 + weight of the driver x map x `scale`."""

    driver: str
    scale: float
    map: NDArray[np.int8]


def build_shades(geometry: Geometry, box: Box) -> tuple[Shade, ...]:
    """The maps of a face."""
    nodes = (np.arange(GRID) + 0.5) / GRID * box.side
    plate = np.stack(np.meshgrid(box.x + nodes, box.y + nodes), -1)
    local = geometry.mouth.frame.local(plate)
    u, v = local[..., 0], local[..., 1]
    mouth, unit = geometry.mouth, geometry.eye_distance

    def line(points: Array, thick: float) -> Array:
        """A soft stroke along a polyline of the mouth frame, fading at its ends."""
        dense = np.stack(
            [np.interp(np.linspace(0, 1, 40), np.linspace(0, 1, len(points)), points[:, i]) for i in (0, 1)], 1
        )
        power = np.sin(np.linspace(0.12, np.pi - 0.12, 40)) ** 0.7
        distance = (u[..., None] - dense[:, 0]) ** 2 + (v[..., None] - dense[:, 1]) ** 2
        return np.asarray((np.exp(-distance / thick**2) * power).max(-1))

    shades: dict[str, Array] = {}
    n = mouth.nose
    for name, sign in (("Left", 1.0), ("Right", -1.0)):
        fold = np.array([[0.72, -n - 0.12], [1.02, -n * 0.72], [1.24, -n * 0.3], [1.32, 0.08]]) * (sign, 1.0)
        crease = line(fold, 0.1)
        beside = line(fold + np.array([0.26 * sign, -0.1]), 0.24)
        shades[f"smile{name}"] = -0.16 * crease + 0.05 * beside
        shades[f"sneer{name}"] = -0.1 * line(fold[:3], 0.1)
        brow = mouth.frame.local(geometry.brows[0 if sign < 0 else 1])
        brow = brow if sign > 0 else brow[::-1]
        eye = unit / mouth.frame.scale
        knit = np.array(
            [
                [brow[0, 0] - sign * 0.05 * eye, brow[0, 1] - 0.1 * eye],
                [brow[0, 0] - sign * 0.04 * eye, brow[0, 1] + 0.1 * eye],
            ]
        )
        shades[f"browLower{name}"] = -0.15 * line(knit, 0.035 * eye)
    brows = np.concatenate([mouth.frame.local(b) for b in geometry.brows])
    top, eye = float(brows[:, 1].min()), unit / mouth.frame.scale
    span = np.linspace(-0.42, 0.42, 9) * eye
    wrinkles = np.zeros_like(u)
    for height, power in ((0.2, 1.0), (0.31, 0.7)):
        stroke = np.stack([span, top - height * eye + 0.03 * np.cos(span / eye * 7) * eye], 1)
        wrinkles += power * line(stroke, 0.028 * eye)
    shades["browInner"] = -0.09 * wrinkles
    below = np.exp(-((u / 0.7) ** 2) - ((v - 0.72) / 0.16) ** 2)
    hollow = np.exp(-(((np.abs(u) - 1.75) / 0.45) ** 2) - ((v - 0.2) / 0.7) ** 2)
    shades["jaw"] = -0.1 * hollow * smooth(0.0, 0.3, np.abs(u))
    lip = np.exp(-((u / 0.42) ** 2) - ((v - 0.22) / 0.11) ** 2)
    shades["thickLower"] = 0.09 * lip - 0.1 * below
    return tuple(_quantised(name, shade) for name, shade in shades.items())


def _quantised(driver: str, shade: Array) -> Shade:
    edge = np.minimum(np.arange(GRID) + 0.5, GRID - 0.5 - np.arange(GRID)) / GRID
    rim = smooth(0.0, 0.06, edge)
    shade = shade * rim[:, None] * rim[None, :]
    scale = max(float(np.abs(shade).max()), 1e-6) / 127
    return Shade(driver, scale, np.rint(shade / scale).astype(np.int8))
