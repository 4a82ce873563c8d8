"""What is written down of a finished job, read from the pipeline's final state."""

from __future__ import annotations

from typing import Any

from visavis.studio.job import JobRequest
from visavis.studio.ledger import JobRecord
from visavis.studio.state import AvatarState


def result_of(state: AvatarState, record: JobRecord) -> dict[str, Any]:
    """The fields of the record that a finished job fills in."""
    provenance = state.get("provenance", {})
    files = {
        "video": state.get("enhanced_video") or state.get("final_video", ""),
        **state.get("captions", {}),
        "preview": record.progress.preview if record.progress else "",
        "portrait": "" if record.request.portrait.startswith("avatar:") else record.request.portrait,
        "audio": record.request.audio or state.get("voice", ""),
        "credentials": provenance.get("sidecar") or "",
    }
    return {
        "status": "completed",
        "emotion": state.get("emotion", ""),
        "confidence": state.get("confidence"),
        "avatar_control": state.get("avatar_control", {}),
        "control_source": state.get("control_source", ""),
        "provenance": provenance,
        "files": {role: name for role, name in files.items() if name},
    }


def performance_of(state: AvatarState, *, ram: float, whole: bool) -> dict[str, Any]:
    """The row of performance_metrics: `fps` of the drawing, all work per frame in ms, the most memory seen in MiB, and
    seconds of work per second of video.

    What cannot be told is None: the drawing's speed where nothing was left to draw, and the time of all the work when
    this run was not the `whole` of it.
    """
    timings = state.get("performance", {})
    seconds, duration = sum(timings.values()), state.get("duration", 0.0)
    frames = round(duration * JobRequest.model_validate(state["request"]).options.fps)
    return {
        "fps": state.get("rendering", {}).get("fps") or None,
        "latency_ms": 1000 * seconds / frames if whole and frames else None,
        "gpu_usage": None,
        "ram_usage": ram or None,
        "stage_timings": dict(timings),
        "realtime_factor": seconds / duration if whole and duration else None,
    }
