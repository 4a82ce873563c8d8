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

FLICKER: Final = 8
"""Levels of 255: a px that changes by this much or more from one picture to the next has moved, and is left alone."""

_LARGEST: Final = 2160

_UNITS: Final = 2
"""A neighbour in time pulls by quarters of a level: a quarter for each level it is away, up to half of `FLICKER`, and
less again from there on, as Hampel's estimator has it. Sums of quarters are shifted by so many bits."""

_ROWS: Final = 64
"""Rows looked at together, so that all that is computed of them stays in the processor's cache."""


def smooth(before: Pixels | None, picture: Pixels, after: Pixels | None) -> Pixels:
    """One picture without its flicker against the ones before and after it, all of one shape.

    It looks at small changes only: what moves, as lips do that meet, stays as it was drawn.
    """
    others = [_lines(other) for other in (before, after) if other is not None]
    if not others:
        return picture
    lines, result = _lines(picture), np.empty(picture.shape, np.uint8)
    calm = result.reshape(lines.shape)
    shape = min(_ROWS, len(lines)), lines.shape[1]
    reach, up, down, rise, fall, room = (np.full(shape, FLICKER, np.uint8) for _ in range(6))
    for first in range(0, len(lines), _ROWS):
        rows = slice(first, first + _ROWS)
        now = lines[rows]
        if len(now) < len(reach):
            reach, up, down, rise, fall, room = (one[: len(now)] for one in (reach, up, down, rise, fall, room))
        up.fill(0)
        down.fill(0)
        for other in others:
            # Differences stop at 0, so that one of the two always is.
            cv2.subtract(other[rows], now, rise)
            cv2.subtract(now, other[rows], fall)
            cv2.subtract(reach, cv2.max(rise, fall, room), room)
            cv2.add(up, cv2.min(rise, room, rise), up)
            cv2.add(down, cv2.min(fall, room, fall), down)
        cv2.subtract(up, down, rise)
        cv2.subtract(down, up, fall)
        np.subtract(now + _levels(rise), _levels(fall), out=calm[rows])
    return result


def _lines(picture: Pixels) -> Pixels:
    return np.ascontiguousarray(picture).reshape(len(picture), -1)


def _levels(quarters: Pixels) -> Pixels:
    """Whole levels, in place; halves count."""
    np.add(quarters, 1 << (_UNITS - 1), out=quarters)
    return np.right_shift(quarters, _UNITS, out=quarters)


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
