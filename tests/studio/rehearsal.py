"""A studio on fake engines, small and quick, with real faces, files, processes and checkpoints."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from visavis.core.errors import VisavisError
from visavis.core.media import Samples
from visavis.engines.builtin.g2p import G2P
from visavis.engines.fake import spoken
from visavis.engines.fake.llm import FakeLLM
from visavis.engines.fake.stt import FakeSTT
from visavis.engines.fake.tts import FakeTTS
from visavis.engines.fake.vad import FakeVAD
from visavis.face.avatars import AvatarStore
from visavis.face.landmarks import Landmarker
from visavis.studio.checkpoints import open_checkpoints
from visavis.studio.job import Consent, JobRequest, Progress, RenderOptions
from visavis.studio.pipeline import Pipeline
from visavis.studio.signer import development_signer
from visavis.studio.sound import Recording, write_wav
from visavis.studio.state import AvatarState
from visavis.studio.tools import Tools
from visavis.weights.store import WeightStore

RATE = 24_000
SCRIPT = "My name is Ann. Pam may bump my map."
CONTROLS = (
    '{"blink_rate": 0.4, "head_tilt": 0.6, "expression_intensity": 0.7, "mouth_openness": 0.6, "eyebrow_raise": 0.8}'
)


def landmarker() -> Landmarker:
    """The real face model."""
    return Landmarker.from_store(WeightStore())


def asked(script: str = SCRIPT, **changes: Any) -> JobRequest:
    """A small quick video of Genevieve; `options` take RenderOptions' fields."""
    options = {"size": 256, "fps": 10, "smooth": False, **changes.pop("options", {})}
    return JobRequest(**{"portrait": "avatar:genevieve", "script": script, **changes}, options=RenderOptions(**options))


def recorded(tools: Tools, text: str, *, pause: float = 0.5) -> str:
    """The id of a recording in which the fake voice says `text` between two pauses."""
    silence = np.zeros(round(pause * RATE), np.float32)
    samples: Samples = np.concatenate([silence, spoken.encode(text, RATE), silence])
    return tools.artifacts.put(write_wav(Recording(samples, RATE)), "wav")


def agreed() -> Consent:
    """Both ticks."""
    return Consent(portrait=True, voice=True)


@dataclass
class Rehearsal:
    """A pipeline and what it works with."""

    tools: Tools
    pipeline: Pipeline

    async def make(self, request: JobRequest, job_id: str = "job") -> tuple[AvatarState, list[Progress]]:
        """Makes a video; returns the final state and all news."""
        news: list[Progress] = []
        return await self.pipeline.ainvoke(request, job_id, news.append), news

    async def until(self, request: JobRequest, seen: Callable[[Progress], bool], job_id: str = "job") -> None:
        """Begins a video and breaks it off, as a cancelled job is, at the first news that `seen` says yes to."""
        reached = asyncio.Event()
        task = asyncio.create_task(
            self.pipeline.ainvoke(request, job_id, lambda news: reached.set() if seen(news) else None)
        )
        waiting = asyncio.create_task(reached.wait())
        await asyncio.wait([task, waiting], return_when=asyncio.FIRST_COMPLETED)
        assert not task.done(), "it was over before that"
        task.cancel()
        waiting.cancel()
        await asyncio.wait([task, waiting])


@asynccontextmanager
async def rehearsal(folder: Path, avatars: AvatarStore, *, url: str = "", **changes: Any) -> AsyncIterator[Rehearsal]:
    """A studio in `folder`; `changes` replace fields of its tools."""
    made = Tools.at(
        folder,
        avatars=avatars,
        landmarker=landmarker,
        vad=FakeVAD(),
        stt=FakeSTT(),
        tts=FakeTTS(),
        llm=FakeLLM([CONTROLS]),
        pronounce=G2P().words,
        signer=development_signer(folder),
        processes=1,
    )
    tools = replace(made, **{"segment": 1.0, **changes})
    async with open_checkpoints(url or f"sqlite:///{folder}/checkpoints.db") as checkpoints:
        try:
            yield Rehearsal(tools, Pipeline(tools, checkpoints))
        finally:
            await tools.drawers.aclose()


async def _main(folder: Path, avatars: Path) -> None:
    """Makes one video in a process of its own, saying every stage that it comes to."""
    async with rehearsal(folder, AvatarStore(avatars, landmarker)) as studio:

        def say(news: Progress) -> None:
            print(f"{news.stage} {news.stage_share:.3f}", flush=True)

        try:
            state = await studio.pipeline.ainvoke(asked(options={"smooth": True}), "job", say)
        except VisavisError as error:
            print(f"failed {error.code}", flush=True)
            raise SystemExit(1) from error
        print(f"finished {state['enhanced_video']}", flush=True)


if __name__ == "__main__":
    asyncio.run(_main(Path(sys.argv[1]), Path(sys.argv[2])))
