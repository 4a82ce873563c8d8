"""Runs jobs through the graph: from a request to a signed video, from wherever the job stood."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncGenerator, Callable, Mapping
from contextlib import aclosing
from typing import Any, Final

from langchain_core.runnables import RunnableConfig
from langgraph.checkpoint.base import BaseCheckpointSaver
from langgraph.types import StateSnapshot

from visavis.core.errors import VisavisError
from visavis.studio.admission import admit
from visavis.studio.artifacts import ID
from visavis.studio.checkpoints import storing
from visavis.studio.graph import build_graph
from visavis.studio.job import STAGES, JobRequest, Progress, Stage
from visavis.studio.run import Run, StageNews
from visavis.studio.state import AvatarState
from visavis.studio.tools import Tools

OnProgress = Callable[[Progress], None]

_WEIGHTS: Final[Mapping[Stage, float]] = {
    "audio_processing": 0.22, "emotion_detection": 0.03, "controller": 0.08,
    "video_generation": 0.50, "quality_enhancement": 0.17,
}  # fmt: skip
"""Shares of the whole that the stages usually take."""

_TOO_EARLY: Final = 0.04
"""Share of the work below which the time left is not guessed."""


class Pipeline:
    """The studio's pipeline. `thread_id` in the checkpointer is the job's id. Used from one event loop at a time."""

    def __init__(self, tools: Tools, checkpointer: BaseCheckpointSaver[Any]) -> None:
        self._tools, self._checkpointer = tools, checkpointer
        self._graph = build_graph(checkpointer)

    def invoke(self, request: JobRequest, job_id: str, on_progress: OnProgress | None = None) -> AvatarState:
        """Makes a video on an event loop of its own and returns the final state; as `ainvoke` otherwise."""

        async def whole() -> AvatarState:
            try:
                return await self.ainvoke(request, job_id, on_progress)
            finally:
                await self._tools.drawers.aclose()

        return asyncio.run(whole())

    async def ainvoke(self, request: JobRequest, job_id: str, on_progress: OnProgress | None = None) -> AvatarState:
        """Makes a video and returns the final state. A job of that id with the same request goes on where it was; a
        finished one is returned as it is.

        Raises VisavisError: that of the request (`admission.admit`), or of the node that failed.
        """
        async for progress in self.stream(request, job_id):
            if on_progress is not None:
                on_progress(progress)
        return (await self._snapshot(job_id)).values  # type: ignore[return-value]

    async def stream(self, request: JobRequest, job_id: str) -> AsyncGenerator[Progress, None]:
        """As `ainvoke`, giving the progress as it comes; closing the iterator cancels the job."""
        admit(request, self._tools.scripts)
        snapshot = await self._snapshot(job_id)
        wanted = request.model_dump(mode="json")
        known = dict(snapshot.values).get("request") == wanted
        if known and not snapshot.next:
            yield _progress(STAGES[-1], StageNews(1.0))
            return
        start: AvatarState | None = None if known else {"request": wanted}
        if not known and snapshot.values:
            await self.forget(job_id)
        async with aclosing(self._run(job_id, start, snapshot.next if known else ())) as news:
            async for progress in news:
                yield progress

    async def resume(self, job_id: str, on_progress: OnProgress | None = None) -> AvatarState:
        """Goes on with a job that was broken off; returns the final state. Raises VisavisError `job.unknown`, and as
        `ainvoke` does."""
        snapshot = await self._snapshot(job_id)
        if not snapshot.values:
            raise VisavisError("job.unknown", "There is no such job; it may have been removed after its time.")
        if snapshot.next:
            async for progress in self._run(job_id, None, snapshot.next):
                if on_progress is not None:
                    on_progress(progress)
            snapshot = await self._snapshot(job_id)
        return snapshot.values  # type: ignore[return-value]

    async def knows(self, job_id: str) -> bool:
        """Whether a job of that id was ever begun."""
        return bool((await self._snapshot(job_id)).values)

    async def get_state(self, job_id: str) -> StateSnapshot:
        """What is known of a job: `values` (an `AvatarState`) and `next`, the nodes to come, () when it is done.

        Raises VisavisError `job.unknown`.
        """
        snapshot = await self._snapshot(job_id)
        if not snapshot.values:
            raise VisavisError("job.unknown", "There is no such job; it may have been removed after its time.")
        return snapshot

    async def update_state(self, job_id: str, values: AvatarState, *, as_node: Stage | None = None) -> None:
        """Changes the state of a job that is not running, as if `as_node` (None: the last one that ran) had returned
        `values`: what comes after that node is made anew on `resume`. Raises VisavisError `job.unknown`."""
        await self.get_state(job_id)
        await self._graph.aupdate_state(_config(job_id), dict(values), as_node=as_node)

    async def files(self, job_id: str) -> set[str]:
        """The ids of all artifacts that a job is made of or has made so far; empty for an unknown job."""
        found = set(await asyncio.to_thread(lambda: list(self._tools.memo(job_id))))
        return found | set(_ids((await self._snapshot(job_id)).values))

    async def forget(self, job_id: str) -> None:
        """Removes the state of a job and what it remembers having made; its artifacts stay."""
        await asyncio.to_thread(self._tools.memo(job_id).clear)
        with storing():
            await self._checkpointer.adelete_thread(job_id)

    async def _snapshot(self, job_id: str) -> StateSnapshot:
        with storing():
            snapshot = await self._graph.aget_state(_config(job_id))
        # A node that had ended when the process was killed, but for its checkpoint, has still to be counted.
        return snapshot._replace(next=tuple(task.name for task in snapshot.tasks))

    async def _run(
        self, job_id: str, start: AvatarState | None, to_come: tuple[str, ...]
    ) -> AsyncGenerator[Progress, None]:
        """Runs the graph from `start`, or from its last checkpoint; every node's end is on disk before the next."""
        stage: Stage = next((one for one in STAGES if one in to_come), STAGES[0])
        clock = _Clock()
        yield clock.told(_progress(stage, StageNews(0.0)))
        context = Run(job_id, self._tools, self._tools.memo(job_id))
        parts: Any = self._graph.astream(
            start, _config(job_id), context=context, stream_mode=["custom", "updates"], durability="sync"
        )
        async with aclosing(parts):
            while True:
                with storing():
                    part = await anext(parts, None)
                if part is None:
                    return
                mode, news = part
                if mode == "updates":
                    done = next(one for one in STAGES if one in news)
                    stage = STAGES[min(STAGES.index(done) + 1, len(STAGES) - 1)]
                    yield clock.told(_progress(done, StageNews(1.0)))
                elif isinstance(news, StageNews):
                    yield clock.told(_progress(stage, news))


