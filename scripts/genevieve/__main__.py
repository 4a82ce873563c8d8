"""Puts the layers together, writes the SVG and the curves, and has Chromium rasterise them."""

from __future__ import annotations

import argparse
import itertools
import json
import subprocess
import tempfile
from pathlib import Path

import numpy as np
from PIL import Image

from . import body, clothes, features, geometry, hair, skin, svg

HOME = Path(__file__).resolve().parents[2] / "src/visavis/personas/data/portraits"
LIFT = 16
"""The body stands this much higher than it is drawn: a shorter neck."""
QUIET = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--hide-scrollbars",
    "--force-device-scale-factor=1",
]


def texture() -> str:
    """Pores and a faint mottling, over the skin only, so that it does not look sprayed."""
    for name, grain, seed in (("pores", ".42", 7), ("mottle", ".035", 11)):
        svg.defs.append(
            f'<filter id="{name}" filterUnits="userSpaceOnUse" x="0" y="0" width="1024" height="1024" '
            f'color-interpolation-filters="sRGB"><feTurbulence type="fractalNoise" baseFrequency="{grain}" '
            f'numOctaves="3" seed="{seed}"/>'
            '<feColorMatrix values="1.6 0 0 0 -.3  1.2 .4 0 0 -.3  1.2 0 .4 0 -.3  0 0 0 0 1"/></filter>'
        )
    where = svg.mask(svg.path(svg.poly(geometry.face_oval()), "#fff", filter=svg.blur(6)))
    rects = (("pores", 0.075), ("mottle", 0.07))
    return "".join(
        svg.group(
            "",
            [f'<rect width="1024" height="1024" filter="url(#{n})" opacity="{a}"/>'],
            mask=where,
            style="mix-blend-mode:soft-light",
        )
        for n, a in rects
    )


def drawing() -> str:
    """The whole picture as SVG text."""
    rngs = (np.random.default_rng((35, k)) for k in itertools.count())
    figure = [
        hair.back(next(rngs)),
        svg.group("body", [body.neck(), clothes.clothes(next(rngs))], transform=f"translate(0 {-LIFT})"),
        body.ear(-1),
        skin.face(),
        svg.group("texture", [texture()]),
        features.freckles(next(rngs)),
        features.nose(),
        features.mouth(next(rngs)),
        svg.group("eyes", [features.eye(side, next(rngs)) for side in (-1, 1)]),
        svg.group("brows", [features.brow(side, next(rngs)) for side in (-1, 1)]),
        hair.front(next(rngs)),
        body.ear(1),
        hair.tuck(next(rngs)),
    ]
    parts = [
        body.background(),
        svg.group("figure", figure, transform=f"translate(0 {svg.num(-geometry.RISE)})"),
    ]
    head = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {geometry.SIZE} {geometry.SIZE}">'
    title = "<title>Genevieve</title><desc>Original portrait for visavis; licence in LICENSE.md beside it.</desc>"
    return f"{head}{title}<style>{hair.styles()}</style><defs>{''.join(svg.defs)}</defs>{''.join(parts)}</svg>\n"


def rasterise(source: Path, target: Path, chromium: str) -> None:
    """Render at 2048 and halve."""
    with tempfile.TemporaryDirectory() as tmp:
        page, shot = Path(tmp) / "page.html", Path(tmp) / "shot.png"
        style = "<style>body{margin:0}svg{width:2048px;height:2048px;display:block}</style>"
        page.write_text(style + source.read_text())
        command = [
            chromium,
            *QUIET,
            f"--user-data-dir={tmp}/profile",
            f"--screenshot={shot}",
            "--window-size=2048,2048",
            str(page),
        ]
        subprocess.run(command, check=True, capture_output=True, timeout=300)
        picture = Image.open(shot).convert("RGB").resize((geometry.SIZE, geometry.SIZE), Image.Resampling.LANCZOS)
    picture.save(target, optimize=True)
    picture.save(target.with_suffix(".webp"), quality=93, method=6)


def main() -> None:
    """Write all files."""
    args = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    args.add_argument("--out", type=Path, default=HOME)
    args.add_argument("--chromium", default="/usr/bin/chromium")
    given = args.parse_args()
    given.out.mkdir(parents=True, exist_ok=True)
    source = given.out / "genevieve.svg"
    source.write_text(drawing())
    (given.out / "genevieve.curves.json").write_text(json.dumps(geometry.curves(), indent=1) + "\n")
    rasterise(source, given.out / "genevieve.png", given.chromium)
    for f in sorted(given.out.glob("genevieve.*")):
        print(f"{f.name}: {f.stat().st_size / 1e3:.0f} kB")


if __name__ == "__main__":
    main()
