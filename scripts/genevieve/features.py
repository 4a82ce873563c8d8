"""Eyes, brows, nose and mouth: everything on the face that is drawn rather than sculpted."""

# ruff: noqa: RUF005 - adding to an array moves it; nothing is concatenated
from __future__ import annotations

import numpy as np

from . import geometry as geo
from . import svg
from .geometry import Array


def _outward(points: Array, up: bool) -> Array:
    t = np.gradient(points, axis=0)
    n = np.c_[-t[:, 1], t[:, 0]] / np.hypot(t[:, 0], t[:, 1])[:, None]
    flip = np.where((n[:, 1] < 0) == up, 1.0, -1.0)
    return np.asarray(n * flip[:, None])


def _eyeball(side: int, rng: np.random.Generator) -> str:
    upper, lower = geo.eye(side)
    x, y, r = geo.iris(side)
    ball = svg.radial(x - 6, y + 2, 54, [(0, "#f3ebe4"), (0.45, "#e9ddd3"), (0.72, "#d2bbae"), (1, "#a8877a")], 0.72)
    items = [svg.ellipse(x, y, 70, 40, ball)]
    inner = upper[0]
    items.append(svg.ellipse(inner[0] + side * 7, inner[1] + 0.5, 9, 6, "#c98478", opacity=0.8, filter=svg.blur(2)))
    items.append(svg.ellipse(inner[0] + side * 4, inner[1] + 0.3, 4.6, 3.6, "#c4746a", filter=svg.blur(0.8)))
    items.append(svg.ellipse(inner[0] + side * 3.4, inner[1] - 0.9, 1.2, 0.8, "#fbe6de", opacity=0.8))
    # iris
    rim = svg.radial(
        x, y, r,
        [(0, "#5d3a1f"), (0.38, "#7c5029"), (0.62, "#6a4527"), (0.84, "#432b1b"),
         (0.94, "#24160f"), (1, "#1d120e", 0.75)],
    )  # fmt: skip
    items.append(svg.path(_circle(x, y, r), rim, filter=svg.blur(0.7)))
    fibres = []
    for _ in range(150):
        a = rng.uniform(0, 2 * np.pi)
        a2 = a + rng.normal(0, 0.05)
        r0, r1 = rng.uniform(6.5, 10), rng.uniform(11, r - 1.8)
        warm = 0.5 + 0.5 * np.cos(a - 0.9)
        tone = rng.random()
        c = svg.mix("#3a2414", "#c98d4b", min(1, tone * 0.55 + warm * 0.42)) if tone > 0.35 else "#2f1c10"
        d = f"M{svg.num(x + r0 * np.cos(a), 2)} {svg.num(y + r0 * np.sin(a), 2)}L"
        d += f"{svg.num(x + r1 * np.cos(a2), 2)} {svg.num(y + r1 * np.sin(a2), 2)}"
        fibres.append(svg.stroke(d, c, rng.uniform(0.35, 0.9), opacity=svg.num(rng.uniform(0.3, 0.75), 2)))
    items.append(svg.group("", fibres, filter=svg.blur(0.3)))
    glow = svg.radial(x + 5, y + 8, 13, [(0, "#d99a52", 0.6), (0.6, "#b87638", 0.25), (1, "#8a5528", 0)], 0.75)
    items.append(svg.ellipse(x + 5, y + 8, 13, 10, glow))
    items.append(svg.path(_circle(x, y, 7.4), "#0d0706", filter=svg.blur(0.7)))
    # the upper lid and its lashes shade the ball
    shade = np.r_[upper + (0, -6), (upper + (0, 5.5))[::-1]]
    items.append(svg.path(svg.poly(shade), "#2c1612", opacity=0.52, filter=svg.blur(3)))
    rimshade = svg.curve(np.r_[upper, lower[::-1][1:-1]][::2], True)
    items.append(svg.stroke(rimshade, "#6b3a30", 3, opacity=0.45, filter=svg.blur(1.5)))
    # light in the eye
    items.append(svg.ellipse(x - 6.2, y - 7.2, 3.9, 4.3, "#fffdf8", -18, opacity=0.96, filter=svg.blur(0.45)))
    items.append(svg.ellipse(x + 7, y + 6.5, 2.6, 1.7, "#ffe9cf", -40, opacity=0.35, filter=svg.blur(0.7)))
    wet = lower[6:-6] + (0, -2.4)
    items.append(svg.stroke(svg.curve(wet[::2]), "#fff6ee", 1.0, opacity=0.32, filter=svg.wide_blur(0.6)))
    opening = svg.curve(np.r_[upper, lower[::-1][1:-1]], True)
    return svg.group("", items, clip_path=svg.clip(opening))


