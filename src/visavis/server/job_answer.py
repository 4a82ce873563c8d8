"""What `/api/v1/status/{task_id}` answers, as its clients are told; `job_view` makes it."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, Field

from visavis.server.studio_reference import STATUS_FIELDS


def _told(name: str) -> Any:
    return Field(description=STATUS_FIELDS[name])


class StageAnswer(BaseModel):
    """One stage of a job."""

    share: float
    seconds: float | None


class FailureAnswer(BaseModel):
    """Why a job failed."""

    code: str
    message: str | None


class JobAnswer(BaseModel):
    """A job as it stands."""

    task_id: str = _told("task_id")
    status: Literal["pending", "processing", "completed", "failed", "cancelled"] = _told("status")
    progress: int = _told("progress")
    stage: str | None = _told("stage")
    stages: dict[str, StageAnswer] = _told("stages")
    message: str = _told("message")
    paused: bool = _told("paused")
    preview_url: str | None = _told("preview_url")
    video_url: str | None = _told("video_url")
    captions: dict[str, str] = _told("captions")
    emotion: str | None = _told("emotion")
    confidence: float | None = _told("confidence")
    avatar_control: dict[str, float] | None = _told("avatar_control")
    control_source: str | None = _told("control_source")
    text: str | None = _told("text")
    language: str | None = _told("language")
    duration: float | None = _told("duration")
    quality: dict[str, Any] | None = _told("quality")
    provenance: dict[str, Any] | None = _told("provenance")
    error: FailureAnswer | None = _told("error")
    attempts: int = _told("attempts")
    created_at: str = _told("created_at")
    completed_at: str | None = _told("completed_at")
    seconds_left: float | None = _told("seconds_left")
    position: int | None = _told("position")


class AcceptedAnswer(BaseModel):
    """A job that was taken in, or taken up again."""

    task_id: str
    status: str
    position: int | None = None


class DashboardAnswer(BaseModel):
    """What the dashboard shows; what was not measured yet is null."""

    total_jobs: int
    completed: int
    failed: int
    cancelled: int
    success_rate: float | None
    avg_fps: float | None
    avg_quality: float | None
    stage_seconds: dict[str, float]
    recent: list[dict[str, Any]]


class UploadAnswer(BaseModel):
    """A file that was taken in: sizes in px of a picture, `duration` in seconds of a sound; `portrait`, `audio` and
    `problem` of a video."""

    file_id: str
    path: str
    kind: Literal["image", "audio", "video"]
    url: str | None
    width: int | None = None
    height: int | None = None
    duration: float | None = None
    portrait: str | None = None
    audio: str | None = None
    problem: str | None = None
