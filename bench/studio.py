"""The studio: a script of half a minute to a signed video at 512 px and 25 pictures a second, whole and by stage."""

from __future__ import annotations

import asyncio
import tempfile
import time
from pathlib import Path
from typing import Any

from visavis.cli import engines_of
from visavis.settings import Settings, StudioSettings
from visavis.studio.job import RenderOptions
from visavis.studio.rendering import Wish, render_to
from visavis.studio.video import probe
from visavis.weights.store import WeightStore

SCRIPT = (
    "Welcome to the studio. Here a portrait and a few sentences become a video, on a machine that you own. "
    "First the words are spoken, and every sound is placed in time. Then the feeling of the text is read, "
    "and a small language model decides how the face should move. After that each picture is drawn, "
    "the lips meet on every p, b and m, and the eyes blink when the voice pauses. "
    "At the end the film is signed, so that everybody can see how it was made. Have fun with it!"
)
"""About thirty seconds of Genevieve's English voice."""


def run(store: WeightStore, out: Path) -> dict[str, Any]:
    """Makes the video from nothing but the models: engines are loaded, the drawing processes started."""
    with tempfile.TemporaryDirectory(prefix="visavis-bench-") as folder:
        settings = Settings(studio=StudioSettings(folder=Path(folder)))
        wish = Wish("genevieve", SCRIPT, None, "en", "", RenderOptions(), out / "studio.mp4")
        begin = time.perf_counter()
        state = asyncio.run(render_to(wish, settings, engines_of, lambda progress: None))
        total = time.perf_counter() - begin
    facts = probe(wish.out)
    stages = state["performance"]
    result = {
        "video_s": round(facts.duration, 2),
        "total_s": round(total, 2),
        "realtime_factor": round(total / facts.duration, 3),
        "stages_s": stages,
        "loading_s": round(total - sum(stages.values()), 2),
        "drawing_fps_one_process": state["rendering"]["fps"],
        "control_source": state["control_source"],
        "quality": state["quality"]["overall"],
        "closure_hits": state["quality"]["closure_hits"],
    }
    print(f"  {facts.duration:.1f} s of video in {total:.1f} s: {result['realtime_factor']} times its length")
    for stage, seconds in {**stages, "loading, delivering": result["loading_s"]}.items():
        print(f"    {stage:22} {seconds:6.2f} s")
    print(f"    drawn and encoded at {result['drawing_fps_one_process']} pictures/s by each process")
    return result
