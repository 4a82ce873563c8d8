"""The renderer for machines without a GPU: one thread of OpenCV and NumPy; the algorithm is stated in docs/rig.md."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from visavis.core.motion import Motion
from visavis.face import fields, pose
from visavis.face.render_eyes import EyePainter
from visavis.face.render_mouth import MouthPainter
from visavis.face.renderer import RendererCapabilities, resample
from visavis.face.rig import Rig
from visavis.face.sampling import Floats, Pixels, padded, read, read_colour
from visavis.face.warp import COARSE, Warp, Warper

_OVERSAMPLE: Final = 1.5
"""The plate is kept this much finer than the output, so that movement does not blur it."""


class CpuRenderer:
    """Draws one rig at one size on the calling thread; not safe to share between threads.

    OpenCV may spread its work over more threads; `cv2.setNumThreads(1)` holds it to one.

    Deterministic: the same rig, size and motion give the same pixels.
    """

    def __init__(self, rig: Rig, size: int = 512, alpha: Pixels | None = None) -> None:
        """`alpha` (n, n) on the plate is what `draw_cut` moves with the face. Raises ValueError for a size outside
        256 … 1080."""
        able = self.capabilities
        if not able.smallest <= size <= able.largest:
            raise ValueError(f"the output size must lie between {able.smallest} and {able.largest} px")
        self._rig, self._size = rig, size
        wide = min(len(rig.plate), round(size * _OVERSAMPLE))
        self._plate = padded(_resized(rig.plate, wide))
        self._warper = Warper(rig)
        self._shades = [
            (rig.controls.index[s.driver], s.map.astype(np.float32) * np.float32(s.scale)) for s in rig.shades
        ]
        self._left, self._top, self._right, self._bottom = self._moving()
        self._step = max(1, round(size / COARSE))
        self._coarse = self._nodes()
        at = (np.arange(size, dtype=np.float32) + 0.5) / size * wide - 0.5
        x, y = np.meshgrid(at, at)
        self._rest = read_colour(self._plate, np.stack([x, y], -1))
        self._alpha = None if alpha is None else _resized(alpha, wide)
        self._rest_alpha = None if self._alpha is None else read(self._alpha, np.stack([x, y], -1))
        self._mouth = MouthPainter(rig, self._plate, size)
        self._eyes = [EyePainter(rig, index, self._plate, size) for index in (0, 1)]
        self._eye_nodes = [(np.asarray(eye.frame.origin) * pose.GRID).astype(int) for eye in rig.eyes]

    @property
    def capabilities(self) -> RendererCapabilities:
        """Any size from 256 to 1080 px, no GPU, a background that stays still."""
        return RendererCapabilities(smallest=256, largest=1080)

    @property
    def size(self) -> int:
        """Side of the pictures in px."""
        return self._size

    @property
    def moving(self) -> tuple[int, int, int, int]:
        """The part of the picture that can move at all: left, top, right, bottom in px."""
        return self._left, self._top, self._right, self._bottom

    def draw(self, frame: NDArray[np.float32]) -> Pixels:
        """One motion frame (58,) as an RGB picture (size, size, 3)."""
        return self._painted(frame)[0]

    def draw_cut(self, frame: NDArray[np.float32]) -> tuple[Pixels, Pixels]:
        """What `draw` gives, and how much of each px the constructor's `alpha` covers there, (size, size), 0 … 255.

        Raises ValueError for a renderer without one.
        """
        if self._alpha is None or self._rest_alpha is None:
            raise ValueError("this renderer was made without an alpha")
        picture, mapping = self._painted(frame)
        matte = self._rest_alpha.copy()
        matte[self._top : self._bottom, self._left : self._right] = read(self._alpha, mapping)
        return picture, np.asarray(matte, np.uint8)

    def interior(self, frame: NDArray[np.float32]) -> Floats:
        """How much of each px (size, size) lies between the lips, 0 … 1, for measuring what `draw` shows."""
        drivers = np.array(self._rig.controls.drive(frame), np.float32)
        return self._mouth.interior(self._warper.warp(drivers), drivers)

    def apertures(self, frame: NDArray[np.float32]) -> tuple[Floats, Floats]:
        """The same for what lies between the lids, image-left eye first, each (h, w) of the part that can move."""
        drivers = np.array(self._rig.controls.drive(frame), np.float32)
        mapping = self._map(self._warper.warp(drivers))
        left, right = (eye.aperture(mapping, drivers) for eye in self._eyes)
        return left, right

    def frames(self, motion: Motion, fps: float = 25.0) -> Iterator[Pixels]:
        """The pictures of a motion at `fps`, motion in between interpolated."""
        for frame in resample(motion, fps):
            yield self.draw(frame)

    def _painted(self, frame: NDArray[np.float32]) -> tuple[Pixels, Floats]:
        """The picture, and where each px of its moving part was read from."""
        drivers = np.array(self._rig.controls.drive(frame), np.float32)
        warp = self._warper.warp(drivers)
        picture = self._rest.copy()
        mapping = self._map(warp)
        view = picture[self._top : self._bottom, self._left : self._right]
        if not warp.still:
            view[:] = read_colour(self._plate, mapping)
        corner = (self._left, self._top)
        for eye, (column, row) in zip(self._eyes, self._eye_nodes, strict=True):
            eye.paint(view, mapping, corner, warp.head[row, column], drivers)
        shade = self._shade(view, mapping, drivers)
        if warp.parted:
            self._mouth.paint(picture, warp, drivers, shade, corner)
        return picture, mapping

    def _moving(self) -> tuple[int, int, int, int]:
        """Bounding box of the field box and of all that the pose moves."""
        rig = self._rig
        weight = np.abs(rig.pose.roll).max(-1) + np.abs(rig.pose.yaw).max(-1)
        rows, columns = np.flatnonzero(weight.max(1)), np.flatnonzero(weight.max(0))
        box = rig.box
        low = [min(box.x, (columns[0] - 1) / pose.GRID), min(box.y, (rows[0] - 1) / pose.GRID)]
        high = [max(box.x + box.side, (columns[-1] + 2) / pose.GRID), max(box.y + box.side, (rows[-1] + 2) / pose.GRID)]
        left, top = (int(np.clip(np.floor(v * self._size), 0, self._size)) for v in low)
        right, bottom = (int(np.clip(np.ceil(v * self._size), 0, self._size)) for v in high)
        return left, top, right, bottom

    def _nodes(self) -> Floats:
        """Output places of the coarse nodes, `step` px apart, from one before the moving part to one after it."""
        step, size = self._step, self._size

        def along(low: int, high: int) -> Floats:
            count = -(-(high - low) // step) + 2
            return (low + step * (np.arange(-1, count - 1, dtype=np.float32) + np.float32(0.5))) / np.float32(size)

        x, y = np.meshgrid(along(self._left, self._right), along(self._top, self._bottom))
        return np.ascontiguousarray(np.stack([x, y], -1), np.float32)

    def _map(self, warp: Warp) -> Floats:
        """Where each px of the moving part is read from, in px of the plate, shape (h, w, 2)."""
        place = self._coarse
        if not warp.still:
            nodes = place * np.float32(pose.GRID) - np.float32(0.5)
            place = place + read(warp.head, nodes)
            place = place + self._displacement(warp.merged, place)
        plate_px = place * np.float32(len(self._plate)) - np.float32(0.5)
        # One node beyond the moving part on each side, cut off again after it was brought to full resolution.
        step = self._step
        wide = cv2.resize(plate_px, None, fx=step, fy=step, interpolation=cv2.INTER_LINEAR)
        rows, columns = self._bottom - self._top, self._right - self._left
        return np.asarray(wide[step : step + rows, step : step + columns], np.float32)

    def _displacement(self, grid: Floats, place: Floats) -> Floats:
        """A field grid read at plate places (h, w, 2)."""
        box = self._rig.box
        unit = np.float32(fields.GRID / box.side)
        nodes = (place - np.array([box.x, box.y], np.float32)) * unit - np.float32(0.5)
        return read(grid, nodes, replicate=False)

    def _shade(self, view: Pixels, mapping: Floats, drivers: Floats) -> Floats | None:
        """Shades the moving part; the factor of light, (h, w), or None where nothing is shaded."""
        total: Floats | None = None
        for driver, shade in self._shades:
            weight = float(drivers[driver])
            if abs(weight) > 0.01:
                total = shade * weight if total is None else total + shade * weight
        if total is None:
            return None
        wide, box = len(self._plate), self._rig.box
        unit = np.float32(len(total) / box.side / wide)
        offset = np.array([box.x * wide - 0.5, box.y * wide - 0.5], np.float32)
        nodes = (mapping[::4, ::4] - offset) * unit - np.float32(0.5)
        small = 1 + read(total, nodes, replicate=False)
        full = np.asarray(cv2.resize(small, mapping.shape[1::-1], interpolation=cv2.INTER_LINEAR), np.float32)
        touched = np.abs(small - 1) > 1e-3
        rows, columns = np.flatnonzero(touched.any(1)), np.flatnonzero(touched.any(0))
        if len(rows):
            part = np.s_[max(4 * rows[0] - 4, 0) : 4 * rows[-1] + 8, max(4 * columns[0] - 4, 0) : 4 * columns[-1] + 8]
            light = np.ascontiguousarray(full[part])
            view[part] = cv2.multiply(view[part], cv2.merge([light, light, light]), dtype=cv2.CV_8U)
        return full


def _resized(plate: Pixels, size: int) -> Pixels:
    if len(plate) == size:
        return np.ascontiguousarray(plate)
    return np.asarray(cv2.resize(plate, (size, size), interpolation=cv2.INTER_AREA), np.uint8)
