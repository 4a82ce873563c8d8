"""Displacement grids of one frame: fields summed by their drivers and turned round, so that a picture can be read."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from visavis.face import fields, pose
from visavis.face.geometry import edge_positions
from visavis.face.rig import Rig
from visavis.face.sampling import Floats, read

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
        c, s = np.cos(spin.angle), np.sin(spin.angle)
        self._turn = (np.array([[c, -s], [s, c]]) * side / grid / spin.scale).astype(np.float32)
        self._edge = (rig.mouth.upper + rig.mouth.lower).astype(np.float32) / 2
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
            upper = _inverse(np.ascontiguousarray(total[..., :2]), self._nodes)
            lower = _inverse(np.ascontiguousarray(total[..., 2:]), self._nodes)
            parted = float(np.abs(total[..., :2] - total[..., 2:]).max()) > 0.02
            merged = self._merge(upper, lower) if parted else upper
        else:
            upper = lower = merged = np.zeros((grid, grid, 2), np.float32)
            parted = False
        if turned:
            head = _inverse(head, self._pose_nodes) / np.float32(pose.GRID)
        return Warp(upper * unit, lower * unit, merged * unit, head, parted, not (active or turned))

    def _merge(self, upper: Floats, lower: Floats) -> Floats:
        """The upper sheet where it shows, the lower one elsewhere."""
        local = self._local + upper @ self._turn
        u = (local[..., 0].ravel() - edge_positions()[0]) / (edge_positions()[1] - edge_positions()[0])
        place = np.clip(u, 0, len(self._edge) - 1.001)
        low = place.astype(np.int32)
        part = place - low
        edge = self._edge[low] * (1 - part) + self._edge[low + 1] * part
        above = local[..., 1] < edge.reshape(local.shape[:2])
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
