"""What a person is drawn in front of: the portrait's own background, one colour, or nothing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from visavis.core.motion import Motion
from visavis.face.cutout import own_colour
from visavis.face.render_cpu import CpuRenderer
from visavis.face.renderer import Renderer, RendererCapabilities, resample
from visavis.face.rig import Rig
from visavis.face.sampling import Pixels

PORTRAIT: Final = "portrait"
TRANSPARENT: Final = "transparent"


def renderer(rig: Rig, size: int = 512, background: str = PORTRAIT) -> Renderer:
    """A renderer in front of `background`: "portrait" as it is, "transparent" (RGBA pictures) or "#rrggbb".

    Raises ValueError for any other background and for a size outside 256 … 1080.
    """
    return CpuRenderer(rig, size) if background == PORTRAIT else BackdropRenderer(rig, size, background)


class BackdropRenderer:
    """Draws the person of a rig cut out; not safe to share between threads.

    `draw` gives RGB over a colour, or RGBA with straight alpha when there is none.
    """

    def __init__(self, rig: Rig, size: int, background: str) -> None:
        """Raises as `renderer`."""
        colour = None if background == TRANSPARENT else _parsed(background)
        self._flat = None if colour is None else np.full((size, size, 3), colour, np.uint8)
        self._renderer = CpuRenderer(replace(rig, plate=own_colour(rig.plate, rig.alpha)), size, rig.alpha)

    @property
    def capabilities(self) -> RendererCapabilities:
        """As the renderer behind it."""
        return self._renderer.capabilities

    @property
    def size(self) -> int:
        """Side of the pictures in px."""
        return self._renderer.size

    def draw(self, frame: NDArray[np.float32]) -> Pixels:
        """One motion frame (58,) as a picture (size, size, 3 or 4)."""
        picture, alpha = self._renderer.draw_cut(frame)
        if self._flat is None:
            return np.asarray(cv2.merge([*cv2.split(picture), alpha]), np.uint8)
        share = alpha.astype(np.float32) * np.float32(1 / 255)
        return np.asarray(cv2.blendLinear(picture, self._flat, share, 1 - share), np.uint8)

    def frames(self, motion: Motion, fps: float = 25.0) -> Iterator[Pixels]:
        """The pictures of a motion at `fps`, motion in between interpolated."""
        for frame in resample(motion, fps):
            yield self.draw(frame)


def _parsed(background: str) -> tuple[int, int, int]:
    try:
        if len(background) != 7 or background[0] != "#":
            raise ValueError(background)
        red, green, blue = bytes.fromhex(background[1:])
    except ValueError:
        raise ValueError(f'a background is "{PORTRAIT}", "{TRANSPARENT}" or a colour "#rrggbb"') from None
    return red, green, blue
