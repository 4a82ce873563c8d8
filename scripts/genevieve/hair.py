"""Hair: sheets of locks between guide curves; each lock is a bundle of strands with its own run of light."""

# ruff: noqa: RUF005 - adding to an array moves it; nothing is concatenated
from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from . import geometry as geo
from . import svg
from .geometry import Array

DARK, BROWN, LIGHT, GLOSS = (svg.hexed(c) for c in ("#1d0f0b", "#4d2b1d", "#8f5b38", "#d6a372"))
SHADES = 44
Guide = list[tuple[float, float]]
Key = tuple[float, float, int, float]

LEFT: list[Guide] = [
    [(547, 211), (500, 207), (442, 222), (388, 255), (350, 308), (328, 372), (316, 446),
     (308, 520), (308, 590), (322, 660), (326, 736), (312, 806), (330, 880)],
    [(541, 148), (462, 138), (386, 164), (332, 228), (304, 326), (288, 430), (274, 530),
     (264, 620), (270, 706), (264, 800), (288, 896)],
    [(533, 70), (458, 76), (382, 104), (322, 160), (282, 240), (264, 350), (252, 456),
     (236, 570), (222, 670), (214, 774), (246, 880)],
]  # fmt: skip
RIGHT: list[Guide] = [
    [(549, 211), (592, 211), (640, 235), (676, 282), (697, 338), (708, 392), (724, 446),
     (738, 520), (736, 600), (718, 680), (706, 758), (722, 826), (700, 888)],
    [(543, 148), (610, 136), (674, 166), (716, 230), (738, 320), (750, 420), (760, 520),
     (766, 610), (756, 700), (758, 796), (734, 896)],
    [(530, 70), (606, 76), (676, 104), (730, 162), (754, 248), (768, 360), (776, 470),
     (790, 582), (802, 680), (812, 776), (784, 880)],
]  # fmt: skip


@dataclass
class Sheet:
    """Hair between three guides that run from the face outwards; its locks hang like ribbons."""

    guides: list[Guide]
    locks: int
    wave: float = 13
    phase: float = 0
    light: float = 0
    crown: bool = True
    bedded: bool = True
    samples: int = 48
    _tracks: list[Array] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._tracks = [geo.spline(g, self.samples) for g in self.guides]

    def at(self, s: float, shift: float = 0) -> Array:
        """The curve at s = 0 (face) .. 1 (outside), with the wave put in."""
        w = [(1 - s) * (1 - 2 * s), 4 * s * (1 - s), s * (2 * s - 1)]
        p = sum(k * g for k, g in zip(w, self._tracks, strict=True))
        t = np.linspace(0, 1, self.samples)
        d = np.gradient(p, axis=0)
        n = np.c_[-d[:, 1], d[:, 0]] / np.maximum(np.hypot(d[:, 0], d[:, 1]), 1e-6)[:, None]
        swell = self.wave * np.clip((t - 0.36) / 0.34, 0, 1) ** 1.2
        return np.asarray(p + n * (swell * np.sin(self.turn(t, s) + shift))[:, None])

    def turn(self, t: Array, s: float) -> Array:
        """Phase of the wave along the strand."""
        return 2 * np.pi * (3.0 * t + 0.35 * s) + self.phase


def colour(v: float) -> Array:
    """Hair colour of a tone 0..1."""
    stops = np.array([DARK, BROWN, LIGHT, GLOSS])
    return np.array([np.interp(v, [0.0, 0.36, 0.72, 1.0], stops[:, k]) for k in range(3)])


def _class(v: float) -> str:
    """The style class of a hair tone: shorter in thousands of stops than a colour."""
    return f"h{round(min(0.99, max(0.0, v)) * SHADES)}"


def styles() -> str:
    """The classes that the strands' gradients use."""
    return "".join(f".h{i}{{stop-color:{svg.rgb(colour(i / SHADES))}}}" for i in range(SHADES + 1))