def _circle(x: float, y: float, r: float) -> str:
    n = svg.num
    return f"M{n(x - r)} {n(y)}a{n(r)} {n(r)} 0 1 0 {n(2 * r)} 0a{n(r)} {n(r)} 0 1 0 {n(-2 * r)} 0z"


def _lashes(edge: Array, side: int, up: bool, rng: np.random.Generator) -> list[str]:
    out = []
    n = 74 if up else 36
    normals = _outward(edge, up)
    for k in range(n):
        t = (k + rng.uniform(-0.4, 0.4)) / (n - 1)
        clump = np.sin(k * 2.1) * 0.22 if up else 0.0
        t = 0.06 + 0.93 * t if up else 0.30 + 0.66 * t
        i = np.clip(t, 0, 1) * (len(edge) - 1)
        base = np.array([np.interp(i, np.arange(len(edge)), edge[:, a]) for a in (0, 1)])
        nrm = np.array([np.interp(i, np.arange(len(edge)), normals[:, a]) for a in (0, 1)])
        if up:
            long = (4.2 + 7.4 * t**1.2) * rng.uniform(0.7, 1.15)
            lean = side * (-0.15 + 0.95 * t + clump)
            tip = base + nrm * long * 0.8 + np.array([lean * long * 0.75, 0])
            bend = base + nrm * long * 0.18 + np.array([lean * long * 0.55, 0.6])
            width = rng.uniform(0.8, 1.35)
        else:
            long = (3 + 3.2 * t) * rng.uniform(0.6, 1.1)
            lean = side * (-0.1 + 0.8 * t)
            base = base + (0, 1.8)
            tip = base + nrm * long * 0.8 + np.array([lean * long * 0.6, 0])
            bend = base + nrm * long * 0.5 + np.array([lean * long * 0.15, 0])
            width = rng.uniform(0.5, 0.8)
        q = np.linspace(0, 1, 6)[:, None]
        line = (1 - q) ** 2 * base + 2 * q * (1 - q) * bend + q**2 * tip
        d = svg.tapered(line, width * np.linspace(1, 0.15, 6))
        out.append(svg.path(d, "#1c0f0c", opacity=svg.num(rng.uniform(0.7, 0.95) if up else rng.uniform(0.35, 0.6), 2)))
    return out


