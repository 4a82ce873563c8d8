"""Clothes: a soft cream knit under an open teal blazer."""

# ruff: noqa: RUF005 - adding to an array moves it; nothing is concatenated
from __future__ import annotations

import numpy as np

from . import body, skin, svg
from . import geometry as geo

COAT = [
    (150, 850),
    (200, 862),
    (268, 880),
    (340, 904),
    (402, 936),
    (444, 980),
    (466, 1104),
    (60, 1104),
    (88, 1000),
    (120, 946),
    (148, 890),
]
COLLAR: list[tuple[float, float]] = [
    (132, 832),
    (160, 832),
    (190, 852),
    (211, 882),
    (221, 914),
    (223.2, 926),
    (222.6, 927),
    (198, 931),
    (168, 934),
    (112, 956),
    (118, 926),
    (128, 880),
]
LAPEL: list[tuple[float, float]] = [
    (168, 934),
    (200, 936),
    (242.5, 937.4),
    (243, 938.4),
    (230, 964),
    (204, 1000),
    (176, 1104),
    (56, 1104),
    (84, 1002),
    (116, 950),
]
FOLDS: list[tuple[geo.Half, float, float]] = [
    ([(420, 960), (380, 985), (330, 1040)], 9, 12),
    ([(360, 930), (330, 975), (300, 1104)], 6, 14),
    ([(440, 990), (420, 1015), (408, 1104)], 8, 9),
    ([(280, 895), (300, 940), (290, 1000)], 4, 16),
]
TEAL: skin.Ramp = [
    (0.0, "#081417"),
    (0.2, "#122a2f"),
    (0.4, "#1f444a"),
    (0.55, "#2e5f65"),
    (0.7, "#457c81"),
    (1.0, "#7fb0b2"),
]


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
        (m + 330, 1104),
        (m - 330, 1104),
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
            svg.stroke(
                f"M{svg.num(a[0])} {svg.num(a[1])}L{svg.num(b[0])} {svg.num(b[1])}",
                "#8f7f6c",
                1.3,
                opacity=0.4,
            )
        )
    items.append(svg.group("", ribs, filter=svg.blur(0.5)))
    hem = neckline + (0, 17)
    items.append(svg.stroke(svg.curve(hem[::6]), "#85745f", 2, opacity=0.45, filter=svg.wide_blur(1)))
    items.append(necklace())
    items += [_coat(side) for side in (-1, 1)]
    weave = (
        '<filter id="weave" filterUnits="userSpaceOnUse" x="0" y="820" width="1024" height="284">'
        '<feTurbulence type="fractalNoise" baseFrequency=".9 .35" numOctaves="2" seed="4"/>'
        '<feColorMatrix values="1 0 0 0 0  1 0 0 0 0  1 0 0 0 0  0 0 0 0 1"/></filter>'
    )
    svg.defs.append(weave)
    halves = "".join(svg.poly(geo.place(geo.spline(c, 120), side)) for side in (-1, 1) for c in (COAT, COLLAR, LAPEL))
    cloth = '<rect y="820" width="1024" height="264" filter="url(#weave)"/>'
    items.append(
        svg.group(
            "",
            [svg.group("", [cloth], clip_path=svg.clip(halves))],
            style="mix-blend-mode:soft-light",
            opacity=0.15,
        )
    )
    return svg.group("clothes", items)


