"""A person told from the background: how much of each px of a plate belongs to her, and in which colour."""

from __future__ import annotations

from typing import Any, Final

import cv2
import numpy as np
from numpy.typing import NDArray

from visavis.face.sampling import smooth

Pixels = NDArray[np.uint8]
Floats = NDArray[np.float32]
Point = tuple[float, float]

_WORK: Final = 384
"""Side of the picture in which the person is found."""

_SURE, _NEVER = 0.97, 0.02
"""Certainties of the network beyond which nothing is looked at again."""


def cutout(plate: Pixels, eyes: tuple[Point, Point], mouth: Point, person: Floats | None) -> Pixels:
    """How much of each px of a plate (n, n, 3) shows the person, (n, n), 0 … 255.

    `eyes` and `mouth` are in sides of the plate; `person` (h, w), 0 … 1, is how surely each part shows her. Without it
    the plate's colours have to do, which is enough in front of a plain background only.
    """
    small = np.asarray(cv2.resize(plate, (_WORK, _WORK), interpolation=cv2.INTER_AREA), np.uint8)
    middle = (np.asarray(eyes[0]) + np.asarray(eyes[1])) / 2
    along, across = _places(middle, np.asarray(mouth))
    marks = _marks_of_face(along, across) if person is None else _marks_of_person(person, along, across)
    found = _shape(small, marks, np.asarray(mouth), rounds=5 if person is None else 2)
    return np.asarray(np.rint(_edges(plate, small, found) * 255), np.uint8)


def own_colour(plate: Pixels, alpha: Pixels) -> Pixels:
    """The plate in the person's own colour where she mixes with the background, carried on beyond her edge."""
    share = (alpha.astype(np.float32) / 255)[..., None]
    near = _spread(plate, alpha > 247)
    behind = _spread(plate, alpha < 8)
    picture = plate.astype(np.float32)
    # What is seen is a mixture of both; take the background out where enough of her is in it to tell.
    unmixed = np.clip((picture - (1 - share) * behind) / np.maximum(share, 0.25), 0, 255)
    trust = smooth(0.25, 0.85, share)
    own = np.where(share > 0.99, picture, unmixed * trust + near * (1 - trust))
    return np.asarray(np.rint(np.clip(own, 0, 255)), np.uint8)


def _places(eyes: NDArray[Any], mouth: NDArray[Any]) -> tuple[NDArray[Any], NDArray[Any]]:
    """How far each px lies below the eyes, along the face, and to its side; from eyes to mouth is 1, to the chin 1.75,
    to the crown about -1.7."""
    unit = float(np.hypot(*(mouth - eyes)))
    down = (mouth - eyes) / unit
    nodes = (np.arange(_WORK) + 0.5) / _WORK
    away = np.stack(np.meshgrid(nodes, nodes), -1) - eyes
    return away @ down / unit, np.abs(away @ np.array([down[1], -down[0]])) / unit


def _marks_of_person(person: Floats, along: NDArray[Any], across: NDArray[Any]) -> Pixels:
    """Where graph cuts start from what a network says."""
    sure = np.asarray(cv2.resize(person, (_WORK, _WORK), interpolation=cv2.INTER_LINEAR), np.float32)
    # Someone else beside the head is seen less surely than the one who is looked at.
    sure = np.where((across > 1.6) & (along < 2.2) & (sure < _SURE), 0.0, sure)
    marks = np.where(sure > 0.5, cv2.GC_PR_FGD, cv2.GC_PR_BGD).astype(np.uint8)
    shell = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (7, 7))
    marks[cv2.erode((sure > _SURE).astype(np.uint8), shell) > 0] = cv2.GC_FGD
    marks[cv2.dilate((sure > _NEVER).astype(np.uint8), shell) == 0] = cv2.GC_BGD
    return marks


