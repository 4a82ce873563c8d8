"""How the head turns: a soft depth relief of face and hair over a plate whose background stays where it is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import cv2
import numpy as np
from numpy.typing import NDArray

from visavis.face import mesh_points as mesh
from visavis.face.geometry import Geometry
from visavis.face.sampling import smooth

GRID: Final = 48
"""Nodes along each side of the plate; node i lies at (i + 0.5) / 48 of it."""

_WORK: Final = 192
"""Side of the small picture in which the head is told from the background."""


@dataclass(frozen=True, slots=True, eq=False)
class Pose:
    """Displacements in plate sides per radian: `yaw`, `pitch`, `roll`, each int16 (48, 48, 2) times `scale`."""

    scale: float
    yaw: NDArray[np.int16]
    pitch: NDArray[np.int16]
    roll: NDArray[np.int16]


def build_pose(plate: NDArray[np.uint8], geometry: Geometry) -> Pose:
    """The pose fields of a plate (n, n, 3)."""
    half = geometry.half_width
    nodes = (np.arange(GRID) + 0.5) / GRID
    x, y = np.meshgrid(nodes, nodes)
    weight = _head_weight(plate, geometry)
    depth = _depth(geometry)
    chin = float(geometry.oval[:, 1].max())
    pivot = (float(geometry.oval[:, 0].mean()), chin + 0.45 * half)
    zero = np.zeros_like(x)
    fields = [
        np.stack([half * (depth + 0.36) * weight, zero], -1),
        np.stack([zero, half * (0.9 * depth + 0.22) * weight], -1),
        np.stack([-(y - pivot[1]) * weight, (x - pivot[0]) * weight], -1),
    ]
    scale = max(float(np.abs(field).max()) for field in fields) / 32767
    yaw, pitch, roll = (np.rint(field / scale).astype(np.int16) for field in fields)
    return Pose(scale, yaw, pitch, roll)


def _depth(geometry: Geometry) -> NDArray[np.float64]:
    """Depth towards the viewer in half face widths: 0 at the face's outline and beyond, greatest at the nose."""
    half = geometry.half_width
    points = geometry.points
    outline = points[list(mesh.OVAL)]
    relief = -(points[:, 2] - outline[:, 2].mean()) / half
    chosen = np.arange(0, len(points), 3)
    sites = np.concatenate([points[chosen, :2], geometry.oval[::3]])
    heights = np.concatenate([np.clip(relief[chosen], -0.1, 1.1), np.zeros(len(geometry.oval[::3]))])
    nodes = (np.arange(GRID) + 0.5) / GRID
    grid = np.stack(np.meshgrid(nodes, nodes), -1).reshape(-1, 2)
    surface = _thin_plate(sites / half, heights, grid / half).reshape(GRID, GRID)
    fade = 1 - smooth(-0.05, 0.25, _outside(geometry.oval, GRID) / half)
    result = np.clip(surface, 0.0, 1.0) * fade
    return np.asarray(cv2.GaussianBlur(result, (0, 0), 0.9), np.float64)


def _thin_plate(sites: NDArray[Any], heights: NDArray[Any], at: NDArray[Any]) -> NDArray[np.float64]:
    """A smoothed thin-plate spline through scattered heights, read at other places."""

    def kernel(a: NDArray[Any], b: NDArray[Any]) -> NDArray[np.float64]:
        squared = ((a[:, None] - b[None]) ** 2).sum(-1)
        return np.asarray(squared * np.log(squared + 1e-9) / 2)

    count = len(sites)
    plane = np.concatenate([np.ones((count, 1)), sites], 1)
    system = np.zeros((count + 3, count + 3))
    system[:count, :count] = kernel(sites, sites) + 0.02 * np.eye(count)
    system[:count, count:], system[count:, :count] = plane, plane.T
    solved = np.linalg.solve(system, np.concatenate([heights, np.zeros(3)]))
    return np.asarray(
        kernel(at, sites) @ solved[:count] + np.concatenate([np.ones((len(at), 1)), at], 1) @ solved[count:]
    )


