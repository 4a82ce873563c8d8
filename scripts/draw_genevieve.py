"""Draw Genevieve: writes her SVG, its 1024 px PNG and the animation curves.

python scripts/draw_genevieve.py [--out DIR] [--chromium PATH]
"""

import runpy

runpy.run_module("genevieve", run_name="__main__")