class _Clock:
    """Guesses the time left from what this run has done so far."""

    def __init__(self) -> None:
        self._begin, self._first = time.monotonic(), -1.0
        self._preview = ""

    def told(self, progress: Progress) -> Progress:
        if self._first < 0:
            self._first = progress.share
        self._preview = progress.preview or self._preview
        done = progress.share - self._first
        left = None
        if done > _TOO_EARLY:
            left = round((time.monotonic() - self._begin) * (1 - progress.share) / done, 1)
        return progress.model_copy(update={"seconds_left": left, "preview": self._preview})


def _progress(stage: Stage, news: StageNews) -> Progress:
    before = sum(_WEIGHTS[one] for one in STAGES[: STAGES.index(stage)])
    share = min(1.0, before + _WEIGHTS[stage] * news.share)
    return Progress(stage=stage, stage_share=news.share, share=share, message=news.message, preview=news.preview)


def _config(job_id: str) -> RunnableConfig:
    return {"configurable": {"thread_id": job_id}}


def _ids(value: Any) -> list[str]:
    """Everything in a state that is the id of an artifact."""
    if isinstance(value, str):
        return [value] if ID.fullmatch(value) else []
    parts = value.values() if isinstance(value, Mapping) else value if isinstance(value, list | tuple) else ()
    return [name for part in parts for name in _ids(part)]
