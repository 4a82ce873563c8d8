"""What the nodes know of the run they are part of."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from langgraph.runtime import Runtime

from visavis.studio.job import JobRequest
from visavis.studio.memo import Memo
from visavis.studio.state import AvatarState
from visavis.studio.tools import Tools


@dataclass(frozen=True, slots=True)
class StageNews:
    """What a node says while it works: the `share` of its stage that is done, a line for people, a picture's id."""

    share: float
    message: str = ""
    preview: str = ""


@dataclass(frozen=True, slots=True)
class Run:
    """One job being worked on: its id, what it works with and what it has made already."""

    job_id: str
    tools: Tools
    memo: Memo

    async def once(self, kind: str, make: Callable[[], Awaitable[str]], /, **inputs: Any) -> str:
        """The id of the artifact that `make` makes, or made when the job last asked with the same `inputs`."""
        key = self.memo.key(kind, **inputs)
        made = await asyncio.to_thread(self.memo.get, key)
        return made or self.memo.put(key, await make())


def request_of(state: AvatarState) -> JobRequest:
    """The request that the state belongs to."""
    return JobRequest.model_validate(state["request"])


def say(runtime: Runtime[Run], share: float, message: str = "", preview: str = "") -> None:
    """Tells whoever watches the job how far this stage is."""
    runtime.stream_writer(StageNews(min(max(share, 0.0), 1.0), message, preview))