def necklace() -> str:
    """A fine chain with a small drop, lying on the skin above the knit."""
    chain = geo.spline(
        [
            (m, y)
            for m, y in (
                (-126, 800),
                (-109, 838),
                (-84, 876),
                (-48, 910),
                (-16, 928),
                (0, 932),
                (16, 928),
                (48, 910),
                (84, 876),
                (109, 838),
                (126, 800),
            )
        ],
        120,
    ) + (geo.MIDDLE, 0)
    gold = svg.linear([(0, "#f4dca6"), (0.5, "#c9974f"), (1, "#8f6530")], (400, 830, 620, 930))
    items = [svg.stroke(svg.curve(chain[::6] + (1, 2.5)), "#7a3d2a", 2.2, opacity=0.4, filter=svg.wide_blur(1.3))]
    items.append(svg.stroke(svg.curve(chain[::6]), gold, 1.5))
    items.append(svg.stroke(svg.curve(chain[::6] + (0, -0.3)), "#fff3cf", 0.8, opacity=0.8, stroke_dasharray="1.4 2.2"))
    x, y = geo.MIDDLE, 937.5
    items.append(svg.ellipse(x + 1, y + 3, 4.6, 5.6, "#7a3d2a", opacity=0.45, filter=svg.blur(1.5)))
    items.append(
        svg.ellipse(
            x,
            y,
            3.8,
            4.8,
            svg.radial(x - 1.3, y - 1.6, 6, [(0, "#fff6da"), (0.4, "#dcb067"), (1, "#8a5f2b")]),
        )
    )
    neck = geo.spline(np.array(body.NECK, float), 60)
    inside = svg.poly(np.r_[neck, (neck * (-1, 1))[::-1]] + (geo.MIDDLE, 0))
    return svg.group("necklace", items, clip_path=svg.clip(inside))


def _coat(side: int) -> str:
    """One half of the blazer: modelled cloth, then collar and lapel lying on it."""
    m = geo.MIDDLE
    area = skin.inside(geo.place(geo.spline(COAT, 200), side))
    z = 0.9 * skin.rounded(area, 90, 10)
    for path, deep, wide in FOLDS:
        z -= deep * skin.groove(geo.place(geo.spline(path, 40), side), wide)
    tone = skin.soft(skin.lit(skin.soft(z, 5), 0.25), 3) + 0.05 * (skin.YY < 900)
    shape = svg.poly(geo.place(geo.spline(COAT, 160), side))
    cloth = svg.group("", skin.sheets(0.52 * tone, area, 40, 0.05, 0.75, TEAL), filter=svg.wide_blur(3))
    items = [
        svg.path(shape, "#140a08", opacity=0.45, filter=svg.blur(7), transform=f"translate({-5 * side} 2)"),
        svg.path(shape, "#12282d"),
        svg.group("", [cloth], mask=svg.mask(svg.path(shape, "#fff", filter=svg.blur(0.7)))),
    ]
    for name, points in (("lapel", LAPEL), ("collar", COLLAR)):
        flat = geo.place(np.array(points, float), side)
        d = svg.curve(flat, True)
        part = skin.inside(geo.spline(np.r_[flat, flat[:1]], 200))
        lift = 0.5 * skin.rounded(part, 16, 3) + (
            4 * skin.rounded(part, 70, 8) / 70 - 0.10 * side * (skin.XX - m) * side
        )
        lift += (7 if name == "collar" else 4) * np.sin((skin.XX - m) * 0.022 + skin.YY * 0.013)
        tone = skin.soft(skin.lit(skin.soft(lift, 4), 0.25), 2) * (0.56 if side < 0 else 0.48) + 0.05
        items.append(svg.path(d, "#050f12", opacity=0.6, filter=svg.blur(6), transform=f"translate({2 * side + 3} 6)"))
        items.append(svg.path(d, "#12282d"))
        cloth = svg.group("", skin.sheets(tone, part, 26, 0.1, 0.75, TEAL), filter=svg.wide_blur(2))
        items.append(svg.group("", [cloth], mask=svg.mask(svg.path(d, "#fff", filter=svg.blur(0.6)))))
        if name == "lapel":
            roll = geo.place([(118, 946), (100, 985), (66, 1104)], side)
            items.append(svg.stroke(svg.curve(roll), "#86b4b6", 7, opacity=0.18, filter=svg.wide_blur(3)))
        rim = flat[:6] if name == "lapel" else flat[1:7]
        items.append(
            svg.stroke(svg.curve(rim), "#9cc4c3", 1.2, opacity=0.24 if side < 0 else 0.13, filter=svg.wide_blur(0.7))
        )
    return svg.group("", items)
