"""Fourth node: the performance as motion, drawn piece by piece and joined with the voice."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from typing import Any, Final

from langgraph.runtime import Runtime

from visavis.face.performance import perform
from visavis.studio.assembly import burned_in, join_all, lines_of, make_all
from visavis.studio.job import RenderOptions
from visavis.studio.motion_file import write_motion
from visavis.studio.run import Run, request_of, say
from visavis.studio.segments import DrawnSegment, pieces
from visavis.studio.speech import Utterance, chunks
from visavis.studio.state import AvatarState

_DRAWN: Final = 0.95
"""Share of this stage that the drawing takes."""


async def video_generation(state: AvatarState, runtime: Runtime[Run]) -> AvatarState:
    """Fills in motion, segments, final_video and rendering; a piece that was finished before is not drawn again.

    Raises VisavisError as the drawing does, and `storage.full`.
    """
    run, request = runtime.context, request_of(state)
    options = request.options
    say(runtime, 0.0, "Rehearsing")
    score: dict[str, Any] = json.loads(await asyncio.to_thread(run.tools.artifacts.read, state["timeline"]))
    sitter = await asyncio.to_thread(run.tools.sitters.seat, request.portrait, run.memo.folder)
    motion = await _motion(run, state, score)

    total, step = round(state["duration"] * options.fps), max(1, round(run.tools.segment * options.fps))
    captions = burned_in(lines_of(score["words"], state), options.fps) if burns_captions(options) else ()
    orders = [
        DrawnSegment(
            folder=run.tools.artifacts.root.resolve(),
            rig=sitter.folder.resolve(),
            first=first,
            last=last,
            size=options.size,
            fps=options.fps,
            container=options.container,
            background=options.background,
            captions=tuple(line for line in captions if line.last > first and line.first < last),
            language=state["language"],
            draft=enhances(options),
            motion=motion,
            total=total,
            smooth=options.smooth,
        )
        for first, last in pieces(total, step)
    ]

    def on_made(pictures: int, preview: str) -> None:
        say(runtime, _DRAWN * pictures / total, f"Drawing: {pictures} of {total} pictures", preview)

    drawn = await make_all(run, orders, sitter.portrait_hash, on_made)
    say(runtime, _DRAWN, "Joining picture and sound")
    video = await asyncio.to_thread(join_all, run, state, drawn.segments)
    return {"motion": motion, "segments": drawn.segments, "final_video": video, "rendering": drawn.rate()}


def enhances(options: RenderOptions) -> bool:
    """Whether the pictures are encoded once more by the quality stage."""
    return options.sharpen or options.upscale > options.size


def burns_captions(options: RenderOptions) -> bool:
    """Whether captions are drawn here: into the pictures as they leave the last stage that touches them."""
    return options.captions == "burned" and not enhances(options)


async def _motion(run: Run, state: AvatarState, score: Mapping[str, Any]) -> str:
    played = {
        "emotion": state["emotion"],
        "control": state["avatar_control"],
        "seed": request_of(state).options.seed,
        "lead_in": score["lead_in"],
        "tail": score["tail"],
    }

    def make() -> str:
        said = chunks(Utterance.decode(run.tools.artifacts.read(name)) for name in score["utterances"])
        return run.tools.artifacts.put(write_motion(perform(said, **played)), "npz")

    return await run.once("motion", lambda: asyncio.to_thread(make), utterances=score["utterances"], **played)
