"""The mouth of a frame: two sheets of skin that part over teeth, tongue and dark."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np

from visavis.face import fields, pose
from visavis.face.geometry import EDGE_COUNT, EDGE_SPAN
from visavis.face.rig import Rig
from visavis.face.sampling import Affine, Floats, Pixels, read, read_at, read_colour, smooth
from visavis.face.warp import Warp

_CAVITY: Final = np.array([58.0, 20.0, 22.0], np.float32) * 0.55
_SQUEEZE: Final = 0.22


class MouthPainter:
    """Paints the mouth of one rig over a frame."""

    def __init__(self, rig: Rig, plate: Pixels, size: int) -> None:
        """`plate` is the `padded` plate that frames are read from."""
        self._rig, self._plate, self._size = rig, plate, size
        frame = rig.mouth.frame
        # From places in sides of the plate, and to places in px of it.
        self._local = Affine.of_frame(frame.origin, frame.scale, frame.angle, 1.0)
        self._local.matrix[:, 2] -= 0.5 * self._local.matrix[:, :2].sum(1)
        self._to_plate = Affine.of_frame(frame.origin, frame.scale, frame.angle, len(plate)).inverse
        nodes = (np.arange(size, dtype=np.float32) + np.float32(0.5)) / np.float32(size)
        self._places = np.ascontiguousarray(np.stack(np.meshgrid(nodes, nodes), -1))
        self._curves = [line.astype(np.float32)[None] for line in (rig.mouth.upper, rig.mouth.lower)]
        self._feather = max(0.9 / size, 0.011 * frame.scale) / frame.scale
        middle = len(rig.mouth.upper) // 2
        self._meeting = float(0.72 * rig.mouth.upper[middle] + 0.28 * rig.mouth.lower[middle])
        self._index = {
            k: rig.controls.index[k] for k in ("drop", "teethTop", "teethBottom", "tip", "out", "clean", "into")
        }
        self._sprites = {
            name: _premultiplied(rig.sprites[name].picture) for name in ("teethUpper", "teethLower", "tongue")
        }
        self._skin = np.array(rig.skin, np.float32) * 255 * np.array([0.42, 0.22, 0.2], np.float32)

    def paint(
        self, picture: Pixels, warp: Warp, drivers: Floats, shade: Floats | None, corner: tuple[int, int]
    ) -> None:
        """Paints over the whole frame `picture`; `shade` is the light of the part of it that starts at `corner`."""
        rows, columns = self._window(warp, drivers)
        lips = self._part(warp, rows, columns)
        clean, into = (float(drivers[self._index[k]]) for k in ("clean", "into"))
        up, low = _past_edge(lips.above, lips.u_top, 0.6 * clean, into), _past_edge(lips.below, lips.u_low, clean, into)
        colour = self._read_plate(lips.u_low, lips.v_low - lips.below + low)
        colour *= (1.0 - lips.over - lips.gap)[..., None]
        skin = self._read_plate(lips.u_top, lips.v_top + lips.above - up)
        skin *= lips.over[..., None]
        colour += skin
        if shade is not None:
            left, top = columns.start - corner[0], rows.start - corner[1]
            light = shade[top : top + rows.stop - rows.start, left : left + columns.stop - columns.start]
            colour *= light[..., None]
        open_rows = np.flatnonzero(lips.gap.max(1) > 0.001)
        if len(open_rows):
            band = slice(int(open_rows[0]), int(open_rows[-1]) + 1)
            colour[band] += self._inside(lips, band, drivers) * lips.gap[band][..., None]
        u, v = self._local.at(lips.place)
        # The painted patch ends softly, so that its finer reading of the plate leaves no rim.
        reach = 1.0 - smooth(1.2, 1.35, np.abs(u))
        drop = float(drivers[self._index["drop"]])
        reach = reach * smooth(-0.65, -0.5, v) * (1.0 - smooth(0.45, 0.6, v - drop))
        target = picture[rows, columns]
        colour -= target
        colour *= reach[..., None]
        colour += target
        target[:] = np.rint(np.clip(colour, 0, 255, out=colour), out=colour)

    def interior(self, warp: Warp, drivers: Floats) -> Floats:
        """How much of each px of the frame lies between the lips, 0 … 1."""
        whole = np.zeros((self._size, self._size), np.float32)
        if warp.parted:
            rows, columns = self._window(warp, drivers)
            whole[rows, columns] = self._part(warp, rows, columns).gap
        return whole

    def _part(self, warp: Warp, rows: slice, columns: slice) -> _Lips:
        """Both sheets over a part of the frame."""
        box = self._rig.box
        place = self._places[rows, columns]
        place = place + read(warp.head, place * np.float32(pose.GRID) - np.float32(0.5))
        corner = np.array([box.x, box.y], np.float32)
        nodes = (place - corner) * np.float32(fields.GRID / box.side) - np.float32(0.5)
        u_top, v_top = self._local.at(place + read(warp.upper, nodes, replicate=False))
        u_low, v_low = self._local.at(place + read(warp.lower, nodes, replicate=False))
        above = self._lip(0, u_top) - v_top
        below = v_low - self._lip(1, u_low)
        over = np.clip(0.5 + above / (2 * self._feather), 0.0, 1.0)
        beneath = np.clip(0.5 + below / (2 * self._feather), 0.0, 1.0)
        gap = np.clip(1.0 - over - beneath, 0.0, 1.0)
        return _Lips(place, u_top, v_top, u_low, v_low, above, below, over, gap)

    def _inside(self, lips: _Lips, band: slice, drivers: Floats) -> Floats:
        """Teeth, tongue and dark of some rows, (h, w, 3), 0–255."""
        drop, top, bottom, tip, out = (
            float(drivers[self._index[k]]) for k in ("drop", "teethTop", "teethBottom", "tip", "out")
        )
        u, v = self._local.at(np.ascontiguousarray(lips.place[band]))
        uu = lips.u_top[band]
        under_top, over_low = np.maximum(-lips.above[band], 0), np.maximum(-lips.below[band], 0)
        colour = np.broadcast_to(_CAVITY * np.float32(self._rig.light), (*u.shape, 3)).astype(np.float32)
        e0 = self._meeting
        tongue = self._sprite("tongue", u, v - (e0 + drop * (0.8 - 0.55 * tip) + 0.22 - 0.1 * tip))
        colour = _over(colour, tongue)
        colour = _over(colour, self._sprite("teethLower", u, v - (e0 + drop + 0.05 - 0.16 * bottom)))
        if out > 0.01:
            colour = _over(colour, tongue * np.float32(out))
        colour = _over(colour, self._sprite("teethUpper", u, v - (e0 + 0.1 - 0.26 * (1 - top))))
        side = np.minimum(np.abs(uu), 1.0)
        light = (1 - 0.5 * np.exp(-under_top / 0.07)) * (1 - 0.45 * np.exp(-over_low / 0.07)) * (1 - 0.5 * side**2.4)
        logs = np.log(np.maximum(light, 1e-3)).astype(np.float32)
        colour = colour * cv2.exp(cv2.merge([0.75 * logs, 1.05 * logs, 1.1 * logs]))
        far = (0.75 * smooth(0.72, 1.0, np.abs(uu)))[..., None]
        return np.asarray(colour * (1 - far) + self._skin * far, np.float32)

    def _window(self, warp: Warp, drivers: Floats) -> tuple[slice, slice]:
        """Rows and columns of the frame around the mouth, wherever the head went."""
        frame, size = self._rig.mouth.frame, self._size
        drop = float(drivers[self._index["drop"]])
        corners = frame.plate(np.array([[x, y] for x in (-1.35, 1.35) for y in (-0.65, 0.6 + drop)]))
        middle = np.asarray(frame.origin, np.float32) * pose.GRID - 0.5
        shift = warp.head[round(float(middle[1])), round(float(middle[0]))]
        low, high = corners.min(0) - shift, corners.max(0) - shift
        left, top = (int(np.clip(np.floor(v * size), 0, size - 1)) for v in low)
        right, bottom = (int(np.clip(np.ceil(v * size), 1, size)) for v in high)
        return slice(top, bottom), slice(left, right)

    def _lip(self, which: int, u: Floats) -> Floats:
        """Where the edge of the upper (0) or lower (1) lip lies."""
        place = (u + np.float32(EDGE_SPAN)) * np.float32((EDGE_COUNT - 1) / (2 * EDGE_SPAN))
        return read_at(self._curves[which], place, np.zeros_like(place))

    def _read_plate(self, u: Floats, v: Floats) -> Floats:
        return np.asarray(read_colour(self._plate, self._to_plate.of(u, v)), np.float32)

    def _sprite(self, name: str, u: Floats, v: Floats) -> Floats:
        """A premultiplied sprite read at local places, transparent outside."""
        picture, rect = self._sprites[name], self._rig.sprites[name].rect
        height, width = picture.shape[:2]
        x = (u - rect[0]) * (width / (rect[2] - rect[0])) - 0.5
        y = (v - rect[1]) * (height / (rect[3] - rect[1])) - 0.5
        return read_at(picture, x, y, replicate=False)


@dataclass(frozen=True, slots=True, eq=False)
class _Lips:
    """Both sheets over a part of the frame, each array (h, w).

    `place` (h, w, 2) is where each px was before the head turned; `u_top` … `v_low` where the two sheets read; `above`
    and `below` how deep inside the upper and the lower lip that is; `over` how much the upper sheet covers, and `gap`
    how much neither does.
    """

    place: Floats
    u_top: Floats
    v_top: Floats
    u_low: Floats
    v_low: Floats
    above: Floats
    below: Floats
    over: Floats
    gap: Floats


def _premultiplied(picture: Pixels) -> Floats:
    alpha = picture[..., 3:].astype(np.float32) / 255
    return np.ascontiguousarray(np.concatenate([picture[..., :3] * alpha, alpha], -1).astype(np.float32))


def _past_edge(depth: Floats, u: Floats, clean: float, into: float) -> Floats:
    """How deep in the lip to read for a px `depth` inside its edge: never on the edge, and past its dark line."""
    near = 1.0 - smooth(0.9, 1.0, np.abs(u))
    squeezed = np.where(depth < _SQUEEZE, clean + depth * (1 - clean / _SQUEEZE), depth)
    limited = np.maximum(squeezed, into + clean)
    return np.asarray(limited * near + depth * (1 - near), np.float32)


def _over(below: Floats, above: Floats) -> Floats:
    return np.asarray(below * (1 - above[..., 3:]) + above[..., :3])
