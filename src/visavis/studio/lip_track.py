"""How far the lips of a known face are apart in a picture, by following the skin of both lips."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import cv2
import numpy as np
from numpy.typing import NDArray

from visavis.face.geometry import edge_positions
from visavis.face.rig import Rig

Grey = NDArray[np.uint8]

SHUT: Final = 0.06
"""Lips nearer than this, in half mouth widths, count as shut."""

_UNIT: Final = 32.0
"""Px of the levelled view per half mouth width."""

_HALF_WIDTH: Final = 0.5
_NOSE: Final = (-1.3, -0.4)
_UPPER: Final = (-0.34, 0.0)
_LOWER: Final = (0.0, 0.6)
"""What is followed, in half mouth widths: the middle of the nose's base and of each lip, from the lip's edge on."""

_SWAY: Final = 0.55
_CURL: Final = 0.35
_DROP: Final = 1.25
"""How far the head may carry the face, the upper lip move on it, and the lower lip drop, in half mouth widths."""

_STEP: Final = 0.2
"""How far the head moves from one frame to the next, unless the nose is less like itself than `_SURE`."""
_SURE: Final = 0.8
_SIDEWAYS: Final = 0.1

_RELUCTANCE: Final = 0.005
"""Likeness that a px of distance from where a lip was in the frame before must be worth."""


@dataclass(frozen=True, slots=True, eq=False)
class _Patch:
    """A piece of skin in the levelled view: its grey picture, and where its corner is at rest (column, row)."""

    picture: Grey
    column: int
    row: int


@dataclass(frozen=True, slots=True)
class _Found:
    """How far a patch has moved down (to parts of a px) and across, and how like it the place is, at most 1."""

    down: float
    across: int
    likeness: float


class LipTracker:
    """Follows the lips of one rig through grey pictures of any size that show its whole plate, one after the other.

    The nose and both lips are found each by their own skin, so a head that moves does not count as a mouth that opens;
    what lies between the lips is not looked at.
    """

    def __init__(self, rig: Rig, portrait: Grey) -> None:
        """`portrait` is the grey picture (n, n) of the face at rest."""
        frame, edges = rig.mouth.frame, edge_positions()
        self._frame = frame
        middle = np.abs(edges) < _HALF_WIDTH
        upper, lower = float(rig.mouth.upper[middle].mean()), float(rig.mouth.lower[middle].mean())
        self.rest = float(np.max(rig.mouth.lower[middle] - rig.mouth.upper[middle]))
        """How far the lips are apart in the portrait, in half mouth widths."""
        self._left = -_HALF_WIDTH - _SWAY
        self._top = upper + _NOSE[0] - _SWAY
        width = 2 * (_HALF_WIDTH + _SWAY)
        height = lower + _LOWER[1] + _SWAY + _DROP - self._top
        self._shape = (round(width * _UNIT), round(height * _UNIT))
        self._size, self._matrix = 0, np.zeros((2, 3))
        view = self._levelled(portrait)
        self._nose = self._patch(view, upper + _NOSE[0], upper + _NOSE[1])
        self._upper = self._patch(view, upper + _UPPER[0], upper + _UPPER[1])
        self._lower = self._patch(view, lower + _LOWER[0], lower + _LOWER[1])
        self._curl = self._drop = 0.0
        self._head = (0, 0)

    def gap(self, picture: Grey) -> float:
        """The distance between the lips in half mouth widths; about 0 and below where they are pressed together."""
        view = self._levelled(picture)
        nose = _find(view, self._nose, _around(self._head[0], _STEP), _around(self._head[1], _STEP))
        if nose.likeness < _SURE:
            nose = _find(view, self._nose, _around(0, _SWAY), _around(0, _SWAY))
        self._head = nose.across, round(nose.down)
        across, head = _around(nose.across, _SIDEWAYS), self._head[1]
        upper = _find(view, self._upper, across, _around(head, _CURL), nose.down + self._curl)
        lower = _find(view, self._lower, across, _around(head, _CURL, _DROP), nose.down + self._drop)
        self._curl, self._drop = upper.down - nose.down, lower.down - nose.down
        return self.rest + (lower.down - upper.down) / _UNIT

    def _levelled(self, picture: Grey) -> Grey:
        """The mouth upright and at the unit scale, whatever the picture's size and the portrait's tilt."""
        columns, rows = self._shape
        if self._size != len(picture):
            self._size = len(picture)
            corners = np.array([[0, 0], [columns, 0], [0, rows]], np.float32)
            local = corners / _UNIT + np.array([self._left, self._top])
            source = (self._frame.plate(local) * self._size - 0.5).astype(np.float32)
            self._matrix = np.asarray(cv2.getAffineTransform(corners - np.float32(0.5), source))
        flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
        view: NDArray[Any] = cv2.warpAffine(
            picture, self._matrix, (columns, rows), flags=flags, borderMode=cv2.BORDER_REPLICATE
        )
        return np.asarray(view, np.uint8)

    def _patch(self, view: Grey, low: float, high: float) -> _Patch:
        column, row = round(_SWAY * _UNIT), round((low - self._top) * _UNIT)
        wide, tall = round(2 * _HALF_WIDTH * _UNIT), round((high - low) * _UNIT)
        return _Patch(view[row : row + tall, column : column + wide].copy(), column, row)


def _around(at: float, before: float, after: float | None = None) -> tuple[int, int]:
    """The reach from so many half mouth widths before a place (px) to so many after it."""
    return round(at - before * _UNIT), round(at + (before if after is None else after) * _UNIT)


def _find(
    view: Grey, patch: _Patch, across: tuple[int, int], down: tuple[int, int], expected: float | None = None
) -> _Found:
    """Where a patch has moved to within the given reach, sooner near where it is expected."""
    tall, wide = patch.picture.shape
    left, right = (_clip(patch.column + one, view.shape[1] - wide) for one in across)
    top, bottom = (_clip(patch.row + one, view.shape[0] - tall) for one in down)
    scores = cv2.matchTemplate(view[top : bottom + tall, left : right + wide], patch.picture, cv2.TM_CCOEFF_NORMED)
    if expected is None:
        _, _, _, (column, row) = cv2.minMaxLoc(scores)
    else:
        far = np.abs(np.arange(top, bottom + 1, dtype=np.float32) - np.float32(patch.row + expected))
        _, _, _, (column, row) = cv2.minMaxLoc(scores - np.float32(_RELUCTANCE) * far[:, None])
    shift = 0.0
    if 0 < row < len(scores) - 1:
        before, at, after = (float(value) for value in scores[row - 1 : row + 2, column])
        bend = before - 2 * at + after
        shift = min(1.0, max(-1.0, 0.5 * (before - after) / bend)) if bend < 0 else 0.0
    return _Found(top + row + shift - patch.row, left + column - patch.column, float(scores[row, column]))


def _clip(place: int, largest: int) -> int:
    return min(max(place, 0), largest)
