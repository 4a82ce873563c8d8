"""One eye of a frame: the eyeball that looks, under lids that open and close."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from visavis.face import eye_sprites
from visavis.face.geometry import LID_COUNT, LID_SPAN
from visavis.face.rig import Rig, Sprite
from visavis.face.sampling import Affine, Floats, Pixels, padded, read, read_colour, smooth

Part = tuple[slice, slice]

_REST: Final = 1e-3
_SLACK: Final = 0.05
"""Share of the picture by which an expression may shift the surroundings of an eye, the head's turn left out."""


class EyePainter:
    """Paints one eye of a rig over a frame; index 0 is the image-left eye, the person's right one."""

    def __init__(self, rig: Rig, index: int, plate: Pixels, size: int) -> None:
        """`plate` is the `padded` plate that frames are read from."""
        side = ("Right", "Left")[index]
        self._eye = rig.eyes[index]
        self._plate, self._size = plate, size
        controls = rig.controls.index
        self._drivers = [controls[f"{name}{side}"] for name in ("lid", "underlid", "gazeX", "gazeY")]
        frame = self._eye.frame
        self._local = Affine.of_frame(frame.origin, frame.scale, frame.angle, len(plate))
        self._to_plate = self._local.inverse
        # Eye sprites are opaque, so their alpha means nothing.
        self._ball, self._skin = (_Reading(rig.sprites[f"{name}{side}"]) for name in ("ball", "skin"))
        self._edges = np.stack([self._eye.upper, self._eye.lower], -1).astype(np.float32)[None]
        self._feather = max(0.9 / size / frame.scale, 0.02)
        self._wide = self._around(1.35, -1.75, 1.0)
        self._narrow = self._around(1.1, float(self._eye.upper.min()) - 0.1, float(self._eye.lower.max()) + 0.1)

    def paint(self, view: Pixels, mapping: Floats, corner: tuple[int, int], head: Floats, drivers: Floats) -> None:
        """Paints over `view`, a part of a frame that begins at px `corner` and whose px come from plate px `mapping`
        (h, w, 2); `head` is how far the head's turn moved the eye, in sides of the picture."""
        lid, under, gaze_x, gaze_y = (float(drivers[i]) for i in self._drivers)
        most = max(abs(lid), abs(under), abs(gaze_x), abs(gaze_y))
        if most < _REST:
            return
        # A look alone changes only what lies between the lids.
        around = self._wide if max(abs(lid), abs(under)) > _REST else self._narrow
        found = self._window(mapping, corner, head, around)
        if found is None:
            return
        s, t = self._local.at(np.ascontiguousarray(mapping[found]))
        upper, lower, down, up = self._travel(s, lid, under)
        over, between = self._masks(t, upper + down, lower - up)
        below = 1.0 - over - between
        colour = np.zeros((*s.shape, 3), np.float32)
        rows = _rows(over)
        if rows is not None:
            skin = self._upper_skin(s[rows], t[rows], upper[rows], lower[rows], down[rows])
            colour[rows] += skin * over[rows, :, None]
        rows = _rows(between)
        if rows is not None:
            ball = self._ball_at(s[rows], t[rows], (gaze_x, gaze_y), lid, (upper + down)[rows])
            colour[rows] += ball * between[rows, :, None]
        rows = _rows(below)
        if rows is not None:
            skin = self._lower_skin(s[rows], t[rows], lower[rows], up[rows])
            colour[rows] += skin * below[rows, :, None]
        inside = (np.abs(s) < 1.35) & (t > -1.7) & (t < 0.95)
        # The first hundredths of a movement fade in: a resting eye is the portrait's own.
        share = inside.astype(np.float32)[..., None] * np.float32(min(12.0 * most, 1.0))
        target = view[found]
        colour -= target
        colour *= share
        colour += target
        target[:] = np.rint(np.clip(colour, 0, 255, out=colour), out=colour)

    def aperture(self, mapping: Floats, drivers: Floats) -> Floats:
        """How much of each px of the view lies between the lids, 0 … 1."""
        lid, under = (float(drivers[i]) for i in self._drivers[:2])
        s, t = self._local.at(mapping)
        upper, lower, down, up = self._travel(s, lid, under)
        between = self._masks(t, upper + down, lower - up)[1]
        return np.where(np.abs(s) < 1.0, between, 0.0).astype(np.float32)

    def _travel(self, s: Floats, lid: float, under: float) -> tuple[Floats, Floats, Floats, Floats]:
        """Upper and lower lid edge at rest, and how far each one goes."""
        place = (s + np.float32(LID_SPAN)) * np.float32((LID_COUNT - 1) / (2 * LID_SPAN))
        both = read(self._edges, np.stack([place, np.zeros_like(place)], -1))
        upper, lower = (np.ascontiguousarray(both[..., i]) for i in (0, 1))
        opening = lower - upper
        # Every lid sits within the eye's own opening, with a little over for the lashes.
        down = opening * np.float32(lid * 1.06)
        if lid > 0:
            down += np.maximum(1.0 - s * s, 0.0) * np.float32(0.1 * lid * lid)
        return upper, lower, down, opening * np.float32(under * 0.28)

    def _masks(self, t: Floats, edge_up: Floats, edge_low: Floats) -> tuple[Floats, Floats]:
        """How much the upper lid covers, and how much neither lid does."""
        unit = np.float32(1 / (2 * self._feather))
        over = np.clip((edge_up - t) * unit + 0.5, 0.0, 1.0)
        beneath = np.clip((t - edge_low) * unit + 0.5, 0.0, 1.0)
        return over, np.clip(1.0 - over - beneath, 0.0, 1.0)

    def _ball_at(self, s: Floats, t: Floats, gaze: tuple[float, float], lid: float, edge: Floats) -> Floats:
        """The eyeball, turned, and in the upper lid's shadow once that comes down."""
        slide = np.asarray(1.0 - smooth(0.62, 1.05, np.abs(s)), np.float32)
        ball = self._ball.at(s - np.float32(gaze[0]) * slide, t - np.float32(gaze[1]) * slide)
        deep = np.float32(0.38 * min(max(3.0 * lid, 0.0), 1.0))
        if deep <= 0:
            return ball
        return np.asarray(ball * (1.0 - deep * np.exp(np.maximum(t - edge, 0.0) * np.float32(-1 / 0.12)))[..., None])

    def _upper_skin(self, s: Floats, t: Floats, upper: Floats, lower: Floats, down: Floats) -> Floats:
        edge = upper + down
        band, above = np.float32(eye_sprites.LASHES), np.float32(self._eye.above)
        rigid = self._read_plate(s, np.minimum(t, edge - 0.01) - down)
        top = upper - above
        reach = above - band
        z = np.clip((t - top) / np.maximum(edge - band - top, 1e-3), 0.0, 1.0)
        bend = np.clip(down / reach, -0.9, 0.9)
        source = np.where(t > top, top + reach * (z + bend * z * (1 - z)), t)
        share = np.clip(3.0 * down / (lower - upper + 0.05), 0.0, 1.0)
        stretched = self._read_plate(s, source)
        if float(share.max()) > 0.0:
            stretched += (self._skin.at(s, source) - stretched) * share[..., None]
        stretched += (rigid - stretched) * smooth(0.0, 0.35 * band, t - (edge - band))[..., None]
        return stretched

    def _lower_skin(self, s: Floats, t: Floats, lower: Floats, up: Floats) -> Floats:
        below = np.float32(self._eye.below)
        end = lower + below
        z = np.clip((end - t) / np.maximum(below + up, 1e-3), 0.0, 1.0)
        bend = np.clip(up / below, 0.0, 0.9)
        source = np.where(t < end, end - below * (z + bend * z * (1 - z)), t)
        return self._read_plate(s, np.maximum(source, lower + 0.01))

    def _around(self, reach: float, top: float, bottom: float) -> tuple[Floats, Floats]:
        """Lowest and highest plate px of a part of the eye frame, and a little more."""
        corners = self._eye.frame.plate(np.array([[x, y] for x in (-reach, reach) for y in (top, bottom)]))
        wide = len(self._plate)
        low, high = corners.min(0) * wide - 3, corners.max(0) * wide + 3
        return low.astype(np.float32), high.astype(np.float32)

    def _window(
        self, mapping: Floats, corner: tuple[int, int], head: Floats, around: tuple[Floats, Floats]
    ) -> Part | None:
        """The rows and columns of the view that read from this eye's surroundings."""
        unit = self._size / len(self._plate)
        low, high = around
        shift = head * self._size + np.asarray(corner)
        slack = _SLACK * self._size
        near = [
            slice(max(int(a * unit - s - slack), 0) & ~3, max(int(b * unit - s + slack), 0))
            for a, b, s in zip(low, high, shift, strict=True)
        ]
        columns, rows = near
        small = mapping[rows, columns][::4, ::4]
        if not small.size:
            return None
        there: NDArray[np.bool_] = np.all((small > low) & (small < high), axis=-1)
        y, x = np.flatnonzero(there.any(1)), np.flatnonzero(there.any(0))
        if not len(y):
            return None
        return (
            slice(rows.start + max(int(y[0]) * 4 - 3, 0), rows.start + int(y[-1]) * 4 + 4),
            slice(columns.start + max(int(x[0]) * 4 - 3, 0), columns.start + int(x[-1]) * 4 + 4),
        )

    def _read_plate(self, s: Floats, t: Floats) -> Floats:
        return np.asarray(read_colour(self._plate, self._to_plate.of(s, t)), np.float32)


class _Reading:
    """An opaque sprite, ready to be read at local places."""

    def __init__(self, sprite: Sprite) -> None:
        self._picture = padded(np.ascontiguousarray(sprite.picture[..., :3]))
        height, width = sprite.picture.shape[:2]
        left, top, right, bottom = sprite.rect
        x, y = width / (right - left), height / (bottom - top)
        self._place = Affine([[x, 0, -left * x - 0.5], [0, y, -top * y - 0.5]])

    def at(self, s: Floats, t: Floats) -> Floats:
        """Its colours (h, w, 3), 0–255."""
        return np.asarray(read_colour(self._picture, self._place.of(s, t)), np.float32)


def _rows(mask: Floats) -> slice | None:
    """The rows from the first to the last that a mask touches."""
    found = np.flatnonzero(mask.max(1) > 0.0)
    return slice(int(found[0]), int(found[-1]) + 1) if len(found) else None
