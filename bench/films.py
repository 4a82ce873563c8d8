"""Lip-sync of whole videos: the sentences of `data/lipsync.toml` as scripts of eight, measured on the finished files.

What `bench lipsync` measures on drawn frames is measured here after drawing at 25 pictures a second, smoothing and the
codec: the studio's own quality report decodes each file and watches the lips.
"""

from __future__ import annotations

import asyncio
import tempfile
import tomllib
from pathlib import Path
from typing import Any, Final

from bench.lipsync import LEAST_HITS, SENTENCES, WIDEST_LAG
from bench.stats import summary
from visavis.cli import engines_of
from visavis.core.language import LANGUAGES, Language
from visavis.settings import Settings, StudioSettings
from visavis.studio.checkpoints import open_checkpoints
from visavis.studio.job import JobRequest, RenderOptions
from visavis.studio.pipeline import Pipeline
from visavis.studio.rendering import Wish, tools_for
from visavis.weights.store import WeightStore

A_SCRIPT: Final = 8
"""Sentences: about half a minute, which the report watches from end to end."""


def run(store: WeightStore, out: Path) -> dict[str, Any]:
    """Renders Genevieve in each language; closure hits, lag, correlation and lips in silence of the files."""
    texts = tomllib.loads(SENTENCES.read_text("utf-8"))
    report: dict[str, Any] = {}
    print("        files  sentences  closures   hits   lag p50        r p50   shut in silence")
    for language in LANGUAGES:
        lines = texts[language]
        scripts = [" ".join(lines[first : first + A_SCRIPT]) for first in range(0, len(lines), A_SCRIPT)]
        found = asyncio.run(_films(language, scripts))
        closures = sum(one["closures"] for one in found)
        hits = sum(one["closures"] * one["closure_hits"] for one in found) / closures
        lags = summary([1000 * one["lag"] for one in found])
        likeness = summary([one["lip_sync"] for one in found])
        shut = summary([one["shut_in_silence"] for one in found])
        passed = hits >= LEAST_HITS and max(abs(one["lag"]) for one in found) <= WIDEST_LAG
        report[language] = {
            "files": len(found),
            "sentences": len(lines),
            "closures": closures,
            "closure_hits": round(hits, 4),
            "lag_ms": lags,
            "r": likeness,
            "shut_in_silence": shut,
            "reports": found,
            "passed": bool(passed),
        }
        print(
            f"  {language}   {len(found):5d} {len(lines):10d} {closures:9d}  {hits:6.1%} {lags['p50']:6.0f} ms"
            f" {likeness['p50']:12.2f} {shut['p50']:12.1%}    {'passed' if passed else 'FAILED'}"
        )
    return report


async def _films(language: Language, scripts: list[str]) -> list[dict[str, Any]]:
    """The quality reports of one video a script."""
    with tempfile.TemporaryDirectory(prefix="visavis-bench-") as folder:
        settings = Settings(studio=StudioSettings(folder=Path(folder)))
        wish = Wish("genevieve", scripts[0], None, language, "", RenderOptions(), Path(folder) / "film.mp4", llm=False)
        async with (
            tools_for(wish, settings, engines_of, Path(folder) / "job") as tools,
            open_checkpoints("memory:") as checkpoints,
        ):
            pipeline = Pipeline(tools, checkpoints)
            found = []
            for number, script in enumerate(scripts):
                request = JobRequest(portrait="avatar:genevieve", script=script, language=language)
                state = await pipeline.ainvoke(request, f"film{number}")
                found.append(dict(state["quality"]))
            return found