def _outside(outline: NDArray[Any], size: int) -> NDArray[np.float64]:
    """Distance of each node from the inside of a closed outline, in plate sides; negative inside."""
    fine = 4 * size
    mask = np.zeros((fine, fine), np.uint8)
    cv2.fillPoly(mask, [np.rint(outline * fine).astype(np.int32)], 1)
    away = cv2.distanceTransform(1 - mask, cv2.DIST_L2, 5) - cv2.distanceTransform(mask, cv2.DIST_L2, 5)
    return np.asarray(cv2.resize(away, (size, size), interpolation=cv2.INTER_AREA), np.float64) / fine


def _head_weight(plate: NDArray[np.uint8], geometry: Geometry) -> NDArray[np.float64]:
    """How far each node goes with the head: 1 on face and hair, dying out over the neck and around the hair."""
    half = geometry.half_width
    head = _head(plate, geometry)
    away = cv2.distanceTransform(1 - head, cv2.DIST_L2, 5) / _WORK
    nodes = (np.arange(_WORK) + 0.5) / _WORK
    x, y = np.meshgrid(nodes, nodes)
    oval = geometry.oval
    chin, middle = float(oval[:, 1].max()), float(oval[:, 0].mean())
    weight = 1 - smooth(0.0, 0.62 * half, away)
    # Hair far from the face lags behind it; neck and hanging hair lag the more, the lower they are.
    apart = _outside(oval, _WORK)
    weight *= 1 - 0.3 * smooth(0.1 * half, 1.3 * half, apart)
    sideways = np.abs(x - middle) / half
    top = np.interp(sideways.ravel(), [0.0, 0.5, 1.0, 1.6], [0.0, -0.15, -0.75, -1.0]).reshape(x.shape)
    weight *= 1 - smooth(chin + top * half, chin + 1.1 * half, y)
    soft = cv2.GaussianBlur(weight, (0, 0), 0.05 * half * _WORK)
    soft[soft < 0.002] = 0.0
    return np.asarray(cv2.resize(soft, (GRID, GRID), interpolation=cv2.INTER_AREA), np.float64)


def _head(plate: NDArray[np.uint8], geometry: Geometry) -> NDArray[np.uint8]:
    """Face and hair told from the background by graph cuts, 1 inside, at `_WORK` px."""
    small = cv2.resize(plate, (_WORK, _WORK), interpolation=cv2.INTER_AREA)
    half = geometry.half_width
    away = _outside(geometry.oval, _WORK) / half
    nodes = (np.arange(_WORK) + 0.5) / _WORK
    _, y = np.meshgrid(nodes, nodes)
    chin = float(geometry.oval[:, 1].max())
    marks = np.full((_WORK, _WORK), cv2.GC_PR_BGD, np.uint8)
    marks[away < 0.55] = cv2.GC_PR_FGD
    marks[away < 0.0] = cv2.GC_FGD
    marks[(away > 1.5) & (y < chin)] = cv2.GC_BGD
    body = (y > chin) & (np.abs(np.meshgrid(nodes, nodes)[0] - float(geometry.oval[:, 0].mean())) < 0.35 * half)
    marks[body] = cv2.GC_FGD
    cv2.setRNGSeed(1)
    back, front = np.zeros((1, 65)), np.zeros((1, 65))
    cv2.grabCut(small, marks, (0, 0, 0, 0), back, front, 3, cv2.GC_INIT_WITH_MASK)
    found: NDArray[Any] = ((marks == cv2.GC_FGD) | (marks == cv2.GC_PR_FGD)).astype(np.uint8)
    shell = np.ones((5, 5), np.uint8)
    found = cv2.morphologyEx(cv2.morphologyEx(found, cv2.MORPH_OPEN, shell), cv2.MORPH_CLOSE, shell)
    _, labels = cv2.connectedComponents(found)
    centre = geometry.oval.mean(0) * _WORK
    found = (labels == labels[int(centre[1]), int(centre[0])]).astype(np.uint8)
    # Never less than a bare head, never more than a very full head of hair.
    found[away < 0.12] = 1
    found[away > 1.5] = 0
    return np.asarray(found, np.uint8)
