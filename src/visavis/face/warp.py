"""Displacement grids of one frame: fields summed by their drivers and turned round, so that a picture can be read."""

from __future__ import annotations

import math
from dataclasses import dataclass

import cv2
import numpy as np

from visavis.face import fields, pose
from visavis.face.geometry import EDGE_COUNT, EDGE_SPAN
from visavis.face.rig import Rig
from visavis.face.sampling import Floats, read, read_at

COARSE = 192
"""About how many nodes along each side of the output the whole mapping is evaluated at."""

_TINY = 1e-4


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
        # In nodes of the field grid.
        self._fields = [
            np.ascontiguousarray(np.concatenate([f.upper, f.lower], -1).astype(np.float32) * (f.scale * grid / side))
            for f in rig.fields
        ]
        self._moves = [bool(np.abs(f).max() > 1e-3) for f in self._fields]
        self._nodes = _nodes(grid)
        places = (self._nodes + 0.5) / grid * side + (rig.box.x, rig.box.y)
        self._local = rig.mouth.frame.local(places).astype(np.float32)
        spin = rig.mouth.frame
        unit = side / grid / spin.scale
        self._turn = math.cos(spin.angle) * unit, math.sin(spin.angle) * unit
        self._edge = ((rig.mouth.upper + rig.mouth.lower) / 2).astype(np.float32)[None]
        scale = rig.pose.scale * pose.GRID
        self._pose = [np.asarray(p, np.float32) * scale for p in (rig.pose.yaw, rig.pose.pitch, rig.pose.roll)]
        self._pose_drivers = [index[name] for name in ("yaw", "pitch", "roll")]
        self._pose_nodes = _nodes(pose.GRID)

    def warp(self, drivers: Floats) -> Warp:
        """The mapping for one frame's driver values."""
        grid = fields.GRID
        total = np.zeros((grid, grid, 4), np.float32)
        active = False
        for moves, driver, field in zip(self._moves, self._drivers, self._fields, strict=True):
            weight = float(drivers[driver])
            if moves and abs(weight) > _TINY:
                cv2.scaleAdd(field, weight, total, total)
                active = True
        head = np.zeros((pose.GRID, pose.GRID, 2), np.float32)
        turned = False
        for index, basis in zip(self._pose_drivers, self._pose, strict=True):
            weight = float(drivers[index])
            if abs(weight) > _TINY:
                head += weight * basis
                turned = True
        unit = np.float32(self._rig.box.side / grid)
        if active:
            sheets = np.ascontiguousarray(total[..., :2]), np.ascontiguousarray(total[..., 2:])
            upper = lower = merged = _inverse(sheets[0], self._nodes)
            parted = float(cv2.norm(sheets[0], sheets[1], cv2.NORM_INF)) > 0.02
            if parted:
                lower = _inverse(sheets[1], self._nodes)
                merged = self._merge(upper, lower)
        else:
            upper = lower = merged = np.zeros((grid, grid, 2), np.float32)
            parted = False
        if turned:
            head = _inverse(head, self._pose_nodes) / np.float32(pose.GRID)
        return Warp(upper * unit, lower * unit, merged * unit, head, parted, not (active or turned))

    def _merge(self, upper: Floats, lower: Floats) -> Floats:
        """The upper sheet where it shows, the lower one elsewhere."""
        u = self._local[..., 0] + upper[..., 0] * self._turn[0] + upper[..., 1] * self._turn[1]
        v = self._local[..., 1] + upper[..., 1] * self._turn[0] - upper[..., 0] * self._turn[1]
        place = (u + EDGE_SPAN) * ((EDGE_COUNT - 1) / (2 * EDGE_SPAN))
        above = v < read_at(self._edge, place, np.zeros_like(place))
        return np.asarray(np.where(above[..., None], upper, lower), np.float32)


def _nodes(grid: int) -> Floats:
    y, x = np.mgrid[:grid, :grid].astype(np.float32)
    return np.ascontiguousarray(np.stack([x, y], -1))


def _inverse(moved: Floats, nodes: Floats) -> Floats:
    """What to add to a node to find the point that was moved there: fixed-point iteration, four rounds."""
    back = -moved
    for _ in range(3):
        back = -read(moved, nodes + back, replicate=False)
    return back
