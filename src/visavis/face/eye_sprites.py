"""Two small pictures of each eye: the eyeball with what the lids hide, and the lid skin without its lashes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import cv2
import numpy as np
from numpy.typing import NDArray

from visavis.face.geometry import Eye, lid_positions

BALL: Final = (-1.2, -0.85, 1.2, 0.85)
"""The part of the eye frame that the eyeball sprite covers: s0, t0, s1, t1."""
SKIN: Final = (-1.35, -1.7, 1.35, 0.95)
"""The part that the lid sprite covers."""
LASHES: Final = 0.24
"""Height of the lash band above the lid's edge that moves as one piece, in half eye widths."""


@dataclass(frozen=True, slots=True, eq=False)
class EyeSprites:
    """RGB pictures of one eye, `ball` over `BALL` and `skin` over `SKIN`."""

    ball: NDArray[np.uint8]
    skin: NDArray[np.uint8]


def build_eye_sprites(plate: NDArray[np.uint8], eye: Eye, density: float) -> EyeSprites:
    """The sprites of one eye of a plate, `density` px to a half eye width."""
    ball, s, t = _cut(plate, eye, BALL, density)
    upper, lower = (np.interp(s, lid_positions(), line) for line in (eye.upper, eye.lower))
    open_ = (t > upper + 0.01) & (t < lower - 0.03) & (np.abs(s) < 0.95)
    return EyeSprites(_eyeball(ball, eye, s, t, open_), _lid_skin(plate, eye, density))


def _cut(
    plate: NDArray[np.uint8], eye: Eye, rect: tuple[float, float, float, float], density: float
) -> tuple[NDArray[np.uint8], NDArray[Any], NDArray[Any]]:
    """A levelled piece of the plate and the eye coordinates s, t of its pixels."""
    width, height = round((rect[2] - rect[0]) * density), round((rect[3] - rect[1]) * density)
    s = rect[0] + (np.arange(width) + 0.5) / width * (rect[2] - rect[0])
    t = rect[1] + (np.arange(height) + 0.5) / height * (rect[3] - rect[1])
    grid = np.stack(np.meshgrid(s, t), -1)
    px = (eye.frame.plate(grid) * len(plate) - 0.5).astype(np.float32)
    picture = cv2.remap(plate, px[..., 0], px[..., 1], cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(picture, np.uint8), grid[..., 0], grid[..., 1]


def _eyeball(
    picture: NDArray[np.uint8], eye: Eye, s: NDArray[Any], t: NDArray[Any], open_: NDArray[np.bool_]
) -> NDArray[np.uint8]:
    """The eyeball under the lids: the iris completed from its own other side, the white grown outwards."""
    cs, ct, radius = eye.iris
    distance = np.hypot(s - cs, t - ct)
    iris = distance < radius * 1.06
    known = open_.copy()
    result = picture.astype(np.float32)
    height, width = open_.shape
    density = width / (BALL[2] - BALL[0])

    def at(ss: NDArray[Any], tt: NDArray[Any]) -> tuple[NDArray[Any], NDArray[Any]]:
        x = np.clip(np.rint((ss - BALL[0]) * density - 0.5).astype(int), 0, width - 1)
        y = np.clip(np.rint((tt - BALL[1]) * density - 0.5).astype(int), 0, height - 1)
        return y, x

    # Hidden parts of the iris: turn round its centre in small steps until a visible pixel of the same ring is met.
    angle = np.arctan2(t - ct, s - cs)
    reach = distance < radius * 1.25
    for step in np.linspace(0.1, np.pi, 24):
        for turn in (step, -step):
            missing = reach & ~known & iris
            if not missing.any():
                break
            y, x = at(cs + distance * np.cos(angle + turn), ct + distance * np.sin(angle + turn))
            usable = missing & open_[y, x]
            result[usable] = result[y, x][usable]
            known |= usable
    hole = (~known).astype(np.uint8)
    filled = cv2.inpaint(np.clip(result, 0, 255).astype(np.uint8), hole, 3, cv2.INPAINT_TELEA)
    white = np.median(picture[open_ & ~reach], axis=0) if (open_ & ~reach).any() else np.array([210.0, 205.0, 200.0])
    soft = cv2.GaussianBlur(filled, (0, 0), 1.2).astype(np.float32)
    soft = np.where((distance > radius * 1.12)[..., None], 0.45 * soft + 0.55 * white, soft)
    feather = cv2.GaussianBlur(open_.astype(np.float32), (0, 0), 1.0)[..., None]
    merged = picture * feather + np.where(open_[..., None], filled, soft) * (1 - feather)
    return np.asarray(np.clip(np.rint(merged), 0, 255), np.uint8)


def _lid_skin(plate: NDArray[np.uint8], eye: Eye, density: float) -> NDArray[np.uint8]:
    """The skin around the eye with lashes, lid edge and eyeball painted over from the skin above and below."""
    picture, s, t = _cut(plate, eye, SKIN, density)
    upper, lower = (np.interp(s, lid_positions(), line) for line in (eye.upper, eye.lower))
    grey = cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY).astype(np.float32)
    wide = cv2.morphologyEx(grey, cv2.MORPH_CLOSE, cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (9, 9)))
    near = (t > upper - 2.2 * LASHES) & (t < lower + 0.35) & (np.abs(s) < 1.34)
    lashes = near & (wide - grey > 14) & (t < upper)
    # The lid's own crease and lash shadow would be drawn out into streaks: the strip that unfolds is painted anew.
    strip = 0.38 * np.sqrt(np.maximum(1 - (s / 1.12) ** 2, 0.0))
    hole = (((t > upper - strip) & (t < lower + 0.06) & (np.abs(s) < 1.12)) | lashes).astype(np.uint8)
    hole = cv2.dilate(hole, np.ones((3, 3), np.uint8))
    painted = cv2.inpaint(picture, hole, 4, cv2.INPAINT_TELEA)
    soft = cv2.GaussianBlur(painted, (0, 0), 0.09 * density)
    share = cv2.GaussianBlur(hole.astype(np.float32), (0, 0), 0.03 * density)[..., None]
    return np.asarray(np.rint(painted * (1 - share) + soft * share), np.uint8)