def eye(side: int, rng: np.random.Generator) -> str:
    """One eye with lids, lashes and crease."""
    upper, lower = geo.eye(side)
    t = np.linspace(0, 1, len(upper))
    items = [_eyeball(side, rng)]
    # waterline: a thin wet shelf under the ball
    shelf = lower + (0, 0.9)
    items.append(
        svg.path(
            svg.tapered(shelf, 2.6 * np.sin(np.pi * t) ** 0.5 + 0.2),
            "#dfa08f",
            opacity=0.85,
            filter=svg.wide_blur(0.5),
        )
    )
    items.append(
        svg.stroke(svg.curve((lower + (0, 3.0))[4:-2]), "#7a4134", 1.4, opacity=0.42, filter=svg.wide_blur(0.9))
    )
    # lid crease and the plane under it
    crease = geo.place(
        geo.spline([(43, 423), (55, 409.5), (73, 400.5), (93, 397.5), (113, 400.8), (130, 410), (144, 423)], 33),
        side,
    )
    items.append(svg.path(svg.poly(np.r_[crease, upper[::-1]]), "#8d4f3c", opacity=0.22, filter=svg.wide_blur(2.2)))
    lidlight = (crease + upper) / 2 + (0, 0.6)
    items.append(
        svg.path(
            svg.tapered(lidlight[6:-8], 4.5 * np.sin(np.pi * t[6:-8]) ** 2 + 0.1),
            "#ffe3cb",
            opacity=0.42,
            filter=svg.wide_blur(1.8),
        )
    )
    items.append(
        svg.path(
            svg.tapered(crease, 3.4 * np.sin(np.pi * t) ** 0.6 + 0.2),
            "#6b3324",
            opacity=0.62,
            filter=svg.wide_blur(1.2),
        )
    )
    items.append(
        svg.path(
            svg.tapered(crease + (0, 0.4), 1.3 * np.sin(np.pi * t) ** 0.6 + 0.1),
            "#4e2117",
            opacity=0.55,
            filter=svg.wide_blur(0.5),
        )
    )
    # lash line: thickens outwards, a small wing past the corner
    wing = np.r_[upper, upper[-1:] + [[side * 2.5, -0.6]], upper[-1:] + [[side * 5, -2]]]
    s = np.linspace(0, 1, len(wing))
    thick = 1.0 + 3.4 * s**0.9
    thick[-3:] = (3.2, 1.6, 0.3)
    items.append(svg.path(svg.tapered(wing + (0, -0.9), thick), "#1a0d0b", opacity=0.93, filter=svg.wide_blur(0.45)))
    items.append(
        svg.path(svg.tapered(wing + (0, -2.5), thick * 1.6), "#4a2118", opacity=0.30, filter=svg.wide_blur(1.8))
    )
    outer = lower[17:]
    items.append(
        svg.path(
            svg.tapered(outer + (0, 1.6), 0.4 + 1.8 * np.linspace(0, 1, len(outer))),
            "#2a1511",
            opacity=0.5,
            filter=svg.wide_blur(0.8),
        )
    )
    items += _lashes(lower, side, False, rng) + _lashes(upper, side, True, rng)
    return svg.group(f"eye-{'image-left' if side < 0 else 'image-right'}", items)


def brow(side: int, rng: np.random.Generator) -> str:
    """One brow: a soft base and some 230 hairs that fan from the head and lie down along the tail."""
    spine = geo.brow(side, 60)
    t = np.linspace(0, 1, 60)
    width = np.interp(t, [0, 0.12, 0.45, 0.7, 1], [7.5, 11.5, 11, 8, 1.8])
    items = [svg.path(svg.tapered(spine, width * 0.95), "#4f2f21", opacity=0.62, filter=svg.wide_blur(2.6))]
    tangent = np.gradient(spine, axis=0)
    tangent /= np.hypot(tangent[:, 0], tangent[:, 1])[:, None]
    up = _outward(spine, True)
    for _ in range(330):
        a = rng.beta(1.1, 1.1)
        i = min(int(a * 59), 58)
        across = rng.uniform(-0.5, 0.5)
        base = spine[i] + up[i] * across * width[i]
        rise = np.interp(a, [0, 0.15, 0.4, 0.65, 1], [1.5, 0.75, 0.34, 0.12, -0.02]) - across * (
            0.75 if a > 0.12 else 0.2
        )
        way = tangent[i] + up[i] * (rise + rng.normal(0, 0.10))
        way /= np.hypot(*way)
        long = np.interp(a, [0, 0.3, 0.8, 1], [8.5, 12, 12, 8]) * rng.uniform(0.65, 1.1)
        curl = tangent[i] * long * 0.22
        q = np.linspace(0, 1, 5)[:, None]
        line = base + way * long * q + curl * q**2
        c = svg.mix("#2b1711", "#6d4330", rng.random() ** 1.4)
        d = svg.tapered(line, rng.uniform(0.7, 1.15) * np.array([0.6, 1, 0.85, 0.55, 0.12]))
        items.append(svg.path(d, c, opacity=svg.num(rng.uniform(0.35, 0.8) * min(1, 0.5 + 3 * a), 2)))
    return svg.group(f"brow-{'image-left' if side < 0 else 'image-right'}", items)


