"""Hair: families of strands between guide curves, gathered in locks, each strand with its own run of light."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from . import geometry as geo
from . import svg

DARK, BROWN, LIGHT, GLOSS = (svg.hexed(c) for c in ("#20100c", "#4b2a1c", "#8a5735", "#cf9a66"))

LEFT_FRONT = [
    (548, 213),
    (500, 214),
    (440, 229),
    (384, 262),
    (346, 314),
    (324, 380),
    (312, 450),
    (304, 520),
    (308, 590),
    (322, 660),
    (316, 740),
    (296, 812),
    (318, 868),
]
LEFT_MID = [
    (542, 140),
    (462, 128),
    (384, 160),
    (328, 232),
    (298, 330),
    (282, 430),
    (268, 530),
    (262, 620),
    (268, 710),
    (258, 790),
    (272, 876),
]
LEFT_OUTER = [
    (530, 68),
    (450, 58),
    (366, 82),
    (302, 148),
    (266, 250),
    (250, 360),
    (240, 470),
    (226, 590),
    (220, 690),
    (206, 780),
    (238, 872),
]
RIGHT_FRONT = [
    (548, 213),
    (592, 216),
    (640, 240),
    (676, 284),
    (698, 340),
    (710, 396),
    (724, 446),
    (738, 520),
    (734, 600),
    (716, 680),
    (714, 760),
    (734, 826),
    (716, 876),
]
RIGHT_MID = [
    (542, 140),
    (610, 124),
    (676, 158),
    (720, 230),
    (742, 320),
    (752, 420),
    (764, 520),
    (770, 610),
    (760, 700),
    (766, 790),
    (756, 876),
]
RIGHT_OUTER = [
    (530, 68),
    (606, 54),
    (688, 86),
    (742, 150),
    (768, 250),
    (778, 360),
    (786, 470),
    (800, 590),
    (802, 690),
    (816, 780),
    (790, 870),
]


@dataclass
class Family:
    """A sheet of hair between guides that run from front to outside."""

    guides: list[list[tuple[float, float]]]
    locks: int
    wave: float = 9
    phase: float = 0
    light: float = 0
    samples: int = 44
    _tracks: list[np.ndarray] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._tracks = [geo.spline(g, self.samples) for g in self.guides]

    def at(self, s: float) -> np.ndarray:
        """The curve at s = 0 (front) .. 1 (outside), with the wave put in."""
        n = len(self._tracks) - 1
        # quadratic through three guides, linear through two
        if n == 2:
            w = [(1 - s) * (1 - 2 * s), 4 * s * (1 - s), s * (2 * s - 1)]
        else:
            w = [1 - s, s]
        p = sum(k * g for k, g in zip(w, self._tracks, strict=True))
        t = np.linspace(0, 1, self.samples)
        d = np.gradient(p, axis=0)
        nrm = np.c_[-d[:, 1], d[:, 0]] / np.maximum(np.hypot(d[:, 0], d[:, 1]), 1e-6)[:, None]
        return p + nrm * (self.swell(t) * np.sin(self.turn(t, s)))[:, None]

    def swell(self, t: np.ndarray) -> np.ndarray:
        """Height of the wave along the strand."""
        return self.wave * np.clip((t - 0.42) / 0.4, 0, 1) ** 1.2

    def turn(self, t: np.ndarray, s: float) -> np.ndarray:
        """Phase of the wave along the strand."""
        return 2 * np.pi * (3.1 * t + 0.55 * s) + self.phase


def colour(v: float) -> np.ndarray:
    """Hair colour of a tone 0..1."""
    stops = np.array([DARK, BROWN, LIGHT, GLOSS])
    return np.array([np.interp(v, [0.0, 0.38, 0.72, 1.0], stops[:, k]) for k in range(3)])


def _strand(
    f: Family, s: float, centre: float, span: tuple[float, float], width: float, lift: float, rng: np.random.Generator
) -> str:
    t = np.linspace(0, 1, f.samples)
    pull = 0.55 * np.clip((t - 0.15) / 0.6, 0, 1)
    a, b = f.at(s), f.at(centre)
    p = a + (b - a) * (pull * min(1, abs(s - centre) * 60))[:, None]
    drift = np.cumsum(rng.normal(0, 0.22, f.samples))
    p[:, 0] += drift - drift[0]
    i0, i1 = int(span[0] * (f.samples - 1)), int(span[1] * (f.samples - 1))
    p = p[i0 : i1 + 1 : 2] if i1 - i0 > 8 else p[i0 : i1 + 1]
    if len(p) < 3:
        return ""
    tt = np.linspace(span[0], span[1], len(p))
    band = 0.34 * np.exp(-(((tt - 0.17 - 0.02 * np.sin(40 * s)) / 0.07) ** 2)) + 0.14 * np.exp(
        -(((tt - 0.5) / 0.12) ** 2)
    )
    swing = 0.16 * np.clip((tt - 0.4) / 0.3, 0, 1) * np.cos(f.turn(tt, s) + 0.7)
    edge = -0.20 * abs(2 * s - 0.95) ** 3
    root = -0.16 * np.exp(-((tt / 0.05) ** 2))
    tone = np.clip(0.34 + f.light + lift + band + swing + edge + root, 0.02, 0.97)
    run = [(j / 5, svg.rgb(colour(float(np.interp(j / 5, np.linspace(0, 1, len(p)), tone))))) for j in range(6)]
    g = svg.linear(run, (*p[0], *p[-1]))
    return svg.stroke(svg.curve(p[:: 2 if len(p) > 12 else 1]), g, width)


def strands(f: Family, count: int, rng: np.random.Generator) -> list[str]:
    """All strands of a family, coarse and dark below, fine and light above."""
    centres = (np.arange(f.locks) + 0.5 + rng.uniform(-0.3, 0.3, f.locks)) / f.locks
    shade = rng.normal(0, 0.055, f.locks)
    out = []
    for k in range(count):
        layer = k / count
        s = float(np.clip(rng.uniform(-0.02, 1.02), 0, 1))
        near = int(np.argmin(abs(centres - s)))
        off = abs(centres[near] - s) * f.locks
        lift = shade[near] - 0.13 * off + rng.normal(0, 0.05) + 0.10 * (layer - 0.5)
        width = np.interp(layer, [0, 0.3, 0.6, 1], [6.5, 3.2, 1.7, 0.9]) * rng.uniform(0.7, 1.2)
        start = 0.0 if layer < 0.5 else rng.choice([0.0, rng.uniform(0, 0.5)])
        end = 1.0 - abs(rng.normal(0, 0.03)) if layer < 0.5 else min(1.0, start + rng.uniform(0.35, 1))
        out.append(_strand(f, s, float(centres[near]), (start, end), width, lift, rng))
    return out


def back(rng: np.random.Generator) -> str:
    """The mass behind neck and shoulders."""
    shape = [(512, 58), (610, 66), (700, 104), (756, 190), (778, 320), (790, 480), (802, 640), (808, 780), (780, 866),
             (700, 880), (640, 850), (512, 830), (384, 850), (320, 880), (250, 868), (216, 780), (222, 640), (240, 480),
             (252, 320), (272, 190), (330, 104), (414, 66)]  # fmt: skip
    fill = svg.linear([(0, "#2a1610"), (0.5, "#2e1912"), (0.8, "#1d0f0b"), (1, "#2b1811")], (512, 60, 512, 870))
    items = [svg.path(svg.curve(shape, True), fill, filter=svg.blur(1.5))]
    for side in (-1, 1):
        f = Family(
            [[(geo.MIDDLE + side * 60, 480), (geo.MIDDLE + side * 110, 640), (geo.MIDDLE + side * 130, 760), (geo.MIDDLE + side * 150, 850)],
             [(geo.MIDDLE + side * 200, 420), (geo.MIDDLE + side * 250, 620), (geo.MIDDLE + side * 262, 760), (geo.MIDDLE + side * 268, 872)]],
            9, 7, 1.0 + side, -0.16,
        )  # fmt: skip
        items += strands(f, 150, rng)
    return svg.group("hair-back", items, stroke_linecap="round")


def front(rng: np.random.Generator) -> str:
    """The hair on both sides of the part, baby hairs and flyaways."""
    left = Family([LEFT_FRONT, LEFT_MID, LEFT_OUTER], 15, 10, 0.4, 0.03)
    right = Family([RIGHT_FRONT, RIGHT_MID, RIGHT_OUTER], 13, 9, 2.2, -0.05)
    items: list[str] = []
    for f in (right, left):
        base = svg.poly(np.r_[f.at(0.0), f.at(1.0)[::-1]], True, 0)
        items.append(svg.path(base, "#2a1610", filter=svg.blur(1.2)))
    fall = [
        svg.path(
            svg.poly(np.r_[f.at(0.0)[:24] + (side * -7, 8), f.at(0.3)[:24][::-1]]),
            "#5b2415",
            opacity=0.5,
            filter=svg.blur(8),
        )
        for f, side in ((left, -1), (right, 1))
    ]
    body = strands(right, 620, rng) + strands(left, 760, rng)
    fly = []
    for f in (left, right):
        for _ in range(46):
            s = rng.choice([rng.uniform(-0.035, 0.02), rng.uniform(0.985, 1.045), rng.uniform(0.1, 0.9)])
            a = rng.uniform(0.0, 0.6)
            fly.append(
                _strand(
                    f,
                    float(s),
                    float(s) + rng.normal(0, 0.02),
                    (a, min(1, a + rng.uniform(0.25, 0.5))),
                    rng.uniform(0.5, 0.9),
                    rng.uniform(0.0, 0.22),
                    rng,
                )
            )
    for _ in range(90):  # baby hairs along the hairline
        f = left if rng.random() < 0.55 else right
        edge = f.at(0.0)
        i = int(rng.uniform(1, 17))
        p0 = edge[i] + rng.normal(0, 1.5, 2)
        way = edge[i + 2] - edge[i]
        way = way / np.hypot(*way) * rng.uniform(10, 24)
        down = np.array([0, rng.uniform(1, 6)])
        pts = np.array([p0, p0 + way * 0.5 + down * 0.6, p0 + way + down * 0.4])
        fly.append(
            svg.stroke(svg.curve(pts), "#4b2a1c", rng.uniform(0.4, 0.8), opacity=svg.num(rng.uniform(0.25, 0.55), 2))
        )
    return svg.group("hair-shadow", fall) + svg.group(
        "hair-front", [*items, *body, svg.group("", fly, opacity=0.75)], stroke_linecap="round"
    )
