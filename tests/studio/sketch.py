"""A small maker of videos for tests of the worker: its pictures are letters, its steps are the test's to time."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

from visavis.studio.artifacts import Artifacts
from visavis.studio.job import STAGES, JobRequest, Progress
from visavis.studio.state import AvatarState

OnProgress = Callable[[Progress], None]


class Sketch:
    """Makes one artifact a stage from the script, and remembers it. A script that has an entry in `failures` raises
    that, once it has come to its third stage; one in `gates` waits there until the gate is opened."""

    def __init__(self, artifacts: Artifacts) -> None:
        self.artifacts = artifacts
        self.failures: dict[str, BaseException | Callable[[], Any]] = {}
        self.gates: dict[str, asyncio.Event] = {}
        self.begun: list[str] = []
        self.made: list[str] = []
        self.stopped: list[str] = []
        self.reached = asyncio.Event()
        self._files: dict[str, dict[str, str]] = {}

    async def ainvoke(self, request: JobRequest, job_id: str, on_progress: OnProgress | None = None) -> AvatarState:
        """The video of a script."""
        assert on_progress is not None
        script, files = request.script, self._files.setdefault(job_id, {})
        self.begun.append(script)
        try:
            for number, stage in enumerate(STAGES):
                on_progress(Progress(stage=stage, stage_share=0, share=number / 5, message=stage))
                if number == 2:
                    await self._third(script)
                if stage not in files:
                    files[stage] = self.artifacts.put(f"{stage} of {script}".encode(), "mp4")
                    self.made.append(f"{stage} of {script}")
                preview = files[STAGES[0]]
                on_progress(Progress(stage=stage, stage_share=1, share=(number + 1) / 5, preview=preview))
                await asyncio.sleep(0)
        except asyncio.CancelledError:
            self.stopped.append(script)
            raise
        return {
            "request": request.model_dump(mode="json"),
            "voice": files["audio_processing"],
            "duration": 2.0,
            "emotion": "happy",
            "confidence": 0.75,
            "avatar_control": {"blink_rate": 0.5},
            "control_source": "llm",
            "final_video": files["video_generation"],
            "enhanced_video": files["quality_enhancement"],
            "captions": {"srt": files["controller"]},
            "quality": {"overall": 90.0, "ssim": 0.99, "fid": None},
            "rendering": {"pictures": 50, "seconds": 1.0, "fps": 50.0},
            "provenance": {"engine": "sketch", "sidecar": None},
            "performance": {"audio_processing": 0.5, "video_generation": 1.5},
        }

    async def _third(self, script: str) -> None:
        self.reached.set()
        failure = self.failures.get(script)
        if isinstance(failure, BaseException):
            raise failure
        if failure is not None:
            failure()
        if script in self.gates:
            await self.gates[script].wait()

    async def files(self, job_id: str) -> set[str]:
        """What was made for a job."""
        return set(self._files.get(job_id, {}).values())

    async def forget(self, job_id: str) -> None:
        """Forgets that."""
        self._files.pop(job_id, None)
