"""Skin: a sculpted height field, lit, and cut into stacked tone sheets.

The relief is a sum of hand-placed forms. Lighting it gives a tone for each point; the tone's contour lines
become nested vector shapes whose colours run through a skin ramp, and one blur melts them together.
"""

# ruff: noqa: RUF005 - adding to an array moves it; nothing is concatenated
from __future__ import annotations

import cv2
import numpy as np
from skimage.measure import approximate_polygon, find_contours

from . import geometry as geo
from . import svg
from .geometry import Array

STEP = 2
COLS, ROWS = geo.SIZE // STEP, geo.TALL // STEP
YY, XX = np.mgrid[0:ROWS, 0:COLS].astype(np.float32) * STEP
LIGHT = np.array([-0.50, -0.56, 0.72]) / np.linalg.norm([-0.50, -0.56, 0.72])

RAMP = [
    (0.00, "#54291f"), (0.12, "#7d4634"), (0.26, "#a5674d"), (0.40, "#c48a6d"), (0.54, "#d8a78b"),
    (0.68, "#e6bfa5"), (0.82, "#f0d3be"), (0.93, "#f6e2d3"), (1.00, "#fceee3"),
]  # fmt: skip


Ramp = list[tuple[float, str]]


def ramp(t: float, stops: Ramp = RAMP) -> Array:
    """Colour of a tone 0..1."""
    at = [p for p, _ in stops]
    cols = np.array([svg.hexed(c) for _, c in stops])
    return np.array([np.interp(t, at, cols[:, k]) for k in range(3)])


def bump(dx: float, y: float, sx: float, sy: float, turn: float = 0) -> Array:
    """A Gaussian form at (dx, y) on both sides of the middle; turn (degrees) is for the image-right one."""
    a = np.deg2rad(turn)
    out = np.zeros_like(XX)
    for side in (-1, 1) if dx else (1,):
        u, v = side * (XX - geo.MIDDLE) - dx, YY - y
        p, q = u * np.cos(a) + v * np.sin(a), -u * np.sin(a) + v * np.cos(a)
        out += np.exp(-((p / sx) ** 2 + (q / sy) ** 2) / 2)
    return np.asarray(out)


def groove(points: Array, width: float) -> Array:
    """1 on a curve, falling to 0 within about `width` pixels."""
    img = np.full((ROWS, COLS), 255, np.uint8)
    cv2.polylines(img, [np.round(points / STEP * 16).astype(np.int32)], False, 0, 1, cv2.LINE_AA, 4)
    d = cv2.distanceTransform((img > 100).astype(np.uint8), cv2.DIST_L2, 5) * STEP
    return np.asarray(np.exp(-((d / width) ** 2) / 2).astype(np.float32))


def inside(points: Array) -> Array:
    """A filled polygon, 0 or 1."""
    img = np.zeros((ROWS, COLS), np.uint8)
    cv2.fillPoly(img, [np.round(points / STEP * 16).astype(np.int32)], 1, cv2.LINE_8, 4)
    return img


def soft(a: Array, pixels: float) -> Array:
    """Gaussian blur, in picture pixels."""
    return cv2.GaussianBlur(a.astype(np.float32), (0, 0), pixels / STEP)


def smoothstep(a: float, b: float, x: Array) -> Array:
    """0 below a, 1 above b, smooth between."""
    t = np.clip((x - a) / (b - a), 0, 1)
    return t * t * (3 - 2 * t)


def skull_outline() -> Array:
    """The face outline, carried on under the hair at the top."""
    half = [(0, 120), (80, 128), (140, 160), (180, 220), *geo.FACE_HALF[5:]]
    p = geo.spline(half, 80)
    return np.asarray(np.r_[geo.place(p, 1), geo.place(p[::-1], -1)[1:-1]])


def rounded(mask: Array, radius: float, smooth: float) -> Array:
    """Turn a flat shape into a pillow with edges of that radius."""
    d = cv2.distanceTransform(mask, cv2.DIST_L2, 5) * STEP
    d = np.minimum(d, radius)
    return soft(np.sqrt(np.maximum(radius**2 - (radius - d) ** 2, 0)), smooth)


