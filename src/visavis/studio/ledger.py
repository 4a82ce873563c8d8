"""What the studio writes down about its jobs; the database is one ledger, memory another."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from visavis.studio.job import JobRequest, JobStatus, Progress


@dataclass(frozen=True, slots=True)
class JobRecord:
    """A job as the ledger has it. Times are UTC. `files` are ids of artifacts by role (`video`, `srt`, `vtt`,
    `preview`, `portrait`, `audio`, `credentials` where they stand beside the video); `provenance` is who signed it;
    `attempts` counts starts since it was last asked for; `owner` is the address or key that asked."""

    id: str
    status: JobStatus
    request: JobRequest
    created_at: datetime
    owner: str = ""
    started_at: datetime | None = None
    completed_at: datetime | None = None
    progress: Progress | None = None
    emotion: str = ""
    confidence: float | None = None
    avatar_control: Mapping[str, float] = field(default_factory=dict)
    control_source: str = ""
    files: Mapping[str, str] = field(default_factory=dict)
    provenance: Mapping[str, Any] = field(default_factory=dict)
    error_code: str = ""
    error_message: str = ""
    attempts: int = 0


class Ledger(Protocol):
    """Keeps jobs and what was measured of them. All calls are safe from several tasks; none blocks the event loop.

    Every call may raise VisavisError `store.unavailable` and `storage.full`; those that are given the id of a job,
    `job.unknown`.
    """

    async def add(self, record: JobRecord) -> None:
        """A new job, pending. Raises VisavisError `job.exists`."""
        ...

    async def get(self, job_id: str) -> JobRecord:
        """Raises VisavisError `job.unknown`."""
        ...

    async def update(self, job_id: str, **changes: Any) -> JobRecord:
        """Changes fields of JobRecord; returns the new record. Raises VisavisError `job.unknown`."""
        ...

    async def jobs(self, *, status: Sequence[JobStatus] = (), limit: int = 100, offset: int = 0) -> list[JobRecord]:
        """Jobs, the newest first; `status` () means all."""
        ...

    async def unfinished(self) -> list[JobRecord]:
        """Pending and processing jobs, the oldest first: what a started server takes up again."""
        ...

    async def measured(self, job_id: str, performance: Mapping[str, Any]) -> None:
        """One row of performance_metrics: fps, latency_ms (of work per frame), gpu_usage (%, None without one),
        ram_usage (MiB), stage_timings (s per stage), realtime_factor."""
        ...

    async def judged(self, job_id: str, quality: Mapping[str, Any]) -> None:
        """One row of quality_reports, from `studio.quality`'s report: ssim, psnr, fid, lip_sync and overall (None where
        not measured) become columns, all of it is kept."""
        ...

    async def spent(self, job_id: str, service: str, units: float, unit: str, cost: float | None) -> None:
        """One row of cost_tracking; local engines cost 0 and are written too, None where no price is known."""
        ...

    async def findings(self, job_id: str) -> dict[str, dict[str, Any]]:
        """What was last `measured` and `judged` of a job, under `performance` and `quality`; {} where nothing was."""
        ...

    async def statistics(self) -> dict[str, Any]:
        """What the dashboard shows: total_jobs, completed, failed, cancelled, success_rate (% of the completed and
        failed), avg_fps, avg_quality (0 … 100, the mean of the reports' `overall`), stage_seconds (median by stage of
        the last runs), recent (per job, the newest first: id, created_at, status, realtime_factor, quality). What was
        not measured yet is None."""
        ...

    async def forget(self, before: datetime) -> list[JobRecord]:
        """Removes finished jobs older than this; returns what was removed, so that their files can go too."""
        ...
