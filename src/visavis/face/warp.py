"""Displacement grids of one frame: fields summed by their drivers and turned round, so that a picture can be read."""

from __future__ import annotations

import math
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from visavis.face import fields, pose
from visavis.face.geometry import EDGE_COUNT, EDGE_SPAN
from visavis.face.rig import Rig
from visavis.face.sampling import Floats, read, read_at

COARSE = 192
"""About how many nodes along each side of the output the whole mapping is evaluated at."""

_TINY = 1e-4

_MOUTH = 2.4
"""Half mouth widths above and below the mouth within which either sheet may show."""


@dataclass(frozen=True, slots=True, eq=False)
class Warp:
    """One frame's mapping, every array float32.

    `upper`, `lower` and `merged` (128, 128, 2) are what to add to a point of the posed face to find its origin, on the
    field grid, in plate sides; `head` (48, 48, 2) is the same for the pose. `parted` says that the sheets differ,
    `still` that nothing moves at all.
    """

    upper: Floats
    lower: Floats
    merged: Floats
    head: Floats
    parted: bool
    still: bool


class Warper:
    """Sums and inverts the fields of one rig."""

    def __init__(self, rig: Rig) -> None:
        self._rig = rig
        index = rig.controls.index
        grid, side = fields.GRID, rig.box.side
        self._drivers = [index[field.name] for field in rig.fields]
        # In nodes of the field grid; None where the lower sheet moves like the upper one.
        self._fields = [
            (_scaled(f.upper, f.scale * grid / side), _scaled(f.lower, f.scale * grid / side) if f.split else None)
            for f in rig.fields
        ]
        self._moves = [bool(np.abs(upper).max() > 1e-3 or lower is not None) for upper, lower in self._fields]
        self._nodes = _nodes(grid)
        places = (self._nodes + 0.5) / grid * side + (rig.box.x, rig.box.y)
        self._local = rig.mouth.frame.local(places).astype(np.float32)
        spin = rig.mouth.frame
        unit = side / grid / spin.scale
        self._turn = math.cos(spin.angle) * unit, math.sin(spin.angle) * unit
        self._edge = ((rig.mouth.upper + rig.mouth.lower) / 2).astype(np.float32)[None]
        near = np.flatnonzero((np.abs(self._local[..., 1]) < _MOUTH).any(1))
        # Above these rows only the upper sheet shows, below them only the lower one.
        self._both = slice(int(near[0]), int(near[-1]) + 1) if len(near) else slice(0, grid)
        scale = rig.pose.scale * pose.GRID
        self._pose = [np.asarray(p, np.float32) * scale for p in (rig.pose.yaw, rig.pose.pitch, rig.pose.roll)]
        self._pose_drivers = [index[name] for name in ("yaw", "pitch", "roll")]
        self._pose_nodes = _nodes(pose.GRID)

    def warp(self, drivers: Floats) -> Warp:
        """The mapping for one frame's driver values."""
        grid = fields.GRID
        upper, lower = np.zeros((grid, grid, 2), np.float32), np.zeros((grid, grid, 2), np.float32)
        shared = np.zeros((grid, grid, 2), np.float32)
        active = parted = False
        for moves, driver, (one, other) in zip(self._moves, self._drivers, self._fields, strict=True):
            weight = float(drivers[driver])
            if moves and abs(weight) > _TINY:
                active = True
                if other is None:
                    cv2.scaleAdd(one, weight, shared, shared)
                else:
                    cv2.scaleAdd(one, weight, upper, upper)
                    cv2.scaleAdd(other, weight, lower, lower)
        head = np.zeros((pose.GRID, pose.GRID, 2), np.float32)
        turned = False
        for index, basis in zip(self._pose_drivers, self._pose, strict=True):
            weight = float(drivers[index])
            if abs(weight) > _TINY:
                head += weight * basis
                turned = True
        unit = np.float32(self._rig.box.side / grid)
        merged = upper
        if active:
            parted = float(cv2.norm(upper, lower, cv2.NORM_INF)) > 0.02
            cv2.add(upper, shared, upper)
            if parted:
                cv2.add(lower, shared, lower)
                low = slice(self._both.start, grid)
                upper = _inverse(upper, self._nodes)
                inverse = _inverse(lower, self._nodes, low)
                lower = upper.copy()
                lower[low] = inverse
                merged = self._merge(upper, lower)
            else:
                upper = lower = merged = _inverse(upper, self._nodes)
        if turned:
            head = _inverse(head, self._pose_nodes) / np.float32(pose.GRID)
        return Warp(upper * unit, lower * unit, merged * unit, head, parted, not (active or turned))

    def _merge(self, upper: Floats, lower: Floats) -> Floats:
        """The upper sheet where it shows, the lower one elsewhere."""
        rows = self._both
        moved = upper[rows]
        u = self._local[rows, :, 0] + moved[..., 0] * self._turn[0] + moved[..., 1] * self._turn[1]
        v = self._local[rows, :, 1] + moved[..., 1] * self._turn[0] - moved[..., 0] * self._turn[1]
        place = (u + EDGE_SPAN) * ((EDGE_COUNT - 1) / (2 * EDGE_SPAN))
        above = v < read_at(self._edge, place, np.zeros_like(place))
        merged = lower.copy()
        merged[: rows.start] = upper[: rows.start]
        np.copyto(merged[rows], moved, where=above[..., None])
        return merged


def _scaled(steps: NDArray[np.int8], unit: float) -> Floats:
    return np.ascontiguousarray(steps.astype(np.float32) * np.float32(unit))


def _nodes(grid: int) -> Floats:
    y, x = np.mgrid[:grid, :grid].astype(np.float32)
    return np.ascontiguousarray(np.stack([x, y], -1))


def _inverse(moved: Floats, nodes: Floats, rows: slice = slice(None)) -> Floats:
    """What to add to a node to find the point that was moved there, for some rows of nodes: fixed-point iteration,
    four rounds."""
    here = nodes[rows]
    place = here - moved[rows]
    for _ in range(3):
        place = here - read(moved, place, replicate=False)
    return np.asarray(place - here, np.float32)