def face_height() -> Array:
    """The relief of the face in pixels towards the viewer."""
    x, y = np.abs(XX - geo.MIDDLE), YY
    form = inside(skull_outline())
    z = 0.62 * rounded(form, 175, 10) + 0.62 * rounded(form, 42, 4)
    z += 10 * bump(0, 280, 95, 60)
    z += 5 * bump(92, 366, 50, 16, -6) + 4 * bump(0, 378, 26, 24)
    z -= 20 * bump(88, 416, 46, 26, -4) + 7 * bump(42, 412, 15, 22)
    z += 19 * bump(92, 430, 36, 23)
    z -= 4.5 * bump(72, 460, 40, 8, 16) - 3 * bump(90, 452, 34, 5, 4)
    # nose: a ridge that widens and rises, then turns under
    along = np.interp(y, [372, 400, 425, 455, 490, 515, 531, 543, 556, 575], [3, 9, 16, 28, 43, 55, 60, 48, 20, 0])
    wide = np.interp(y, [372, 405, 440, 480, 515, 535, 560], [22, 13, 13, 15.5, 18.5, 22, 24])
    z += soft(along * np.exp(-((x / wide) ** 2) / 2 - 0.12 * (x / wide) ** 4), 5)
    z += 10 * bump(0, 530, 15, 12) + 10 * bump(0, 505, 46, 42)
    z += 22 * bump(31.5, 541, 11, 12, 12) - 7 * bump(47, 536, 5, 14, -14)
    z -= 13 * bump(19, 553, 8, 5, -10)
    # cheeks, fold, muzzle
    z += 14 * bump(122, 494, 48, 38, -22) + 9 * bump(100, 530, 38, 32)
    fold = geo.spline([(52, 545), (67, 562), (81, 582), (91, 598)], 40)
    for side in (-1, 1):
        z -= 1.6 * groove(geo.place(fold, side), 7)
    z -= 4 * bump(138, 592, 36, 42)
    z += 14 * bump(0, 600, 62, 46)
    z += -3.4 * bump(0, 574, 5, 14) + 2.4 * bump(11.5, 576, 5, 15)
    # lips
    z += 7 * bump(16, 594, 22, 7, 8) + 3 * bump(46, 597, 18, 6, 8)
    z += 12 * bump(0, 616, 36, 9) + 4 * bump(20, 616, 18, 8)
    z -= 6.5 * groove(geo.whole(geo.LIP_LINE, 60), 4.5)
    z -= 5 * bump(82, 596, 9, 10) - 2.5 * bump(95, 602, 10, 16, -20)
    z -= 11 * bump(0, 644, 42, 10) - 13 * bump(0, 690, 34, 19)
    z -= 4 * bump(160, 340, 26, 52)
    return soft(z, 3)


def lit(z: Array, wrap: float = 0.32) -> Array:
    """Tone from the relief: wrapped key light, cool fill, occlusion in the hollows, a broad sheen."""
    gy, gx = np.gradient(z, STEP)
    n = np.stack([-gx, -gy, np.full_like(z, 1.0)], -1)
    n /= np.linalg.norm(n, axis=-1, keepdims=True)
    key = np.clip((n @ LIGHT + wrap) / (1 + wrap), 0, 1)
    fill = np.clip(n @ np.array([0.62, -0.1, 0.78]), 0, 1)
    half = LIGHT + (0, 0, 1)
    sheen = np.clip(n @ (half / np.linalg.norm(half)), 0, 1)
    hollow = np.clip((soft(z, 26) - z) / 34, -0.5, 1) + np.clip((soft(z, 9) - z) / 10, -0.5, 1)
    bounce = np.clip(n[..., 1], 0, 1) * 0.20 + np.clip(n[..., 0], 0, 1) ** 3 * 0.12
    return np.asarray(0.69 * key + 0.22 * fill + bounce - 0.13 * hollow + 0.11 * sheen**20 + 0.03 * sheen**80)


