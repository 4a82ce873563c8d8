"""Last node: the pictures made better where that is wanted, the captions, the report and the signature."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from typing import Any, Final

import cv2
import numpy as np
from langgraph.runtime import Runtime

from visavis import __version__
from visavis.core.speech import Phoneme, Timeline, Word
from visavis.face import backdrop
from visavis.face.payload import read_payload
from visavis.studio.assembly import burned_in, join_all, lines_of, make_all
from visavis.studio.captions import srt, vtt
from visavis.studio.job import RenderOptions
from visavis.studio.motion_file import read_motion
from visavis.studio.nodes.video_generation import burns_captions, enhances
from visavis.studio.provenance import Claim, sign, verify
from visavis.studio.quality import Box, report
from visavis.studio.run import Run, request_of, say
from visavis.studio.segments import EnhancedSegment, pieces
from visavis.studio.sitters import Sitter
from visavis.studio.state import AvatarState

ENGINE: Final = f"visavis {__version__}"
_ENHANCED: Final = 0.7
"""Share of this stage that the pictures take."""


async def quality_enhancement(state: AvatarState, runtime: Runtime[Run]) -> AvatarState:
    """Fills in enhanced_video, captions, quality and provenance.

    Raises VisavisError as the drawing and the signing do, and `storage.full`.
    """
    run, request = runtime.context, request_of(state)
    score: dict[str, Any] = json.loads(await asyncio.to_thread(run.tools.artifacts.read, state["timeline"]))
    sitter = await asyncio.to_thread(run.tools.sitters.seat, request.portrait, run.memo.folder)
    video = state["final_video"]
    if enhances(request.options):
        video = await _enhanced(state, runtime, sitter, score)
    say(runtime, _ENHANCED, "Signing and looking at the result")
    captions, provenance, quality = await asyncio.gather(
        asyncio.to_thread(_captions, run, state, score),
        asyncio.to_thread(_signed, run, state, video, sitter),
        asyncio.to_thread(_judged, run, state, video, sitter, score),
    )
    return {
        "enhanced_video": provenance.pop("video"),
        "captions": captions,
        "provenance": provenance,
        "quality": quality,
    }


async def _enhanced(state: AvatarState, runtime: Runtime[Run], sitter: Sitter, score: Mapping[str, Any]) -> str:
    run, options = runtime.context, request_of(state).options
    total, step = round(state["duration"] * options.fps), max(1, round(run.tools.segment * options.fps))
    burned = options.captions == "burned" and not burns_captions(options)
    captions = burned_in(lines_of(score["words"], state), options.fps) if burned else ()
    orders = [
        EnhancedSegment(
            folder=run.tools.artifacts.root.resolve(),
            rig=sitter.folder.resolve(),
            first=first,
            last=last,
            size=max(options.size, options.upscale),
            fps=options.fps,
            container=options.container,
            background=options.background,
            captions=tuple(line for line in captions if line.last > first and line.first < last),
            language=state["language"],
            source=state["segments"][number],
            sharpen=options.sharpen,
        )
        for number, (first, last) in enumerate(pieces(total, step))
    ]

    def on_made(pictures: int, preview: str) -> None:
        say(runtime, _ENHANCED * pictures / total, f"Finishing: {pictures} of {total} pictures", preview)

    made = await make_all(run, orders, sitter.portrait_hash, on_made)
    return await asyncio.to_thread(join_all, run, state, made.segments)


def _captions(run: Run, state: AvatarState, score: Mapping[str, Any]) -> dict[str, str]:
    if request_of(state).options.captions == "none":
        return {}
    lines = lines_of(score["words"], state)
    texts = {"srt": srt(lines), "vtt": vtt(lines)}
    return {kind: run.tools.artifacts.put(text.encode(), kind) for kind, text in texts.items()}


def _signed(run: Run, state: AvatarState, video: str, sitter: Sitter) -> dict[str, Any]:
    """The id of the signed video, and what its credentials say when they are read back."""
    artifacts, signer = run.tools.artifacts, run.tools.signer
    claim = Claim(engine=ENGINE, portrait_hash=sitter.portrait_hash, title=_title(state, sitter), job_id=run.job_id)
    beside: list[bytes | None] = []
    source = artifacts.path(video)
    name = artifacts.make(video.rpartition(".")[2], lambda path: beside.append(sign(source, path, claim, signer)))
    sidecar = artifacts.put(beside[0], "c2pa") if beside[0] else ""
    verdict = verify(artifacts.path(name), artifacts.path(sidecar) if sidecar else None)
    return {**verdict.as_mapping(), "video": name, "sidecar": sidecar}


def _title(state: AvatarState, sitter: Sitter) -> str:
    return f"{sitter.name or 'A portrait'} speaking ({state['language']})"


def _judged(run: Run, state: AvatarState, video: str, sitter: Sitter, score: Mapping[str, Any]) -> dict[str, Any]:
    """The quality report of the video as it is delivered, but for its signature."""
    options, artifacts = request_of(state).options, run.tools.artifacts
    rig = read_payload(sitter.folder)
    motion = read_motion(artifacts.read(state["motion"]))
    timeline = Timeline(
        tuple(Phoneme(**one) for one in score["phonemes"]),
        tuple(Word(**one) for one in score["words"]),
        score["duration"],
        exact=score["exact"],
    )
    found = report(
        artifacts.path(video),
        rig=rig,
        portrait=_still(rig, options.background, options.size),
        motion=motion,
        timeline=timeline,
        language=state["language"],
        covered=_captioned(options),
        stage_seconds=state["performance"],
    )
    return found.as_mapping()


def _captioned(options: RenderOptions) -> tuple[Box, ...]:
    """Where captions may stand in the pictures: the lowest quarter."""
    if options.captions != "burned":
        return ()
    side = max(options.size, options.upscale)
    return ((0, side * 3 // 4, side, side),)


def _still(rig: Any, background: str, size: int) -> Any:
    """The picture that stands behind what moves, None where nothing does."""
    if background == backdrop.TRANSPARENT:
        return None
    if background == backdrop.PORTRAIT:
        return np.asarray(cv2.resize(rig.plate, (size, size), interpolation=cv2.INTER_AREA), np.uint8)
    return backdrop.renderer(rig, size, background).draw(np.zeros(58, np.float32))
