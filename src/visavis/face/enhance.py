"""The last hand on drawn pictures: less flicker, a crisper face, more px; all on arrays, RGB or RGBA."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, Final

import cv2
import numpy as np
from numpy.typing import NDArray

from visavis.face.rig import Rig
from visavis.face.sampling import smooth as smoothstep

Pixels = NDArray[np.uint8]
Floats = NDArray[np.float32]

FLICKER: Final = 9
"""Levels of 255: a px that changes by this much or more from one picture to the next has moved, and is left alone."""

_SHARE: Final = 0.5
"""How much of a tiny change against each neighbour in time is taken out; two neighbours take up to two thirds."""

_LARGEST: Final = 2160


_ZERO: Final = 128
_NONE: Final = 64
"""What stands for 0 in a difference of two px, and in 1/64 levels that are added."""


def _influences() -> Pixels:
    """What a difference of -128 … 127 to a neighbour in time adds to a px, in 1/64 levels: Tukey's biweight."""
    d = np.arange(256, dtype=np.float64) - _ZERO
    inside = np.clip(1.0 - (d / FLICKER) ** 2, 0.0, None) ** 2
    return np.rint(_NONE + 64.0 * _SHARE * 2.0 / 3.0 * d * inside).astype(np.uint8)


def _changes() -> Pixels:
    """Whole levels that the influences of two neighbours together add to a px, modulo 256: with them it stays between
    its neighbours, so that a sum which wraps around is the right one."""
    return (((np.arange(256) - 2 * _NONE + 32) >> 6) % 256).astype(np.uint8)


_INFLUENCE: Final = _influences()
_CHANGE: Final = _changes()


def smooth(before: Pixels | None, picture: Pixels, after: Pixels | None) -> Pixels:
    """One picture without its flicker against the ones before and after it, all of one shape.

    It looks at small changes only: what moves, as lips do that meet, stays as it was drawn.
    """
    if before is None and after is None:
        return picture
    changed = _changed(picture, before, after)
    if changed is None:
        return picture
    result = picture.copy()
    now = np.ascontiguousarray(picture[changed])
    now = now.reshape(len(now), -1)
    zero, none = np.full(now.shape, _ZERO, np.uint8), np.full(now.shape, _NONE, np.uint8)
    total = zero
    for other in (before, after):
        if other is not None:
            then = np.ascontiguousarray(other[changed]).reshape(now.shape)
            difference = cv2.subtract(cv2.add(cv2.subtract(then, now), zero), cv2.subtract(now, then))
            total = np.asarray(cv2.add(cv2.subtract(total, none), cv2.LUT(difference, _INFLUENCE)), np.uint8)
    smoothed: Pixels = now + np.asarray(cv2.LUT(total, _CHANGE), np.uint8)
    result[changed] = smoothed.reshape(result[changed].shape)
    return result


def _changed(picture: Pixels, *others: Pixels | None) -> tuple[slice, slice] | None:
    """The rows and columns in which a picture differs from any of the others; None where it is the same."""
    rows, columns = np.zeros(len(picture), np.bool_), np.zeros(picture.shape[1], np.bool_)
    for other in others:
        if other is not None:
            difference = cv2.absdiff(picture, other).reshape(len(picture), -1)
            rows |= difference.any(1)
            columns |= difference.any(0).reshape(len(columns), -1).any(1)
    if not rows.any():
        return None
    (top, bottom), (left, right) = (np.flatnonzero(one)[[0, -1]] for one in (rows, columns))
    return slice(int(top), int(bottom) + 1), slice(int(left), int(right) + 1)


def sharpen(picture: Pixels, mask: Floats, amount: float = 0.6) -> Pixels:
    """A picture with finer contrast where `mask` (h, w), 0 … 1, asks for it; edges get no halo, alpha stays."""
    if amount <= 0:
        return picture
    rows, columns = np.flatnonzero(mask.max(1) > 0.004), np.flatnonzero(mask.max(0) > 0.004)
    result = picture.copy()
    if not len(rows):
        return result
    part = np.s_[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    colour: Any = np.ascontiguousarray(picture[part][..., :3])
    blurred = cv2.GaussianBlur(colour, (0, 0), max(len(picture) / 480, 0.8))
    crisp = cv2.addWeighted(colour, 1.0 + amount, blurred, -amount, 0.0)
    shell = np.ones((3, 3), np.uint8)
    crisp = cv2.min(cv2.max(crisp, cv2.erode(colour, shell)), cv2.dilate(colour, shell))
    share = np.ascontiguousarray(mask[part], np.float32)
    result[part][..., :3] = cv2.blendLinear(crisp, colour, share, 1.0 - share)
    return result


def upscale(picture: Pixels, size: int) -> Pixels:
    """A picture brought to `size` px a side, never a smaller one; sharpened by what the enlargement took."""
    if size <= len(picture):
        return picture
    if size > _LARGEST:
        raise ValueError(f"pictures are enlarged to at most {_LARGEST} px")
    wide = np.asarray(cv2.resize(picture, (size, size), interpolation=cv2.INTER_LANCZOS4), np.uint8)
    return sharpen(wide, np.ones((size, size), np.float32), min(0.5, 0.35 * (size / len(picture) - 1.0)))


def face_mask(rig: Rig, size: int) -> Floats:
    """Where the face of a rig is at rest in a picture of `size` px: a soft oval, (size, size), 0 … 1."""
    eyes = (np.asarray(rig.eyes[0].frame.origin) + np.asarray(rig.eyes[1].frame.origin)) / 2
    mouth = np.asarray(rig.mouth.frame.origin)
    long = float(np.hypot(*(mouth - eyes)))
    down = (mouth - eyes) / long
    middle = eyes + 0.45 * (mouth - eyes)
    nodes = (np.arange(size) + 0.5) / size
    away = np.stack(np.meshgrid(nodes, nodes), -1) - middle
    along, across = away @ down, away @ np.array([down[1], -down[0]])
    distance = np.hypot(along / (1.35 * long), across / (1.15 * long))
    return np.asarray(1.0 - smoothstep(0.75, 1.1, distance), np.float32)


def smoothed(pictures: Iterable[Pixels], before: Pixels | None = None, after: Pixels | None = None) -> Iterator[Pixels]:
    """`smooth` for a run of pictures; `before` and `after` are those next to it where it is a piece of a longer one."""
    now: Pixels | None = None
    for following in pictures:
        if now is not None:
            yield smooth(before, now, following)
            before = now
        now = following
    if now is not None:
        yield smooth(before, now, after)


def enhanced(
    pictures: Iterable[Pixels],
    mask: Floats | None = None,
    *,
    smooth: bool = True,
    size: int = 0,
    before: Pixels | None = None,
    after: Pixels | None = None,
) -> Iterator[Pixels]:
    """Pictures through the whole of it: smoothed, sharpened where `mask` says (None for not), enlarged to `size` px.

    `before` and `after` as in `smoothed`, so that a video made in pieces has no seams. Raises ValueError for a size
    that is too large.
    """
    for picture in smoothed(pictures, before, after) if smooth else pictures:
        crisp = picture if mask is None else sharpen(picture, mask)
        yield upscale(crisp, size)