def _marks_of_face(along: NDArray[Any], across: NDArray[Any]) -> Pixels:
    """The same from where face, neck and shoulders must be."""
    marks = np.full((_WORK, _WORK), cv2.GC_PR_BGD, np.uint8)
    marks[np.hypot((along - 0.1) / 2.1, across / 1.75) < 1] = cv2.GC_PR_FGD
    shoulders = (along > 2.0) & (across < 0.9 + 1.4 * (along - 2.0))
    marks[shoulders] = cv2.GC_PR_FGD
    marks[np.hypot((along - 0.45) / 1.3, across / 1.0) < 1] = cv2.GC_FGD
    marks[(along > 1.2) & (across < 0.5)] = cv2.GC_FGD
    marks[(along > 3.2) & (across < 0.5 + 0.6 * (along - 3.2))] = cv2.GC_FGD
    far = (np.hypot((along - 0.1) / 3.1, across / 3.0) > 1) & (along < 1.6)
    rim = max(_WORK // 96, 2)
    high = along < 1.0
    far[:rim] |= high[:rim]
    far[:, :rim] |= high[:, :rim]
    far[:, -rim:] |= high[:, -rim:]
    marks[far] = cv2.GC_BGD
    return marks


def _shape(small: Pixels, marks: Pixels, mouth: NDArray[Any], rounds: int) -> Pixels:
    """1 where the person is: graph cuts on colour, then one shape without holes around the mouth."""
    cv2.setRNGSeed(1)
    back, front = np.zeros((1, 65)), np.zeros((1, 65))
    cv2.grabCut(small, marks, (0, 0, 0, 0), back, front, rounds, cv2.GC_INIT_WITH_MASK)
    found: NDArray[Any] = np.isin(marks, (cv2.GC_FGD, cv2.GC_PR_FGD)).astype(np.uint8)
    shell = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (5, 5))
    found = cv2.morphologyEx(cv2.morphologyEx(found, cv2.MORPH_OPEN, shell), cv2.MORPH_CLOSE, shell)
    _, labels = cv2.connectedComponents(found)
    x, y = (int(v) for v in np.clip(mouth * _WORK, 0, _WORK - 1))
    found = (labels == labels[y, x]).astype(np.uint8)
    _, outside = cv2.connectedComponents(1 - found, connectivity=4)
    rim = np.unique(np.concatenate([outside[0], outside[:, 0], outside[:, -1]]))
    holes = (found == 0) & ~np.isin(outside, rim)
    _, places, sizes, _ = cv2.connectedComponentsWithStats(holes.astype(np.uint8))
    few = np.flatnonzero(sizes[:, cv2.CC_STAT_AREA] < 0.002 * _WORK**2)
    found[holes & np.isin(places, few)] = 1
    return np.asarray(found, np.uint8)


def _edges(plate: Pixels, small: Pixels, found: Pixels) -> Floats:
    """The found shape with soft edges that follow the picture's own, hair by hair as far as its px go."""
    size = len(plate)
    slope, offset = _guided(small.astype(np.float32) / np.float32(255), found.astype(np.float32), 4, 2e-4)
    wide = [cv2.resize(part, (size, size), interpolation=cv2.INTER_LINEAR) for part in (slope, offset)]
    fine = (wide[0] * (plate.astype(np.float32) / 255)).sum(-1) + wide[1]
    alpha = smooth(0.08, 0.92, fine)
    # Nothing grows far away from the shape that was found.
    hard = (cv2.resize(found.astype(np.float32), (size, size), interpolation=cv2.INTER_LINEAR) > 0.5).astype(np.uint8)
    reach = size / 45
    outside = cv2.distanceTransform(1 - hard, cv2.DIST_L2, 5) / reach
    inside = cv2.distanceTransform(hard, cv2.DIST_L2, 5) / reach
    alpha = np.maximum(alpha * (1 - smooth(0.5, 1.0, outside)), smooth(0.5, 1.0, inside))
    return np.asarray(alpha, np.float32)


def _guided(guide: Floats, mask: Floats, radius: int, smoothness: float) -> tuple[Floats, Floats]:
    """He's guided filter with a colour guide (h, w, 3) in 0 … 1: locally, the mask as a linear function of colour.

    The function's slope (h, w, 3) and offset (h, w), to be used on the guide at any size.
    """
    box = (2 * radius + 1, 2 * radius + 1)

    def mean(values: Any) -> NDArray[Any]:
        return np.asarray(cv2.blur(values, box, borderType=cv2.BORDER_REFLECT))

    centre, level = mean(guide), mean(mask)
    product = np.stack([mean(guide[..., i] * guide[..., j]) for i in range(3) for j in range(3)], -1)
    spread = product.reshape(*mask.shape, 3, 3) - centre[..., :, None] * centre[..., None, :]
    spread += smoothness * np.eye(3, dtype=np.float32)
    common = mean(guide * mask[..., None]) - centre * level[..., None]
    slope = np.linalg.solve(spread, common[..., None])[..., 0].astype(np.float32)
    offset = level - (slope * centre).sum(-1)
    return np.asarray(mean(slope), np.float32), np.asarray(mean(offset), np.float32)


def _spread(plate: Pixels, known: NDArray[np.bool_]) -> Floats:
    """The colours of the known px carried on into the others, near ones first; soft, as large as the plate."""
    size, small = len(plate), 256
    weight = np.asarray(cv2.resize(known.astype(np.float32), (small, small), interpolation=cv2.INTER_AREA), np.float32)
    masked = (plate * known[..., None]).astype(np.float32)
    sums = np.asarray(cv2.resize(masked, (small, small), interpolation=cv2.INTER_AREA), np.float32)
    result, left = np.zeros_like(sums), np.ones_like(weight)
    for width in (0.6, 1.6, 4.0, 12.0, 40.0):
        heavy = cv2.GaussianBlur(weight, (0, 0), width)
        share = left * np.clip(heavy / 0.02, 0, 1)
        result += cv2.GaussianBlur(sums, (0, 0), width) / np.maximum(heavy, 1e-4)[..., None] * share[..., None]
        left = left - share
    result += left[..., None] * 128
    return np.asarray(cv2.resize(result, (size, size), interpolation=cv2.INTER_LINEAR), np.float32)
