"""A job as clients of the studio see it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from visavis.studio.artifacts import Artifacts
from visavis.studio.job import STAGES
from visavis.studio.ledger import JobRecord

OUTPUTS: Final = "/outputs/"
"""Where artifacts are served."""

_CAPTIONS: Final = ("srt", "vtt")


def url_of(artifacts: Artifacts, name: str | None) -> str | None:
    """The address of an artifact, None for one that is not there (any more)."""
    return f"{OUTPUTS}{name}" if name and name in artifacts else None


def job_view(
    record: JobRecord,
    artifacts: Artifacts,
    state: Mapping[str, Any],
    *,
    position: int | None = None,
    paused: bool = False,
) -> dict[str, Any]:
    """The JSON of `/api/v1/status/{id}`.

    `state` is the pipeline's `AvatarState`, {} before there is one; `position` is how many jobs come before this one,
    None for a job that is over; `paused`: it waits because somebody talks.
    """
    progress, done = record.progress, record.status == "completed"
    files = record.files
    return {
        "task_id": record.id,
        "status": record.status,
        "progress": 100 if done else min(int(100 * progress.share), 99) if progress else 0,
        "stage": progress.stage if progress else None,
        "stages": _stages(record, state.get("performance", {})),
        "message": progress.message if progress else "",
        "paused": paused,
        "preview_url": url_of(artifacts, (progress.preview if progress else "") or files.get("preview")),
        "video_url": url_of(artifacts, files.get("video")) if done else None,
        "captions": _captions(files, artifacts) if done else {},
        "emotion": record.emotion or state.get("emotion") or None,
        "confidence": record.confidence if record.confidence is not None else state.get("confidence"),
        "avatar_control": dict(record.avatar_control or state.get("avatar_control") or {}) or None,
        "control_source": record.control_source or state.get("control_source") or None,
        "text": state.get("transcribed_text") or record.request.script or None,
        "language": state.get("language") or record.request.language,
        "duration": state.get("duration"),
        "quality": state.get("quality") or None,
        "provenance": state.get("provenance") or None,
        "error": {"code": record.error_code, "message": record.error_message} if record.error_code else None,
        "attempts": record.attempts,
        "created_at": record.created_at.isoformat(),
        "completed_at": record.completed_at.isoformat() if record.completed_at else None,
        "seconds_left": progress.seconds_left if progress and record.status == "processing" else None,
        "position": position,
    }


def _captions(files: Mapping[str, str], artifacts: Artifacts) -> dict[str, str]:
    found = {kind: url_of(artifacts, files.get(kind)) for kind in _CAPTIONS}
    return {kind: url for kind, url in found.items() if url}


def _stages(record: JobRecord, seconds: Mapping[str, float]) -> dict[str, dict[str, float | None]]:
    """Every stage's share done and, once it is over, the seconds it took."""
    now = STAGES.index(record.progress.stage) if record.progress else 0
    begun = record.progress.stage_share if record.progress else 0.0
    shares = [1.0] * now + [begun] + [0.0] * (len(STAGES) - now - 1)
    if record.status == "completed":
        shares = [1.0] * len(STAGES)
    return {
        stage: {"share": round(share, 3), "seconds": seconds.get(stage)}
        for stage, share in zip(STAGES, shares, strict=True)
    }