@dataclass
class Lock:
    """One ribbon of a sheet."""

    sheet: Sheet
    s: float
    half: float
    end: float
    shift: float
    tone: float

    def line(self, o: float) -> Array:
        """The strand at o = -1 .. 1 across the lock; the strands draw together towards the tip."""
        mid = self.sheet.at(self.s, self.shift)
        side = self.sheet.at(float(np.clip(self.s + o * self.half, -0.03, 1.04)), self.shift)
        t = np.linspace(0, 1, self.sheet.samples) / self.end
        gather = 0.22 * np.clip((t - 0.25) / 0.4, 0, 1) + 0.40 * np.clip((t - 0.74) / 0.26, 0, 1) ** 1.5
        return side + (mid - side) * gather[:, None]

    def shade(self, t: Array, o: float) -> Array:
        """Tone along a strand: gloss on the crown, waves catching the light, ribbon roundness, dark roots."""
        f = self.sheet
        wob = 0.012 * np.sin(37 * self.s) + 0.01 * np.sin(90 * (self.s + o * self.half))
        band = 0.45 * np.exp(-(((t - 0.175 - wob) / 0.060) ** 2)) * f.crown + 0.10 * np.exp(
            -(((t - 0.44 + wob) / 0.09) ** 2)
        )
        low = np.clip((t - 0.40) / 0.25, 0, 1)
        swing = 0.20 * low * np.cos(f.turn(t, self.s) + self.shift + 0.5)
        roll = (0.06 + 0.12 * low) * (0.45 - (o + 0.30) ** 2)
        outer = -0.25 * abs(2 * self.s - 0.9) ** 3 - 0.10 * np.exp(-((self.s / 0.1) ** 2)) * low + 0.05 * (0.5 - self.s)
        root = -0.11 * np.exp(-((t / 0.045) ** 2)) * f.crown
        tone = 0.33 + f.light + self.tone + band + swing + roll + outer + root - 0.10 * low * (t > 0.9) * (t - 0.9) * 10
        return np.asarray(tone)


def strand(  # noqa: PLR0917 - one stroke's worth of numbers
    lock: Lock, o: float, span: tuple[float, float], width: float, lift: float, rng: np.random.Generator
) -> str:
    """One stroke whose gradient carries the light along it and fades at its free ends.

    Full-length strands of a lock share a few gradients; that halves the file.
    """
    key: Key | None = None
    if span[0] == 0.0 and span[1] > 0.85:
        lift = round(lift / 0.06) * 0.06
        key = (lock.s, lock.shift, round(o * 2), round(lift, 2))
    n = lock.sheet.samples
    p = lock.line(o)
    p[:, 0] += np.cumsum(rng.normal(0, 0.2, n))
    i0 = int(span[0] * (n - 1))
    i1 = max(int(span[1] * (n - 1)), i0 + 4)
    p = p[i0 : i1 + 1]
    if len(p) < 4:
        return ""
    tt = np.linspace(i0, i0 + len(p) - 1, len(p)) / (n - 1)
    tone = np.clip(lock.shade(tt, o) + lift, 0.02, 0.97)
    return _shaded(p, tone, width, span[0] > 0 or not lock.sheet.crown, key)


_shared: dict[Key, str] = {}


