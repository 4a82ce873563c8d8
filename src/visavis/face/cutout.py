"""A person told from the background: how much of each px of a plate belongs to her, and in which colour."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import cv2
import numpy as np
from numpy.typing import NDArray

from visavis.face.rig import Rig
from visavis.face.sampling import smooth

Pixels = NDArray[np.uint8]
Floats = NDArray[np.float32]

_WORK: Final = 384
"""Side of the picture in which graph cuts find the person."""

_ROUNDS: Final = 5


@dataclass(frozen=True, slots=True, eq=False)
class Cutout:
    """A person without the background: `alpha` (n, n) in 0 … 1 on the plate, and the plate with the background's colour
    taken out of the hair and carried on outwards, RGB (n, n, 3)."""

    alpha: Floats
    colour: Pixels


def cutout(rig: Rig) -> Floats:
    """How much of each px of the rig's plate shows the person, (n, n), 0 … 1."""
    found = _person(rig)
    return _edges(rig.plate, found)


def cut(rig: Rig) -> Cutout:
    """The person of a rig with the colour she has of her own at her edges."""
    alpha = cutout(rig)
    return Cutout(alpha, _own_colour(rig.plate, alpha))


def _person(rig: Rig) -> Pixels:
    """1 where the person is, at `_WORK` px: graph cuts on colour, started from where face, neck and shoulders are."""
    small = cv2.resize(rig.plate, (_WORK, _WORK), interpolation=cv2.INTER_AREA)
    marks = _marks(rig)
    cv2.setRNGSeed(1)
    back, front = np.zeros((1, 65)), np.zeros((1, 65))
    cv2.grabCut(small, marks, (0, 0, 0, 0), back, front, _ROUNDS, cv2.GC_INIT_WITH_MASK)
    found: NDArray[Any] = np.isin(marks, (cv2.GC_FGD, cv2.GC_PR_FGD)).astype(np.uint8)
    shell = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (5, 5))
    found = cv2.morphologyEx(cv2.morphologyEx(found, cv2.MORPH_OPEN, shell), cv2.MORPH_CLOSE, shell)
    # One person without holes: what hangs together with the face, and what it encloses.
    _, labels = cv2.connectedComponents(found)
    middle = (np.asarray(rig.mouth.frame.origin) * _WORK).astype(int)
    found = (labels == labels[middle[1], middle[0]]).astype(np.uint8)
    _, outside = cv2.connectedComponents(1 - found, connectivity=4)
    rim = np.unique(np.concatenate([outside[0], outside[:, 0], outside[:, -1]]))
    holes = (found == 0) & ~np.isin(outside, rim)
    _, places, sizes, _ = cv2.connectedComponentsWithStats(holes.astype(np.uint8))
    small_holes = np.flatnonzero(sizes[:, cv2.CC_STAT_AREA] < 0.002 * _WORK**2)
    found[holes & np.isin(places, small_holes)] = 1
    return np.asarray(found, np.uint8)


def _marks(rig: Rig) -> Pixels:
    """Where graph cuts start: surely or probably the person, probably or surely the background."""
    eyes = (np.asarray(rig.eyes[0].frame.origin) + np.asarray(rig.eyes[1].frame.origin)) / 2
    mouth = np.asarray(rig.mouth.frame.origin)
    unit = float(np.hypot(*(mouth - eyes)))
    down = (mouth - eyes) / unit
    nodes = (np.arange(_WORK) + 0.5) / _WORK
    away = np.stack(np.meshgrid(nodes, nodes), -1) - eyes
    # In units of eyes to mouth, along the face and across it: the chin is at 1.75, the crown at about -1.7.
    along, across = away @ down / unit, np.abs(away @ np.array([down[1], -down[0]])) / unit
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


def _edges(plate: Pixels, found: Pixels) -> Floats:
    """The found shape with soft edges that follow the picture: a guided filter, narrow on skin and cloth, wider where
    hair frays."""
    size = len(plate)
    mask = np.asarray(cv2.resize(found.astype(np.float32), (size, size), interpolation=cv2.INTER_LINEAR), np.float32)
    guide = np.asarray(plate, np.float32) / np.float32(255)
    fine = _guided(guide, mask, max(size // 110, 4), 2e-4)
    alpha = smooth(0.08, 0.92, fine)
    # Nothing grows far away from the shape that was found.
    hard = (mask > 0.5).astype(np.uint8)
    reach = size / 45
    outside = cv2.distanceTransform(1 - hard, cv2.DIST_L2, 5) / reach
    inside = cv2.distanceTransform(hard, cv2.DIST_L2, 5) / reach
    alpha = np.maximum(alpha * (1 - smooth(0.5, 1.0, outside)), smooth(0.5, 1.0, inside))
    return np.asarray(alpha, np.float32)


def _guided(guide: Floats, mask: Floats, radius: int, smoothness: float) -> Floats:
    """He's guided filter with a colour guide (h, w, 3) in 0 … 1: locally, the mask as a linear function of colour."""
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
    return np.asarray((mean(slope) * guide).sum(-1) + mean(offset), np.float32)


def _own_colour(plate: Pixels, alpha: Floats) -> Pixels:
    """The person's own colour where she mixes with the background, carried on beyond her edge."""
    size = len(plate)
    picture = plate.astype(np.float32)
    near = _spread(picture, (alpha > 0.97).astype(np.float32), size)
    behind = _spread(picture, (alpha < 0.03).astype(np.float32), size)
    share = alpha[..., None]
    # What is seen is a mixture of both; take the background out where enough of her is in it to tell.
    unmixed = np.clip((picture - (1 - share) * behind) / np.maximum(share, 0.25), 0, 255)
    trust = smooth(0.25, 0.85, share)
    own = np.where(share > 0.99, picture, unmixed * trust + near * (1 - trust))
    return np.asarray(np.rint(np.clip(own, 0, 255)), np.uint8)


def _spread(picture: Floats, known: Floats, size: int) -> Floats:
    """The colours of the known px carried on into the others, near ones before far ones."""
    result = np.zeros_like(picture)
    open_ = np.ones(known.shape, np.float32)
    for width in (size / 400, size / 160, size / 60, size / 20):
        weight = cv2.GaussianBlur(known, (0, 0), width)
        sums = cv2.GaussianBlur(picture * known[..., None], (0, 0), width)
        here = open_ * np.clip(weight / 0.02, 0, 1)
        result += sums / np.maximum(weight, 1e-4)[..., None] * here[..., None]
        open_ = open_ - here
    return np.asarray(result + picture * open_[..., None], np.float32)