def cast(z: Array, reach: int = 64, softness: float = 5) -> Array:
    """Soft shadow that the relief throws on itself, 0..1."""
    worst = np.zeros_like(z)
    for i in range(4, reach, 2):
        dx, dy = -LIGHT[0] * i, -LIGHT[1] * i
        m = np.array([[1, 0, dx / STEP], [0, 1, dy / STEP]], np.float32)
        moved = cv2.warpAffine(z, m, (COLS, ROWS), borderMode=cv2.BORDER_REPLICATE)
        worst = np.maximum(worst, (moved - z - i * LIGHT[2] * 0.95) / (6 + 0.25 * i))
    return soft(np.clip(worst, 0, 1), softness)


def sheets(  # noqa: PLR0917 - three numbers that belong together
    tone: Array, area: Array, levels: int, low: float, high: float, stops: Ramp = RAMP
) -> list[str]:
    """Cut a tone picture into nested vector shapes, darkest first."""
    grown = cv2.dilate(area, np.ones((13, 13), np.uint8))
    weight = soft(area, 8)
    spread = soft(tone * area, 8) / np.maximum(weight, 1e-3)
    t = np.where(area > 0, tone, spread)
    t = np.where(grown > 0, t, -1)
    t = np.pad(t, 1, constant_values=-1)
    at = np.linspace(low, high, levels)
    out = []
    for i, level in enumerate(at):
        d = []
        for c in find_contours(t, level if i else -0.5):  # type: ignore[no-untyped-call]
            if len(c) < 9:
                continue
            p = approximate_polygon(c[:, ::-1], 0.22)  # type: ignore[no-untyped-call]
            if len(p) > 3:
                d.append(svg.poly((p - 1) * STEP, True, 0))
        if d:
            out.append(svg.path("".join(d), svg.rgb(ramp(level, stops))))
    return out


def face() -> str:
    """The face without its features, as a clipped group of sheets and colour glazes."""
    z = face_height()
    area = inside(skull_outline())
    tone = lit(z) - 0.13 * cast(z)
    tone -= 0.22 * np.clip(smoothstep(262, 180, YY), 0, 1)
    tone = 0.70 + (tone - 0.70) * 1.08
    tone = soft(tone, 2.5)
    outline = svg.curve(skull_outline()[::2], True)
    items = [svg.group("", sheets(tone, area, 60, 0.04, 0.99), filter=svg.wide_blur(2.4))]
    glaze = [
        (512 - 116, 512, 88, 0.72, "#d4553f", 0.20), (512 + 120, 512, 88, 0.72, "#c84a3a", 0.21),
        (512, 530, 42, 0.8, "#d24a38", 0.24), (512, 684, 56, 0.6, "#d2604a", 0.16),
        (512, 290, 150, 0.6, "#f4d59a", 0.12),
        (512 - 92, 462, 52, 0.4, "#8a4a6a", 0.10), (512 + 92, 462, 52, 0.4, "#8a4a6a", 0.10),
        (512 - 92, 400, 60, 0.4, "#b2553f", 0.20), (512 + 92, 400, 60, 0.4, "#b2553f", 0.20),
        (512 + 165, 640, 90, 1.2, "#7f5a7a", 0.12), (512, 600, 80, 0.5, "#cf6a52", 0.10),
    ]  # fmt: skip
    for x, y, r, k, c, a in glaze:
        g = svg.radial(x, y, r, [(0, c, a), (0.45, c, a * 0.6), (1, c, 0)], k)
        items.append(svg.ellipse(x, y, r, r * k, g))
    turn = svg.linear([(0, "#8a4632", 0), (0.55, "#8a4632", 0.10), (1, "#6b3226", 0.42)], (560, 430, 718, 500))
    items.append(f'<rect width="1024" height="1104" fill="{turn}"/>')
    turn = svg.linear([(0, "#8a4632", 0), (1, "#8a4632", 0.2)], (380, 560, 330, 580))
    items.append(f'<rect width="1024" height="1104" fill="{turn}"/>')
    soft_edge = svg.mask(svg.path(outline, "#fff", filter=svg.blur(1.1)))
    return svg.group("face", items, mask=soft_edge)