def _shaded(p: Array, tone: Array, width: float, loose: bool, key: Key | None = None) -> str:
    keep = np.unique(np.linspace(0, len(p) - 1, max(4, len(p) // 4)).astype(int))
    if key is not None and key in _shared:
        return svg.stroke(svg.curve(p[keep]), _shared[key], round(width, 1))
    stops = max(3, min(6, len(p) // 6))
    at = np.linspace(0, 1, stops + 1)
    run: list[svg.Stop] = [(q, _class(float(np.interp(q, np.linspace(0, 1, len(p)), tone)))) for q in at]
    if loose:
        run[0] = (run[0][0], run[0][1], 0)
    run = [*run[:-1], (0.92, run[-1][1]), (run[-1][0], run[-1][1], 0)]
    paint = svg.linear(run, (*p[0], *p[-1]))
    if key:
        _shared[key] = paint
    return svg.stroke(svg.curve(p[keep]), paint, round(width, 1))


def _fade(colour_: str, along: Array, alpha: float) -> str:
    return svg.linear([(0, colour_, alpha), (0.78, colour_, alpha), (1, colour_, 0)], (*along[0], *along[-1]))


def ribbons(sheet: Sheet, per_lock: int, rng: np.random.Generator) -> list[str]:
    """All locks, those at the back first; each with a dark bed, body strands and fine lights."""
    centres = (np.arange(sheet.locks) + 0.5 + rng.uniform(-0.25, 0.25, sheet.locks)) / sheet.locks
    order = rng.permutation(sheet.locks)
    out: list[str] = []
    for k in order:
        lock = Lock(sheet, float(centres[k]), float(rng.uniform(0.85, 1.3) / sheet.locks),
                    float(rng.uniform(0.93, 1.0)),
                    float(rng.normal(0, 0.4)), float(rng.normal(0, 0.045)))  # fmt: skip
        n = sheet.samples
        cut = int(lock.end * (n - 1) * 0.97)
        a, b = lock.line(-1)[:cut], lock.line(1)[:cut]
        bed = svg.poly(np.r_[a[6:], b[6:][::-1]], True, 0)
        if sheet.bedded:
            out.append(svg.path(bed, _fade("#180b07", a, 0.42), filter=svg.blur(2)))
            out.append(
                svg.path(svg.poly(np.r_[a[2:], b[2:][::-1]], True, 0), _fade("#2e1912", a, 0.9), filter=svg.blur(1))
            )
        for j in range(per_lock):
            layer = j / per_lock
            o = float(np.clip(rng.normal(0, 0.55), -1.05, 1.05))
            width = float(np.interp(layer, [0, 0.25, 0.6, 1], [4.6, 2.6, 1.4, 0.8]) * rng.uniform(0.7, 1.2))
            free = layer >= 0.5 and rng.random() > 0.4
            start = (
                float(rng.uniform(0, 0.5))
                if free
                else 0.0
                if sheet.crown or sheet.bedded
                else float(rng.uniform(0, 0.4))
            )
            reach = (
                lock.end * (1 - abs(rng.normal(0, 0.025)) - 0.06 * abs(o))
                if layer < 0.6
                else start + rng.uniform(0.3, 0.9)
            )
            lift = float(rng.normal(0, 0.05) + 0.12 * (layer - 0.5))
            out.append(strand(lock, o, (start, float(min(reach, lock.end))), width, lift, rng))
    return out


def _bed(sheet: Sheet) -> str:
    face, outside = sheet.at(0.02), sheet.at(1.0)
    cut = int(0.95 * sheet.samples)
    paint = svg.linear([(0, "#27140e"), (0.74, "#27140e"), (0.93, "#27140e", 0)], (500, 60, 500, 880))
    return svg.path(svg.poly(np.r_[face[:cut], outside[:cut][::-1]], True, 0), paint, filter=svg.blur(1.4))


def back(rng: np.random.Generator) -> str:
    """The mass behind neck and ears."""
    shape = [(512, 100), (606, 108), (684, 142), (728, 210), (750, 320), (760, 480), (766, 640), (760, 760),
             (718, 850),
             (640, 920), (512, 930), (384, 920), (306, 850), (266, 760), (260, 640), (266, 480), (280, 320),
             (304, 210),
             (346, 142), (418, 108)]  # fmt: skip
    fill = svg.linear([(0, "#2a1610"), (0.6, "#25130d"), (1, "#170b08")], (512, 60, 512, 900))
    items = [svg.path(svg.curve(shape, True), fill, filter=svg.blur(2))]
    m = geo.MIDDLE
    for side in (-1, 1):
        guides: list[Guide] = [
            [(m + side * a, 470.0), (m + side * b, 620.0), (m + side * c, 750.0), (m + side * d, 890.0)]
            for a, b, c, d in ((80, 104, 116, 140), (150, 170, 186, 196), (200, 236, 258, 250))
        ]
        items += ribbons(Sheet(guides, 6, 8, 1.0 + side, -0.19, False, True, 24), 18, rng)
    return svg.group("hair-back", items, stroke_linecap="round")


def _whiskers(sheets: tuple[Sheet, Sheet], rng: np.random.Generator) -> list[str]:
    out = []
    for f in sheets:
        for _ in range(40):  # flyaways
            s = float(rng.choice([rng.uniform(-0.02, 0.02), rng.uniform(0.99, 1.035), rng.uniform(0.1, 0.9)]))
            lock = Lock(f, s, 0.02, 1.0, float(rng.normal(0, 0.7)), 0.0)
            a = float(rng.uniform(0.0, 0.65))
            out.append(
                strand(
                    lock,
                    float(rng.normal(0, 1)),
                    (a, min(1, a + float(rng.uniform(0.2, 0.45)))),
                    float(rng.uniform(0.4, 0.8)),
                    float(rng.uniform(0.0, 0.2)),
                    rng,
                )
            )
        ladder = [f.at(q) for q in np.linspace(-0.03, 0.14, 12)]
        for _ in range(130):  # hair that grows out of the hairline
            i, reach = int(rng.uniform(0, 17)), int(rng.uniform(7, 14))
            s0, s1 = float(rng.uniform(0, 3.5)), float(rng.uniform(3, 11))
            rungs = np.linspace(s0, s1, reach) ** 1.0
            p = np.array(
                [
                    ladder[int(r)][i + j] * (1 - r % 1) + ladder[min(int(r) + 1, 11)][i + j] * (r % 1)
                    for j, r in enumerate(rungs)
                ]
            )
            p[:, 1] += np.cumsum(rng.normal(0, 0.25, reach))
            t = (i + np.arange(reach)) / (f.samples - 1)
            tone = np.clip(Lock(f, 0.05, 0.05, 1.0, 0.0, 0.0).shade(t, 0.0) + rng.normal(0.0, 0.06), 0.05, 0.9)
            out.append(_shaded(p, tone, float(rng.uniform(0.7, 1.6)), True))
        edge = f.at(0.0)
        for _ in range(220):  # and the finest of it, short, on the skin itself
            i = int(rng.uniform(1, 16))
            along = edge[i + 1] - edge[i]
            along = along / np.hypot(*along)
            away = edge[i] - (geo.MIDDLE, 350)
            away = away / np.hypot(*away)
            base = edge[i] + (edge[i + 1] - edge[i]) * rng.random() - away * rng.uniform(-4, 11)
            long = rng.uniform(14, 34)
            lean = rng.uniform(0.35, 0.9)
            pts = np.array(
                [
                    base,
                    base + (along * lean + away * 0.45) * long * 0.5,
                    base + along * lean * long * 1.1 + away * 0.55 * long,
                ]
            )
            d = svg.tapered(geo.spline(pts, 5), float(rng.uniform(0.5, 1.0)) * np.array([0.2, 0.8, 1, 0.8, 0.3]))
            out.append(svg.path(d, "#4f2e20", opacity=svg.num(rng.uniform(0.25, 0.65), 2)))
    return out


def front(rng: np.random.Generator) -> str:
    """The hair on both sides of the part, its shadow on the face, baby hairs and flyaways."""
    left, right = Sheet(LEFT, 14, 19, 0.4, 0.04), Sheet(RIGHT, 12, 18, 2.2, -0.02)
    fall = []
    for f, side in ((left, -1), (right, 1)):
        shape = np.r_[f.at(0.0)[:26] + (side * -9, 10), f.at(0.3)[:26][::-1]]
        fall.append(svg.path(svg.poly(shape), "#5b2a1a", opacity=0.5, filter=svg.blur(9)))
        rim = np.r_[f.at(0.0)[:24] + (side * -2, 2), f.at(0.2)[:24][::-1]]
        fall.append(svg.path(svg.poly(rim), "#43231a", opacity=0.6, filter=svg.blur(3.5)))
    cap = svg.curve(
        [(470, 72), (500, 67.5), (531, 65.5), (564, 67.5), (598, 72), (560, 104), (531, 112), (500, 104)],
        True,
    )
    body = [
        svg.path(cap, "#24120c", filter=svg.blur(0.8)),
        _bed(right),
        _bed(left),
        *ribbons(right, 42, rng),
        *ribbons(left, 43, rng),
    ]
    part = geo.spline([(548, 214), (545, 180), (540, 140), (536, 120), (534, 104)], 24)
    seam = svg.path(
        svg.tapered(part, np.linspace(1.9, 0.0, 24) ** 2), "#c08a6b", opacity=0.45, filter=svg.wide_blur(1.5)
    )
    dark = svg.path(svg.tapered(part, np.linspace(14, 5, 24)), "#1a0b07", opacity=0.4, filter=svg.wide_blur(3))
    brow_line = np.r_[left.at(0.0)[:19][::-1], right.at(0.0)[:19]]
    forehead = svg.path(svg.poly(brow_line), "#000", filter=svg.blur(4.5))
    soft = svg.mask(f'<rect width="1024" height="1104" fill="#fff"/>{forehead}')
    body = [svg.group("", [*body], mask=soft)]
    return svg.group("hair-shadow", fall) + svg.group(
        "hair-front",
        [*body, dark, seam, svg.group("", _whiskers((left, right), rng), opacity=0.8)],
        stroke_linecap="round",
    )


def tuck(rng: np.random.Generator) -> str:
    """A few locks that pass over the top of the image-right ear."""
    guides: list[Guide] = [
        [(682, 290), (700, 360), (712, 410), (726, 444), (742, 488)],
        [(690, 284), (712, 360), (722, 410), (738, 446), (752, 496)],
        [(700, 280), (722, 360), (734, 410), (750, 450), (762, 500)],
    ]
    return svg.group(
        "hair-tuck", ribbons(Sheet(guides, 3, 0, 0, 0.02, False, False, 24), 46, rng), stroke_linecap="round"
    )
