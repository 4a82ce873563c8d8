"""The studio: a script of half a minute to a signed video at 512 px and 25 pictures a second, whole and by stage."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any, Final

from visavis.cli import engines_of
from visavis.settings import Settings, StudioSettings
from visavis.studio.checkpoints import open_checkpoints
from visavis.studio.job import JobRequest, RenderOptions
from visavis.studio.pipeline import Pipeline
from visavis.studio.rendering import Wish, tools_for
from visavis.studio.state import AvatarState
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


_WARM_UP: Final = "Good morning, my friend."


def run(store: WeightStore, out: Path) -> dict[str, Any]:
    """In a running studio, as a server has it: engines and processes are there when the script comes in. And once from
    nothing: `visavis render` with all its loading."""
    wish = Wish("genevieve", SCRIPT, None, "en", "", RenderOptions(), out / "studio.mp4")
    with tempfile.TemporaryDirectory(prefix="visavis-bench-") as folder:
        settings = Settings(studio=StudioSettings(folder=Path(folder)))
        state, seconds = asyncio.run(_running(wish, settings, Path(folder) / "running"))
        begin = time.perf_counter()
        environment = {**os.environ, "VISAVIS_STUDIO": folder}
        command = [sys.executable, "-m", "visavis", "render", "--script", SCRIPT, "--out", str(wish.out)]
        subprocess.run(command, env=environment, check=True, capture_output=True)
        cold = time.perf_counter() - begin
    facts = probe(wish.out)
    stages = state["performance"]
    result = {
        "video_s": round(facts.duration, 2),
        "running_studio_s": round(seconds, 2),
        "command_s": round(cold, 2),
        "realtime_factor": round(seconds / facts.duration, 3),
        "stages_s": stages,
        "drawing_fps_one_process": state["rendering"]["fps"],
        "control_source": state["control_source"],
        "quality": state["quality"]["overall"],
        "closure_hits": state["quality"]["closure_hits"],
    }
    print(f"  {facts.duration:.1f} s of video, script to signed file in a running studio: {seconds:.1f} s")
    for stage, took in stages.items():
        print(f"    {stage:22} {took:6.2f} s")
    print(f"    drawn, smoothed and encoded at {result['drawing_fps_one_process']} pictures/s by each process")
    print(f"  the same by `visavis render`, everything loaded first: {cold:.1f} s")
    return result


async def _running(wish: Wish, settings: Settings, folder: Path) -> tuple[AvatarState, float]:
    """The final state and the seconds that the script took, after a short one that loads everything."""
    async with tools_for(wish, settings, engines_of, folder) as tools, open_checkpoints("memory:") as checkpoints:
        pipeline = Pipeline(tools, checkpoints)
        await pipeline.ainvoke(JobRequest(portrait="avatar:genevieve", script=_WARM_UP, language="en"), "warm")
        begin = time.perf_counter()
        state = await pipeline.ainvoke(JobRequest(portrait="avatar:genevieve", script=SCRIPT, language="en"), "timed")
        return state, time.perf_counter() - begin
