"""What is computed once from a portrait, and all that any renderer needs to draw it moving."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from visavis.face import eye_sprites, mouth_sprites
from visavis.face.controls import Controls, standard_controls
from visavis.face.cutout import cutout
from visavis.face.fields import Box, Field, build_fields, field_box
from visavis.face.geometry import Frame, Geometry, Points, measure, measure_drawn
from visavis.face.landmarks import Landmarks
from visavis.face.lip_edges import OPEN, lip_edges
from visavis.face.plate import PLATE, cut_plate, heal_corners, plate_crop
from visavis.face.pose import Pose, build_pose
from visavis.face.shading import Shade, build_shades

VERSION: Final = 1
"""Version of the rig and of its payload; a renderer refuses others."""

BUILD: Final = 7
"""Revision of the way rigs are computed; avatars of another one are computed again."""


@dataclass(frozen=True, slots=True, eq=False)
class RigMouth:
    """The mouth frame and both lip edges, v at `geometry.edge_positions()`."""

    frame: Frame
    upper: Points
    lower: Points


@dataclass(frozen=True, slots=True, eq=False)
class RigEye:
    """An eye frame, both lid edges (t at `geometry.lid_positions()`), and the skin that may stretch above and below."""

    frame: Frame
    upper: Points
    lower: Points
    above: float
    below: float


@dataclass(frozen=True, slots=True, eq=False)
class Sprite:
    """One small RGBA picture and the rectangle (x0, y0, x1, y1) of its local frame that it covers."""

    picture: NDArray[np.uint8]
    rect: tuple[float, float, float, float]


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Rig:
    """A portrait ready to move.

    `plate` is RGB (n, n, 3), the portrait cropped to a square. `eyes` is image-left first. `sprites` holds `ballLeft`,
    `ballRight`, `skinLeft`, `skinRight` (the person's left and right), `teethUpper`, `teethLower` and `tongue`.
    `alpha` (n, n) is how much of each px of the plate shows the person, 0 … 255.
    `skin` is the mean colour around the mouth in [0, 1], `light` the brightness of the mouth's inside, `eye_distance`
    is in plate sides.
    """

    plate: NDArray[np.uint8]
    box: Box
    mouth: RigMouth
    eyes: tuple[RigEye, RigEye]
    fields: tuple[Field, ...]
    shades: tuple[Shade, ...]
    pose: Pose
    sprites: Mapping[str, Sprite]
    controls: Controls
    skin: tuple[float, float, float]
    light: float
    eye_distance: float
    open_mouth: bool
    alpha: NDArray[np.uint8]


def build_rig(picture: NDArray[np.uint8], found: Landmarks, curves: Mapping[str, Any] | None = None) -> Rig:
    """The rig of a portrait that passed its checks; `picture` is RGB, `curves` the hand-set lines of a drawing.

    Takes a few seconds; deterministic. Raises KeyError for curves that lack a part.
    """
    crop = plate_crop(picture, found)
    plate = cut_plate(picture, crop)
    geometry = measure(found, crop) if curves is None else measure_drawn(found, crop, curves)
    upper, lower = lip_edges(plate, geometry)
    box = field_box(geometry)
    apart = geometry.mouth.opening >= OPEN
    skin = _skin(plate, geometry)
    brightness = 0.3 * skin[0] + 0.59 * skin[1] + 0.11 * skin[2]
    light = float(np.clip(0.6 + 0.55 * brightness, 0.65, 1.0))
    if apart:
        plate = heal_corners(plate, geometry, (upper, lower), brightness)
    return Rig(
        plate=plate,
        box=box,
        mouth=RigMouth(geometry.mouth.frame, upper, lower),
        eyes=(_eye(geometry, 0), _eye(geometry, 1)),
        fields=build_fields(geometry, upper, lower, box),
        shades=build_shades(geometry, box),
        pose=build_pose(plate, geometry),
        sprites=_sprites(plate, geometry, light),
        controls=standard_controls(
            opening=float(np.clip(0.42 * geometry.eye_distance / geometry.mouth.frame.scale, 0.65, 1.1)),
            clean=0.0 if apart else 0.045,
            # Lips apart in a portrait are a smile.
            sober=0.8 if apart else 0.0,
        ),
        skin=skin,
        light=light,
        eye_distance=geometry.eye_distance,
        open_mouth=apart,
        alpha=cutout(
            plate,
            (geometry.eyes[0].frame.origin, geometry.eyes[1].frame.origin),
            geometry.mouth.frame.origin,
            found.person,
        ),
    )


def _eye(geometry: Geometry, index: int) -> RigEye:
    eye = geometry.eyes[index]
    brow = eye.frame.local(geometry.brows[index])
    room = float(eye.upper.min() - brow[:, 1].mean())
    return RigEye(eye.frame, eye.upper, eye.lower, float(np.clip(room * 0.95, 0.35, 1.1)), 0.5)


def _skin(plate: NDArray[np.uint8], geometry: Geometry) -> tuple[float, float, float]:
    """Mean colour of the skin beside the mouth."""
    places = geometry.mouth.frame.plate(np.array([[x, y] for x in (-1.35, 1.35) for y in (-0.5, -0.25, 0.0, 0.25)]))
    px = np.clip((places * len(plate)).astype(int), 2, len(plate) - 3)
    mean = np.mean([plate[y - 2 : y + 3, x - 2 : x + 3].mean((0, 1)) for x, y in px], axis=0) / 255
    return float(mean[0]), float(mean[1]), float(mean[2])


def _sprites(plate: NDArray[np.uint8], geometry: Geometry, light: float) -> dict[str, Sprite]:
    sprites = {
        "teethUpper": Sprite(mouth_sprites.upper_teeth(light), mouth_sprites.UPPER),
        "teethLower": Sprite(mouth_sprites.lower_teeth(light), mouth_sprites.LOWER),
        "tongue": Sprite(mouth_sprites.tongue(light), mouth_sprites.TONGUE),
    }
    for side, eye in zip(("Right", "Left"), geometry.eyes, strict=True):
        built = eye_sprites.build_eye_sprites(plate, eye, max(eye.frame.scale * PLATE * 1.4, 40.0))
        for name, picture, rect in (("ball", built.ball, eye_sprites.BALL), ("skin", built.skin, eye_sprites.SKIN)):
            solid = np.full((*picture.shape[:2], 1), 255, np.uint8)
            sprites[f"{name}{side}"] = Sprite(np.concatenate([picture, solid], 2), rect)
    return sprites