def nose() -> str:
    """Nostrils, wings, lights: the sculpted form does the rest."""
    items = []
    for side in (-1, 1):
        dark = geo.place(
            [(9.5, 553.6), (13, 549.8), (19, 548.6), (25.5, 551), (25, 554), (19, 554.6), (13, 555.8)], side
        )
        items.append(svg.path(svg.curve(dark, True), "#5a241a", opacity=0.55, filter=svg.blur(2.2)))
        items.append(svg.path(svg.curve(dark, True), "#3c1510", opacity=0.78, filter=svg.blur(1.1)))
        wing = geo.place(geo.spline([(38, 526), (43.5, 533), (45, 542), (41.5, 550), (35, 554.5)], 24), side)
        a = 0.42 if side < 0 else 0.6
        items.append(
            svg.path(
                svg.tapered(wing, 4.2 * np.sin(np.pi * np.linspace(0.05, 1, 24)) ** 0.7),
                "#8a4430",
                opacity=a,
                filter=svg.wide_blur(1.8),
            )
        )
        items.append(
            svg.path(
                svg.tapered(wing[8:], 1.8 * np.sin(np.pi * np.linspace(0.1, 1, 16)) ** 0.7),
                "#6a2c1e",
                opacity=a,
                filter=svg.wide_blur(0.8),
            )
        )
    base = geo.place(geo.spline([(-16, 556.5), (-7, 559), (0, 560), (7, 559), (16, 556.5)], 20), 1)
    items.append(
        svg.path(
            svg.tapered(base, 4.5 * np.sin(np.pi * np.linspace(0, 1, 20))),
            "#8f4a38",
            opacity=0.35,
            filter=svg.wide_blur(1.8),
        )
    )
    items.append(svg.ellipse(507, 524, 7.5, 6, "#fff4e6", -20, opacity=0.55, filter=svg.blur(3.2)))
    items.append(svg.ellipse(506, 522.5, 3, 2.3, "#ffffff", -20, opacity=0.55, filter=svg.blur(1.3)))
    items.append(svg.ellipse(508, 456, 3, 22, "#fff0de", 0, opacity=0.28, filter=svg.blur(2.8)))
    items.append(svg.ellipse(476, 537, 4, 4.5, "#ffeedd", 20, opacity=0.4, filter=svg.blur(2)))
    return svg.group("nose", items)


def _lip_strands(upper: bool, rng: np.random.Generator) -> list[str]:
    line = geo.whole(geo.LIP_LINE, 81)
    edge = geo.whole(geo.LIP_TOP if upper else geo.LIP_BOTTOM, 81)
    out = []
    for _ in range(115):
        i = int(rng.uniform(7, 74))
        a, b = line[i], edge[i] * 0.96 + np.array([geo.MIDDLE, edge[i, 1]]) * 0.04
        q0 = rng.uniform(0.02, 0.5)
        q1 = q0 + rng.uniform(0.25, 0.48)
        bow = (a + b) / 2 + (rng.normal(0, 0.7) + (i - 40) * 0.05, 0)
        q = np.linspace(q0, q1, 5)[:, None]
        p = (1 - q) ** 2 * a + 2 * q * (1 - q) * bow + q**2 * b
        c = "#6f2a2c" if rng.random() < 0.58 else "#f2b5aa"
        d = svg.tapered(p, rng.uniform(0.4, 0.9) * np.array([0.1, 0.8, 1, 0.7, 0.1]))
        out.append(svg.path(d, c, opacity=svg.num(rng.uniform(0.08, 0.26), 2)))
    return out


