"""Draw Genevieve: writes the SVG, its 1024 px PNG and the animation curves.

python scripts/draw_genevieve.py [--out DIR] [--chromium PATH]
"""

from __future__ import annotations

import argparse
import json
import subprocess
import tempfile
from pathlib import Path

import numpy as np
from genevieve import body, features, geometry, hair, skin, svg
from PIL import Image

HOME = Path(__file__).resolve().parents[1] / "src/visavis/personas/data/portraits"
QUIET = (
    "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync --hide-scrollbars --force-device-scale-factor=1"
).split()


def texture() -> str:
    """A very light grain, so that the skin does not look sprayed."""
    svg.defs.append(
        '<filter id="grain" filterUnits="userSpaceOnUse" x="0" y="0" width="1024" height="1024" '
        'color-interpolation-filters="sRGB"><feTurbulence type="fractalNoise" baseFrequency=".55" numOctaves="3" seed="7"/>'
        '<feColorMatrix values="0 0 0 0 .5  0 0 0 0 .5  0 0 0 0 .5  1.2 0 0 0 -.45"/></filter>'
    )
    return '<rect width="1024" height="1024" filter="url(#grain)" opacity=".10" style="mix-blend-mode:overlay"/>'


def drawing() -> str:
    """The whole picture as SVG text."""
    rng = np.random.default_rng(35)
    parts = [
        body.background(),
        hair.back(rng),
        body.neck(),
        body.clothes(rng),
        body.ear(-1),
        skin.face(),
        features.nose(),
        features.mouth(rng),
        svg.group("eyes", [features.eye(side, rng) for side in (-1, 1)]),
        svg.group("brows", [features.brow(side, rng) for side in (-1, 1)]),
        hair.front(rng),
        body.ear(1),
        svg.group("texture", [texture()]),
    ]
    head = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {geometry.SIZE} {geometry.SIZE}">'
    title = "<title>Genevieve</title><desc>Original portrait for visavis; licence in LICENSE.md beside it.</desc>"
    return f"{head}{title}<defs>{''.join(svg.defs)}</defs>{''.join(parts)}</svg>\n"


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
