"""Small helpers that write SVG: numbers, paths, gradients, filters."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Sequence

import numpy as np

from .geometry import Array

Colour = Sequence[float] | Array
Stop = tuple[float, str] | tuple[float, str, float]
Stops = Iterable[Stop]
_ids = itertools.count()
defs: list[str] = ['<linearGradient id="u" gradientUnits="userSpaceOnUse"/>']


def num(v: float, digits: int = 1) -> str:
    """A number as short as it can be written."""
    s = f"{v:.{digits}f}"
    if "." in s:
        s = s.rstrip("0").rstrip(".")
    return "0" if s == "-0" else s


def rgb(c: Colour) -> str:
    """A colour given as 0..255 floats, in hex."""
    r, g, b = (round(min(255.0, max(0.0, float(v)))) for v in c)
    return f"#{r:02x}{g:02x}{b:02x}"


def hexed(s: str) -> Array:
    """'#rrggbb' as floats."""
    return np.array([int(s[i : i + 2], 16) for i in (1, 3, 5)], float)


def mix(a: str, b: str, t: float) -> str:
    """A colour between two."""
    return rgb(hexed(a) * (1 - t) + hexed(b) * t)


def poly(points: Array, close: bool = True, digits: int = 1) -> str:
    """A polygon or polyline, in relative steps (shorter)."""
    scale = 10**digits
    p = np.round(np.asarray(points) * scale).astype(int)
    out = [f"M{num(p[0, 0] / scale, digits)} {num(p[0, 1] / scale, digits)}l"]
    for dx, dy in np.diff(p, axis=0):
        y = num(dy / scale, digits)
        out.append(f"{num(dx / scale, digits)}{'' if y.startswith('-') else ' '}{y} ")
    return "".join(out).strip() + ("z" if close else "")


def curve(points: Sequence[tuple[float, float]] | Array, close: bool = False) -> str:
    """A Catmull-Rom curve through the points, as Bezier segments in relative steps (shorter)."""
    p = np.round(np.asarray(points, float) * 10) / 10
    n = len(p)
    out = [f"M{num(p[0][0])} {num(p[0][1])}c"]
    for i in range(n if close else n - 1):
        a, b, c, d = (p[(i + k) % n] if close else p[min(max(i + k, 0), n - 1)] for k in (-1, 0, 1, 2))
        steps = (*((c - a) / 6), *(c - (d - b) / 6 - b), *(c - b))
        out.append(" ".join(num(v) for v in steps).replace(" -", "-") + " ")
    return "".join(out).strip() + ("z" if close else "")


def path(d: str, fill: str = "none", **attrs: object) -> str:
    """A path element; underscores in attribute names become dashes."""
    more = "".join(f' {k.replace("_", "-")}="{v}"' for k, v in attrs.items() if v is not None)
    return f'<path d="{d}" fill="{fill}"{more}/>'


def stroke(d: str, colour: str, width: float, **attrs: object) -> str:
    """A stroked path."""
    return path(d, "none", stroke=colour, stroke_width=num(width, 2), **attrs)


def ellipse(  # noqa: PLR0917 - SVG's own order
    cx: float, cy: float, rx: float, ry: float, fill: str, turn: float = 0, **attrs: object
) -> str:
    """An ellipse, turned by some degrees about its centre."""
    more = "".join(f' {k.replace("_", "-")}="{v}"' for k, v in attrs.items())
    if turn:
        more += f' transform="rotate({num(turn)} {num(cx)} {num(cy)})"'
    return f'<ellipse cx="{num(cx)}" cy="{num(cy)}" rx="{num(rx)}" ry="{num(ry)}" fill="{fill}"{more}/>'


def _stops(stops: Stops) -> str:
    out = []
    for s in stops:
        alpha = f' stop-opacity="{num(s[2], 2)}"' if len(s) == 3 else ""
        colour = f'stop-color="{s[1]}"' if s[1].startswith("#") else f'class="{s[1]}"'
        offset = num(s[0], 2).removeprefix("0") or "0"
        out.append(f'<stop offset="{offset}" {colour}{alpha}/>')
    return "".join(out)


def linear(stops: Stops, line: tuple[float, float, float, float] | None = None) -> str:
    """Define a linear gradient (vertical over the shape's box unless a line is given); gives its url."""
    i = f"g{next(_ids)}"
    where = 'x2="0" y2="1"'
    if line:
        a, b, c, d = (num(v, 0) for v in line)
        where = f'href="#u" x1="{a}" y1="{b}" x2="{c}" y2="{d}"'
    defs.append(f'<linearGradient id="{i}" {where}>{_stops(stops)}</linearGradient>')
    return f"url(#{i})"


def radial(  # noqa: PLR0917 - SVG's own order
    cx: float, cy: float, r: float, stops: Stops, squeeze: float = 1, turn: float = 0
) -> str:
    """Define a radial gradient in picture coordinates (squeeze = height over width); gives its url."""
    i = f"g{next(_ids)}"
    t = f"translate({num(cx)} {num(cy)}) rotate({num(turn)}) scale(1 {num(squeeze, 3)})"
    defs.append(
        f'<radialGradient id="{i}" gradientUnits="userSpaceOnUse" cx="0" cy="0" r="{num(r)}" '
        f'gradientTransform="{t}">{_stops(stops)}</radialGradient>'
    )
    return f"url(#{i})"


def blur(amount: float) -> str:
    """Define (once) a blur of so many pixels; gives its url."""
    i = f"b{str(amount).replace('.', '_')}"
    text = (
        f'<filter id="{i}" x="-60%" y="-60%" width="220%" height="220%" color-interpolation-filters="sRGB">'
        f'<feGaussianBlur stdDeviation="{num(amount, 2)}"/></filter>'
    )
    if text not in defs:
        defs.append(text)
    return f"url(#{i})"


def wide_blur(amount: float) -> str:
    """Like blur, but over the whole picture: for strokes whose own box is flat."""
    i = f"w{str(amount).replace('.', '_')}"
    text = (
        f'<filter id="{i}" filterUnits="userSpaceOnUse" x="0" y="0" width="1024" height="1104" '
        f'color-interpolation-filters="sRGB"><feGaussianBlur stdDeviation="{num(amount, 2)}"/></filter>'
    )
    if text not in defs:
        defs.append(text)
    return f"url(#{i})"


def clip(d: str) -> str:
    """Define a clip path; gives its url."""
    i = f"c{next(_ids)}"
    defs.append(f'<clipPath id="{i}"><path d="{d}"/></clipPath>')
    return f"url(#{i})"


def mask(content: str) -> str:
    """Define a luminance mask; gives its url."""
    i = f"m{next(_ids)}"
    defs.append(f'<mask id="{i}" maskUnits="userSpaceOnUse" x="0" y="0" width="1024" height="1104">{content}</mask>')
    return f"url(#{i})"


def group(name: str, items: Iterable[str], **attrs: object) -> str:
    """A named group (an empty name leaves the id out)."""
    more = "".join(f' {k.replace("_", "-")}="{v}"' for k, v in attrs.items())
    ident = f' id="{name}"' if name else ""
    return f"<g{ident}{more}>{''.join(items)}</g>"


def tapered(points: Array, widths: Array) -> str:
    """A closed shape around a curve whose width changes along it."""
    p = np.asarray(points, float)
    t = np.gradient(p, axis=0)
    n = np.c_[-t[:, 1], t[:, 0]] / np.maximum(np.hypot(t[:, 0], t[:, 1]), 1e-6)[:, None]
    w = np.asarray(widths, float)[:, None] / 2
    return poly(np.r_[p + n * w, (p - n * w)[::-1]], True, 1)