def mouth(rng: np.random.Generator) -> str:
    """Closed lips: two soft volumes, a dark line, fine vertical creases, lights."""
    line, top, low = geo.whole(geo.LIP_LINE, 61), geo.whole(geo.LIP_TOP, 61), geo.whole(geo.LIP_BOTTOM, 61)
    upper = svg.poly(np.r_[top, line[::-1]])
    lower = svg.poly(np.r_[line, low[::-1]])
    items = []
    # shadow under the lower lip, light on the rim of the upper one
    items.append(svg.ellipse(514, 637.5, 34, 6.5, "#8a4431", opacity=0.42, filter=svg.blur(5)))
    items.append(
        svg.path(
            svg.tapered(top[12:49] + (0, -2.2), 2.6 * np.sin(np.pi * np.linspace(0, 1, 37))),
            "#ffe6d2",
            opacity=0.5,
            filter=svg.wide_blur(1.3),
        )
    )
    red = svg.linear([(0, "#b9655c"), (0.45, "#a9524d"), (1, "#7d3335")], (512, 583, 512, 605))
    rose = svg.linear([(0, "#a8504d"), (0.3, "#c2706a"), (0.62, "#c97a72"), (1, "#ad5c55")], (505, 601, 515, 630))
    both = svg.poly(np.r_[top, low[::-1]])
    items.append(svg.path(both, "#a95a50", opacity=0.5, filter=svg.blur(2.4)))
    items.append(svg.path(upper, red, opacity=0.88, filter=svg.blur(1.3)))
    items.append(svg.path(lower, rose, opacity=0.86, filter=svg.blur(1.5)))
    inside = svg.clip(both)
    shade = [
        svg.ellipse(570, 605, 26, 19, "#6d2a2c", opacity=0.34, filter=svg.blur(7)),
        svg.ellipse(449, 602, 16, 14, "#7d3436", opacity=0.3, filter=svg.blur(6)),
        svg.path(svg.tapered(line, 9 * np.sin(np.pi * np.linspace(0.02, 0.98, 61)) ** 0.6), "#5a1f22",
                  opacity=0.45, filter=svg.wide_blur(2.6)),
        svg.ellipse(487, 591, 15, 2.8, "#f0b3a4", -14, opacity=0.4, filter=svg.blur(2)),
        svg.ellipse(534, 591.4, 12, 2.6, "#e8a698", 14, opacity=0.26, filter=svg.blur(2)),
        svg.ellipse(498, 614.8, 24, 4.4, "#ffd9cc", -2, opacity=0.5, filter=svg.blur(3)),
        svg.ellipse(492, 613.6, 10, 1.9, "#fff3ec", -4, opacity=0.6, filter=svg.blur(1.3)),
        svg.ellipse(522, 615, 7, 1.5, "#fff0e8", 4, opacity=0.4, filter=svg.blur(1.2)),
        *_lip_strands(True, rng), *_lip_strands(False, rng),
    ]  # fmt: skip
    items.append(svg.group("", shade, clip_path=inside))
    taper = np.sin(np.pi * np.linspace(0.0, 1, 61)) ** 0.45
    items.append(svg.path(svg.tapered(line, 3.6 * taper + 0.5), "#3f1216", opacity=0.88, filter=svg.wide_blur(0.8)))
    items.append(svg.path(svg.tapered(line, 1.6 * taper + 0.3), "#260a0d", opacity=0.9, filter=svg.wide_blur(0.4)))
    for side in (-1, 1):
        cx = geo.MIDDLE + side * 73
        items.append(svg.ellipse(cx, 595.4, 5.5, 3.6, "#6f3024", side * 24, opacity=0.5, filter=svg.blur(2.2)))
    return svg.group("mouth", items)


def freckles(rng: np.random.Generator) -> str:
    """A few very faint ones over nose and cheeks, and the soft fold of a smile."""
    items = []
    for _ in range(90):
        side = rng.choice((-1, 1))
        x, y = geo.MIDDLE + side * abs(rng.normal(62, 42)), rng.normal(500, 20)
        r = rng.uniform(0.6, 1.5)
        items.append(svg.ellipse(x, y, r, r * 0.85, "#9a5a3c", opacity=svg.num(rng.uniform(0.05, 0.16), 2)))
    soft = svg.group("", items, filter=svg.blur(0.5))
    folds = []
    for side in (-1, 1):
        fold = geo.place(geo.spline([(53, 548), (67, 562), (80, 580), (89, 598)], 24), side)
        t = np.sin(np.pi * np.linspace(0, 1, 24)) ** 0.8
        folds.append(
            svg.path(
                svg.tapered(fold, 4.5 * t),
                "#9a5440",
                opacity=0.1 if side < 0 else 0.13,
                filter=svg.wide_blur(2.4),
            )
        )
        folds.append(
            svg.path(svg.tapered(fold + (side * 5, -3), 6 * t), "#ffe6d3", opacity=0.08, filter=svg.wide_blur(3))
        )
    return svg.group("freckles", [soft, *folds])
