"""Background, neck, ears and clothes."""

# ruff: noqa: RUF005 - adding to an array moves it; nothing is concatenated
from __future__ import annotations

import numpy as np

from . import geometry as geo
from . import skin, svg

NECK = [
    (-104, 620),
    (-103, 700),
    (-104, 780),
    (-113, 834),
    (-155, 872),
    (-260, 906),
    (-380, 950),
    (-440, 1010),
    (-450, 1100),
]


def background() -> str:
    """One quiet tone, a little lighter behind the head, even along the edges."""
    glow = svg.radial(500, 430, 620, [(0, "#c3c8c3"), (0.55, "#b4bbb8"), (1, "#a7afad")])
    return svg.group(
        "background",
        [f'<rect width="1024" height="1024" fill="#a7afad"/><rect width="1024" height="1024" fill="{glow}"/>'],
    )


def neck() -> str:
    """Neck and the top of the chest."""
    left = geo.spline(np.array(NECK) + (geo.MIDDLE, 0), 60)
    right = np.c_[2 * geo.MIDDLE - left[:, 0], left[:, 1]][::-1]
    shape = np.r_[left, right]
    area = skin.inside(np.clip(shape, -200, 1200))
    x, y = skin.XX - geo.MIDDLE, skin.YY
    half = np.interp(y, [600, 790, 850, 900, 1024], [106, 106, 140, 300, 460])
    z = 104 * np.sqrt(np.maximum(1 - np.clip(np.abs(x) / half, 0, 1) ** 2, 0.0))
    z = skin.soft(z, 10)
    for side in (-1, 1):  # sternomastoid, collar bones, the notch
        band = geo.spline([(side * 92, 690), (side * 72, 780), (side * 46, 870), (side * 20, 930)], 50) + (
            geo.MIDDLE,
            0,
        )
        z += 5 * skin.groove(band, 14)
        bone = geo.spline([(side * 26, 940), (side * 90, 928), (side * 180, 914), (side * 260, 908)], 50) + (
            geo.MIDDLE,
            0,
        )
        z += 6 * skin.groove(bone, 12)
        z -= 5 * skin.groove(bone + (0, -26), 16)
    z -= 10 * skin.bump(0, 938, 15, 18)
    z -= 4 * skin.bump(0, 850, 26, 70)
    tone = skin.lit(skin.soft(z, 4), 0.35)
    chin = geo.place([(p, q + 14) for p, q in geo.FACE_HALF[9:]], 1)
    shade = np.r_[chin, geo.place([(p, q + 14) for p, q in geo.FACE_HALF[9:]], -1)[::-1]] + (26, 34)
    drop = skin.soft(skin.inside(shade), 15) + 0.5 * skin.soft(skin.inside(shade), 40)
    tone = 0.5 + (tone - 0.70) * 1.15 + 0.12 - 0.41 * np.clip(drop, 0, 1.1)
    tone -= 0.10 * skin.smoothstep(60, 130, np.abs(x)) * skin.smoothstep(900, 800, y)
    outline = svg.poly(shape, True, 0)
    items = [svg.group("", skin.sheets(skin.soft(tone, 4), area, 48, 0.02, 0.95), filter=svg.wide_blur(4))]
    items.append(
        svg.ellipse(512, 790, 120, 60, svg.radial(512, 780, 120, [(0, "#b2482e", 0.22), (1, "#b2482e", 0)], 0.5))
    )
    return svg.group("neck", items, mask=svg.mask(svg.path(outline, "#fff", filter=svg.blur(1.2))))


def ear(side: int) -> str:
    """One ear, seen from the front; hair covers most of the image-left one."""
    rim = [
        (193, 436),
        (200, 420),
        (211, 415),
        (220, 424),
        (223, 446),
        (219, 474),
        (213, 500),
        (209, 524),
        (203, 543),
        (194, 549),
        (188, 540),
        (187, 510),
    ]
    shape = svg.curve(geo.place(rim, side), True)
    x0, x1 = geo.MIDDLE + side * 186, geo.MIDDLE + side * 224
    lit = ("#cf8d70", "#e0a688") if side < 0 else ("#ad6a52", "#cf9376")
    fill = svg.linear([(0, "#8d4f3d"), (0.5, lit[0]), (1, lit[1])], (x0, 480, x1, 470))
    items = [svg.path(shape, fill)]

    def line(points: list[tuple[float, float]], colour: str, width: float, soft: float, alpha: float) -> None:
        items.append(
            svg.stroke(
                svg.curve(geo.place(points, side)),
                colour,
                width,
                opacity=alpha,
                filter=svg.wide_blur(soft),
                stroke_linecap="round",
            )
        )

    line([(199, 440), (204, 428), (212, 426), (216, 440), (213, 468), (207, 492)], "#7a3526", 4, 1.6, 0.7)
    line([(201, 452), (206, 462), (205, 482), (199, 500)], "#5e251a", 7, 2.6, 0.7)
    line([(196, 424), (206, 418), (216, 422), (220, 440), (217, 468)], "#f6c8a8", 2.6, 1.1, 0.7)
    line([(203, 516), (203, 530), (198, 540)], "#f0b595", 6, 2.6, 0.6)
    line([(192, 480), (196, 488), (194, 498)], "#e9ae8c", 5, 1.6, 0.6)
    stud = geo.place([(201, 536)], side)[0]
    pearl = svg.radial(
        stud[0] - 1.5,
        stud[1] - 1.8,
        6.5,
        [(0, "#ffffff"), (0.4, "#efe6da"), (0.85, "#b9a48f"), (1, "#8d7562")],
    )
    items.append(svg.ellipse(stud[0] + 1, stud[1] + 2.5, 5, 5, "#5e2a1c", opacity=0.5, filter=svg.blur(1.5)))
    items.append(svg.ellipse(stud[0], stud[1], 4.6, 4.6, pearl))
    group = svg.group("", items, clip_path=svg.clip(shape))
    return svg.group(
        f"ear-{'image-left' if side < 0 else 'image-right'}",
        [svg.path(shape, "#1a0c08", opacity=0.5, filter=svg.blur(5)), group],
    )
