"""Background, neck, ears and clothes."""

from __future__ import annotations

import numpy as np

from . import geometry as geo
from . import skin, svg

NECK = [
    (-118, 640),
    (-119, 720),
    (-121, 790),
    (-130, 838),
    (-165, 872),
    (-260, 906),
    (-380, 950),
    (-440, 1010),
    (-450, 1040),
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
    tone = 0.5 + (tone - 0.70) * 1.15 + 0.12 - 0.34 * np.clip(drop, 0, 1.1)
    tone -= 0.10 * skin.smoothstep(60, 130, np.abs(x)) * skin.smoothstep(900, 800, y)
    outline = svg.poly(shape, True, 0)
    items = [svg.group("", skin.sheets(skin.soft(tone, 4), area, 44, 0.08, 0.95), filter=svg.wide_blur(4))]
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
    lit = ("#d98e6c", "#e6a684") if side < 0 else ("#a65a42", "#cf8a68")
    fill = svg.linear([(0, "#8f4a36"), (0.45, lit[0]), (1, lit[1])], (x0, 480, x1, 470))
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
        stud[0] - 1.5, stud[1] - 1.8, 6.5, [(0, "#ffffff"), (0.4, "#efe6da"), (0.85, "#b9a48f"), (1, "#8d7562")]
    )
    items.append(svg.ellipse(stud[0] + 1, stud[1] + 2.5, 5, 5, "#5e2a1c", opacity=0.5, filter=svg.blur(1.5)))
    items.append(svg.ellipse(stud[0], stud[1], 4.6, 4.6, pearl))
    group = svg.group("", items, clip_path=svg.clip(shape))
    return svg.group(
        f"ear-{'image-left' if side < 0 else 'image-right'}",
        [svg.path(shape, "#1a0c08", opacity=0.5, filter=svg.blur(5)), group],
    )


def clothes(rng: np.random.Generator) -> str:
    """A soft cream knit under an open teal blazer."""
    m = geo.MIDDLE
    knit = [
        (m - 190, 868),
        (m - 150, 890),
        (m - 96, 934),
        (m - 40, 962),
        (m, 968),
        (m + 40, 962),
        (m + 96, 934),
        (m + 150, 890),
        (m + 190, 868),
        (m + 330, 1040),
        (m - 330, 1040),
    ]
    wool = svg.linear([(0, "#e9dfd0"), (0.5, "#ddd0bf"), (1, "#b9a994")], (360, 880, 690, 1030))
    items = [
        svg.path(svg.curve(knit, True), "#2a130c", opacity=0.45, filter=svg.blur(7), transform="translate(3 -5)"),
        svg.path(svg.curve(knit, True), wool),
    ]
    ribs = []
    neckline = geo.spline(knit[:9], 120)
    for i in range(2, 118):
        t = neckline[i + 1] - neckline[i - 1]
        n = np.array([-t[1], t[0]]) / np.hypot(*t)
        n = n if n[1] > 0 else -n
        a, b = neckline[i] + n * 1, neckline[i] + n * 17
        ribs.append(
            svg.stroke(f"M{svg.num(a[0])} {svg.num(a[1])}L{svg.num(b[0])} {svg.num(b[1])}", "#8f7f6c", 1.3, opacity=0.4)
        )
    items.append(svg.group("", ribs, filter=svg.blur(0.5)))
    hem = neckline + (0, 17)
    items.append(svg.stroke(svg.curve(hem[::6]), "#85745f", 2, opacity=0.45, filter=svg.wide_blur(1)))
    for side in (-1, 1):

        def at(points: list[tuple[float, float]], side: int = side) -> np.ndarray:
            return geo.place(points, side)

        coat = at(
            [
                (168, 858),
                (230, 874),
                (330, 910),
                (420, 956),
                (462, 1000),
                (474, 1040),
                (60, 1040),
                (96, 1000),
                (130, 940),
            ]
        )
        tone = ("#33656a", "#24494f", "#173238") if side < 0 else ("#2a565b", "#1d3f45", "#12282d")
        fill = svg.linear(
            [(0, tone[0]), (0.5, tone[1]), (1, tone[2])],
            (m + side * 420, 880, m + side * 120, 1040) if side < 0 else (m + 140, 880, m + 470, 1040),
        )
        items.append(
            svg.path(
                svg.curve(coat, True), "#140a08", opacity=0.4, filter=svg.blur(6), transform=f"translate({-4 * side} 2)"
            )
        )
        items.append(svg.path(svg.curve(coat, True), fill))
        lapel = at(
            [
                (166, 858),
                (196, 874),
                (214, 906),
                (206, 930),
                (226, 944),
                (176, 1000),
                (150, 1040),
                (66, 1040),
                (92, 1006),
                (124, 948),
            ]
        )
        lit = svg.linear(
            [(0, svg.mix(tone[0], "#6ea0a2", 0.28)), (1, tone[1])], (m + side * 190, 870, m + side * 100, 1040)
        )
        items.append(
            svg.path(
                svg.poly(geo.spline(lapel, 120)),
                "#06161a",
                opacity=0.55,
                filter=svg.blur(5),
                transform=f"translate({3 * side + 3} 5)",
            )
        )
        items.append(
            svg.path(svg.poly(lapel), lit, stroke=svg.mix(tone[0], "#a9cccb", 0.3), stroke_width=1, stroke_opacity=0.5)
        )
        items.append(svg.stroke(svg.poly(at([(206, 930), (150, 916)]), False), "#08181c", 1.6, opacity=0.6))
        for a, b, w, c, o in (
            ((300, 900), (260, 1040), 22, "#0b1e22", 0.35),
            ((400, 950), (390, 1040), 26, "#0b1e22", 0.4),
            ((350, 925), (330, 1040), 16, "#7fb0b0", 0.16),
        ):
            items.append(svg.stroke(svg.poly(at([a, b]), False), c, w, opacity=o, filter=svg.wide_blur(9)))
    return svg.group("clothes", items)
