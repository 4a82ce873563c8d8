"""What shows between the lips: two rows of teeth and a tongue, painted once and tinted to the portrait's light."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import cv2
import numpy as np
from numpy.typing import NDArray

DENSITY: Final = 72
"""Sprite px to half a mouth's width."""

UPPER: Final = (-1.0, -0.5, 1.0, 0.1)
"""The mouth-frame rectangle of the upper teeth, v from their cutting edge: u0, v0, u1, v1."""
LOWER: Final = (-0.9, -0.1, 0.9, 0.42)
"""The same for the lower teeth, v from their upper edge."""
TONGUE: Final = (-0.8, -0.45, 0.8, 0.55)
"""The tongue, from its centre."""

_ENAMEL: Final = np.array([244.0, 237.0, 224.0])
_GUM: Final = np.array([178.0, 96.0, 92.0])
_DEEPER: Final = (1.0, 0.985, 0.95, 0.87, 0.78, 0.7)
"""Light of each crown: the dental arch goes back into the mouth."""
_OVERSAMPLE: Final = 4

Sprite = NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class _Row:
    """One row of crowns from the middle outwards: widths, heights, and how much shorter each one is than the first.

    `side` is -1 where they hang from above, 1 where they stand from below; `arch` lifts the row's ends off the lip.
    """

    rect: tuple[float, float, float, float]
    side: int
    arch: float
    widths: tuple[float, ...]
    heights: tuple[float, ...]
    shorter: tuple[float, ...]


_UPPER_ROW: Final = _Row(
    UPPER, -1, 0.055,
    (0.215, 0.168, 0.165, 0.14, 0.13, 0.11), (0.37, 0.33, 0.36, 0.3, 0.27, 0.24), (0.0, 0.014, 0.004, 0.02, 0.03, 0.04),
)  # fmt: skip
_LOWER_ROW: Final = _Row(
    LOWER, 1, 0.035,
    (0.128, 0.138, 0.15, 0.14, 0.13, 0.12), (0.27, 0.28, 0.29, 0.25, 0.22, 0.2), (0.0, 0.004, 0.0, 0.012, 0.02, 0.03),
)  # fmt: skip


def upper_teeth(light: float) -> Sprite:
    """RGBA of the upper row over `UPPER`; `light` scales its brightness."""
    return _teeth(_UPPER_ROW, light)


def lower_teeth(light: float) -> Sprite:
    """RGBA of the lower row over `LOWER`."""
    return _teeth(_LOWER_ROW, light * 0.93)


def tongue(light: float) -> Sprite:
    """RGBA of the tongue over `TONGUE`."""
    u, v = _grid(TONGUE)
    body = (np.abs(u) / 0.72) ** 2.4 + (np.abs(v - 0.06) / np.where(v < 0.06, 0.42, 0.6)) ** 2.2
    alpha = np.clip((1.0 - body) * 3.2, 0, 1)
    groove = 1 - 0.16 * np.exp(-((u / 0.07) ** 2)) * np.clip(0.5 - v, 0, 1)
    form = 0.78 + 0.3 * np.exp(-(((v + 0.12) / 0.28) ** 2)) * np.exp(-((u / 0.6) ** 2))
    wet = 0.1 * np.exp(-(((np.abs(u) - 0.2) / 0.1) ** 2) - ((v + 0.2) / 0.06) ** 2)
    colour = np.array([172.0, 78.0, 80.0]) * light
    return _finish(colour * (groove * form)[..., None] + 255 * wet[..., None], alpha)


def _teeth(row: _Row, light: float) -> Sprite:
    u, v = _grid(row.rect)
    across = np.abs(u)
    depth = row.side * v - row.arch * u * u  # from the cutting edge towards the gum
    gum_line, alpha, colour = np.zeros_like(u), np.zeros_like(u), np.zeros((*u.shape, 3))
    end = 0.0
    for index, (width, height, shorter) in enumerate(zip(row.widths, row.heights, row.shorter, strict=True)):
        centre = end + width / 2
        end += width
        x = np.clip((across - centre) / (width / 2), -1, 1)
        corner = 0.065 if index == 2 else 0.04
        aside = np.abs(across - centre) - (width / 2 - 0.006) + corner
        along = np.abs(depth - shorter - height / 2) - height / 2 + corner
        outside = (
            np.hypot(np.maximum(aside, 0), np.maximum(along, 0)) + np.minimum(np.maximum(aside, along), 0) - corner
        )
        cover = np.clip(0.5 - outside * DENSITY * _OVERSAMPLE / 5.0, 0, 1)
        t = np.clip((depth - shorter) / height, 0, 1)
        form = (1 - 0.17 * np.abs(x) ** 3) * (1 - 0.1 * t**2) * (1 - 0.05 * np.exp(-((t / 0.1) ** 2)))
        glow = 0.05 * np.exp(-(((x + 0.15) / 0.35) ** 2) - ((t - 0.45) / 0.25) ** 2)
        tint = _ENAMEL * (1.0, 1.0 - 0.012 * index, 1.0 - 0.03 * index)
        crown = tint * light * (_DEEPER[index] * form + glow)[..., None]
        colour = colour * (1 - cover[..., None]) + crown * cover[..., None]
        alpha = np.maximum(alpha, cover)
        scallop = height + shorter - 0.05 * (1 - x * x)
        gum_line = np.where(np.abs(across - centre) <= width / 2, scallop, gum_line)
    # Between crowns a warm shadow, never a black line.
    colour += _ENAMEL * (0.7, 0.62, 0.56) * light * (1 - alpha[..., None])
    alpha = np.maximum(alpha, np.clip((end - across) * 40, 0, 1) * np.clip((depth - 0.03) * 60, 0, 1))
    gum = np.clip((depth - gum_line) * 30, 0, 1)[..., None]
    return _finish(colour * (1 - gum) + _GUM * light * 0.95 * gum, alpha)


def _grid(rect: tuple[float, float, float, float]) -> tuple[NDArray[Any], NDArray[Any]]:
    step = 1.0 / (DENSITY * _OVERSAMPLE)
    u = np.arange(rect[0] + step / 2, rect[2], step)
    v = np.arange(rect[1] + step / 2, rect[3], step)
    grid = np.meshgrid(u, v)
    return grid[0], grid[1]


def _finish(colour: NDArray[Any], alpha: NDArray[Any]) -> Sprite:
    """Averaged down with premultiplied alpha."""
    size = (alpha.shape[1] // _OVERSAMPLE, alpha.shape[0] // _OVERSAMPLE)
    thick = cv2.resize(np.dstack([colour * alpha[..., None], alpha]), size, interpolation=cv2.INTER_AREA)
    cover = thick[..., 3:]
    straight = np.where(cover > 1e-3, thick[..., :3] / np.maximum(cover, 1e-3), colour.mean((0, 1)))
    return np.asarray(np.clip(np.rint(np.dstack([straight, cover * 255])), 0, 255), np.uint8)
