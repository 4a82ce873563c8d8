"""One eye of a frame: the eyeball that looks, under lids that open and close."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from visavis.face import eye_sprites
from visavis.face.geometry import LID_COUNT, LID_SPAN
from visavis.face.rig import Rig
from visavis.face.sampling import Floats, Pixels, read_at, smooth


class EyePainter:
    """Paints one eye of a rig over a frame; index 0 is the image-left eye, the person's right one."""

    def __init__(self, rig: Rig, index: int, plate: Pixels, size: int) -> None:
        side = ("Right", "Left")[index]
        self._eye = rig.eyes[index]
        self._plate = plate
        controls = rig.controls.index
        self._drivers = [controls[f"{name}{side}"] for name in ("lid", "underlid", "gazeX", "gazeY")]
        self._ball, self._skin = rig.sprites[f"ball{side}"], rig.sprites[f"skin{side}"]
        # Premultiplying is not needed: eye sprites are opaque.
        self._ball_rgb = np.ascontiguousarray(self._ball.picture[..., :3])
        self._skin_rgb = np.ascontiguousarray(self._skin.picture[..., :3])
        self._edges = np.stack([self._eye.upper, self._eye.lower], -1).astype(np.float32)[None]
        frame = self._eye.frame
        self._feather = max(0.9 / size / frame.scale, 0.02)
        self._wide = self._around(1.35, -1.75, 1.0)
        self._narrow = self._around(1.1, float(self._eye.upper.min()) - 0.1, float(self._eye.lower.max()) + 0.1)

    def paint(self, view: Pixels, mapping: Floats, wide: int, drivers: Floats) -> None:
        """Paints over `view`, a part of a frame whose px come from plate px `mapping` (h, w, 2)."""
        lid, under, gaze_x, gaze_y = (float(drivers[i]) for i in self._drivers)
        if max(abs(lid), abs(under), abs(gaze_x), abs(gaze_y)) < 1e-3:
            return
        # A look alone changes only what lies between the lids.
        found = self._window(mapping, wide, self._wide if max(abs(lid), abs(under)) > 1e-3 else self._narrow)
        if found is None:
            return
        rows, columns = found
        place = mapping[rows, columns]
        s, t = self._local(place, wide)
        upper, lower, down, up = self._travel(s, lid, under)
        edge_up, edge_low = upper + down, lower - up
        skin_up = self._upper_skin(s, t, upper, lower, down)
        skin_low = self._lower_skin(s, t, lower, edge_low, up)
        slide = 1.0 - smooth(0.62, 1.05, np.abs(s))
        ball = self._read_sprite(self._ball_rgb, self._ball.rect, s - gaze_x * slide, t - gaze_y * slide)
        dim = 1.0 - 0.38 * min(max(3.0 * lid, 0.0), 1.0) * np.exp(-np.maximum(t - edge_up, 0.0) / 0.12)
        ball = np.asarray(ball * dim[..., None], np.float32)
        over, between = (mask[..., None] for mask in self._masks(t, edge_up, edge_low))
        colour = skin_up * over + ball * between + skin_low * (1.0 - over - between)
        inside = (np.abs(s) < 1.35) & (t > -1.7) & (t < 0.95)
        # The first hundredths of a movement fade in: a resting eye is the portrait's own.
        share = np.where(inside, min(12.0 * max(abs(lid), abs(under), abs(gaze_x), abs(gaze_y)), 1.0), 0.0)[..., None]
        target = view[rows, columns]
        target[:] = np.clip(np.rint(target * (1 - share) + colour * share), 0, 255).astype(np.uint8)

    def aperture(self, mapping: Floats, wide: int, drivers: Floats) -> Floats:
        """How much of each px of the view lies between the lids, 0 … 1."""
        lid, under = (float(drivers[i]) for i in self._drivers[:2])
        s, t = self._local(mapping, wide)
        upper, lower, down, up = self._travel(s, lid, under)
        between = self._masks(t, upper + down, lower - up)[1]
        return np.where(np.abs(s) < 1.0, between, 0.0).astype(np.float32)

    def _travel(self, s: Floats, lid: float, under: float) -> tuple[Floats, Floats, Floats, Floats]:
        """Upper and lower lid edge at rest, and how far each one goes."""
        upper, lower = self._lids(s)
        opening = lower - upper
        bow = np.maximum(0.0, 1.0 - s * s)
        # Every lid sits within the eye's own opening, with a little over for the lashes.
        return upper, lower, lid * (opening * 1.06 + 0.1 * max(lid, 0.0) * bow), under * 0.28 * opening

    def _masks(self, t: Floats, edge_up: Floats, edge_low: Floats) -> tuple[Floats, Floats]:
        """How much the upper lid covers, and how much neither lid does."""
        over = np.clip(0.5 + (edge_up - t) / (2 * self._feather), 0.0, 1.0)
        beneath = np.clip(0.5 + (t - edge_low) / (2 * self._feather), 0.0, 1.0)
        return over, np.clip(1.0 - over - beneath, 0.0, 1.0)

    def _upper_skin(self, s: Floats, t: Floats, upper: Floats, lower: Floats, down: Floats) -> Floats:
        edge, opening = upper + down, lower - upper
        band, above = eye_sprites.LASHES, self._eye.above
        rigid = self._read_plate(s, np.minimum(t, edge - 0.01) - down)
        top = upper - above
        reach = above - band
        z = np.clip((t - top) / np.maximum(edge - band - top, 1e-3), 0.0, 1.0)
        bend = np.clip(down / reach, -0.9, 0.9)
        source = np.where(t > top, top + reach * (z + bend * z * (1 - z)), t)
        share = np.clip(3.0 * down / (opening + 0.05), 0.0, 1.0)[..., None]
        stretched = self._read_plate(s, source)
        if float(share.max()) > 0.0:
            stretched = stretched * (1 - share) + self._read_sprite(self._skin_rgb, self._skin.rect, s, source) * share
        mixed = smooth(0.0, 0.35 * band, t - (edge - band))[..., None]
        return np.asarray(stretched * (1 - mixed) + rigid * mixed)

    def _lower_skin(self, s: Floats, t: Floats, lower: Floats, edge: Floats, up: Floats) -> Floats:
        below = self._eye.below
        end = lower + below
        z = np.clip((end - t) / np.maximum(end - edge, 1e-3), 0.0, 1.0)
        bend = np.clip(up / below, 0.0, 0.9)
        source = np.where(t < end, end - below * (z + bend * z * (1 - z)), t)
        return self._read_plate(s, np.maximum(source, lower + 0.01))

    def _around(self, reach: float, top: float, bottom: float) -> tuple[Any, Any]:
        """Lowest and highest plate coordinates of a part of the eye frame."""
        corners = self._eye.frame.plate(np.array([[x, y] for x in (-reach, reach) for y in (top, bottom)]))
        return corners.min(0), corners.max(0)

    def _window(self, mapping: Floats, wide: int, part: tuple[Any, Any]) -> tuple[slice, slice] | None:
        """The rows and columns of the view that read from this eye's surroundings."""
        small = mapping[::4, ::4]
        low, high = part[0] * wide - 6, part[1] * wide + 6
        near = (
            (small[..., 0] > low[0]) & (small[..., 0] < high[0]) & (small[..., 1] > low[1]) & (small[..., 1] < high[1])
        )
        rows, columns = np.flatnonzero(near.any(1)), np.flatnonzero(near.any(0))
        if not len(rows):
            return None
        return slice(rows[0] * 4, rows[-1] * 4 + 4), slice(columns[0] * 4, columns[-1] * 4 + 4)

    def _local(self, place: Floats, wide: int) -> tuple[Floats, Floats]:
        frame = self._eye.frame
        x = (place[..., 0] + 0.5) / wide - frame.origin[0]
        y = (place[..., 1] + 0.5) / wide - frame.origin[1]
        c, s = math.cos(frame.angle) / frame.scale, math.sin(frame.angle) / frame.scale
        return (x * c + y * s).astype(np.float32), (y * c - x * s).astype(np.float32)

    def _lids(self, s: Floats) -> tuple[Floats, Floats]:
        place = (s + np.float32(LID_SPAN)) * np.float32((LID_COUNT - 1) / (2 * LID_SPAN))
        both = read_at(self._edges, place, np.zeros_like(place))
        return both[..., 0], both[..., 1]

    def _read_plate(self, s: Any, t: Any) -> Floats:
        frame, wide = self._eye.frame, len(self._plate)
        c, k = math.cos(frame.angle) * frame.scale, math.sin(frame.angle) * frame.scale
        x = (s * c - t * k + frame.origin[0]) * wide - 0.5
        y = (s * k + t * c + frame.origin[1]) * wide - 0.5
        return read_at(self._plate, x, y)

    def _read_sprite(self, picture: Pixels, rect: tuple[float, float, float, float], s: Any, t: Any) -> Floats:
        height, width = picture.shape[:2]
        x = (s - rect[0]) * (width / (rect[2] - rect[0])) - 0.5
        y = (t - rect[1]) * (height / (rect[3] - rect[1])) - 0.5
        return read_at(picture, x, y)
