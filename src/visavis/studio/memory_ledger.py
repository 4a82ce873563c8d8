"""A ledger without a database: for one process, gone when it ends."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from statistics import fmean, median
from typing import Any, Final

from visavis.core.errors import VisavisError
from visavis.studio.job import JobStatus
from visavis.studio.ledger import JobRecord

_UNFINISHED: Final = ("pending", "processing")
_FINISHED: Final[tuple[JobStatus, ...]] = ("completed", "failed", "cancelled")
_RECENT: Final = 50
_TIMED: Final = 200


@dataclass(slots=True)
class _Entry:
    record: JobRecord
    performance: list[Mapping[str, Any]] = field(default_factory=list)
    quality: list[Mapping[str, Any]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Cost:
    """What a service did for a job, in its own units, and what that cost."""

    job_id: str
    service: str
    units: float
    unit: str
    cost: float | None


class MemoryLedger:
    """A `Ledger` in dictionaries. `costs` are all that was spent, jobs that were forgotten included."""

    def __init__(self) -> None:
        self._entries: dict[str, _Entry] = {}
        self.costs: list[Cost] = []

    async def add(self, record: JobRecord) -> None:
        """A new job, pending. Raises VisavisError `job.exists`."""
        if record.id in self._entries:
            raise VisavisError("job.exists", "There is a job with this id already; take another id.")
        self._entries[record.id] = _Entry(record)

    async def get(self, job_id: str) -> JobRecord:
        """Raises VisavisError `job.unknown`."""
        return self._entry(job_id).record

    async def update(self, job_id: str, **changes: Any) -> JobRecord:
        """Changes fields of the record; returns the new one. Raises VisavisError `job.unknown`."""
        entry = self._entry(job_id)
        entry.record = replace(entry.record, **changes)
        return entry.record

    async def jobs(self, *, status: Sequence[JobStatus] = (), limit: int = 100, offset: int = 0) -> list[JobRecord]:
        """Jobs, the newest first; `status` () means all."""
        wanted = [record for record in self._newest_first() if not status or record.status in status]
        return wanted[offset : offset + limit]

    async def unfinished(self) -> list[JobRecord]:
        """Pending and processing jobs, the oldest first."""
        wanted = [entry.record for entry in self._entries.values() if entry.record.status in _UNFINISHED]
        return sorted(wanted, key=lambda record: (record.created_at, record.id))

    async def measured(self, job_id: str, performance: Mapping[str, Any]) -> None:
        """Keeps what one run was measured to take. Raises VisavisError `job.unknown`."""
        self._entry(job_id).performance.append(dict(performance))

    async def judged(self, job_id: str, quality: Mapping[str, Any]) -> None:
        """Keeps a quality report. Raises VisavisError `job.unknown`."""
        self._entry(job_id).quality.append(dict(quality))

    async def spent(self, job_id: str, service: str, units: float, unit: str, cost: float | None) -> None:
        """Keeps what a service did. Raises VisavisError `job.unknown`."""
        self._entry(job_id)
        self.costs.append(Cost(job_id, service, units, unit, cost))

    async def findings(self, job_id: str) -> dict[str, dict[str, Any]]:
        """What was last `measured` and `judged` of a job. Raises VisavisError `job.unknown`."""
        entry = self._entry(job_id)
        return {
            "performance": dict(entry.performance[-1]) if entry.performance else {},
            "quality": dict(entry.quality[-1]) if entry.quality else {},
        }

    async def statistics(self) -> dict[str, Any]:
        """What the dashboard shows; see `Ledger.statistics`."""
        entries = list(self._entries.values())
        runs = [run for entry in entries for run in entry.performance]
        reports = [report for entry in entries for report in entry.quality]
        statuses = [entry.record.status for entry in entries]
        count: dict[str, int] = {status: statuses.count(status) for status in _FINISHED}
        over = count["completed"] + count["failed"]
        return {
            "total_jobs": len(entries),
            **count,
            "success_rate": 100 * count["completed"] / over if over else None,
            "avg_fps": _mean([run.get("fps") for run in runs]),
            "avg_quality": _mean([report.get("overall") for report in reports]),
            "stage_seconds": _median_by_stage([run.get("stage_timings", {}) for run in runs[-_TIMED:]]),
            "recent": [self._line(record) for record in self._newest_first()[:_RECENT]],
        }

    async def forget(self, before: datetime) -> list[JobRecord]:
        """Removes finished jobs older than this; returns what was removed."""
        old = [
            entry.record
            for entry in self._entries.values()
            if entry.record.status in _FINISHED and (entry.record.completed_at or entry.record.created_at) < before
        ]
        for record in old:
            del self._entries[record.id]
        return old

    def _entry(self, job_id: str) -> _Entry:
        if job_id not in self._entries:
            raise VisavisError("job.unknown", "There is no such job; it may have been removed after its time.")
        return self._entries[job_id]

    def _newest_first(self) -> list[JobRecord]:
        by_id = sorted((entry.record for entry in self._entries.values()), key=lambda record: record.id)
        return sorted(by_id, key=lambda record: record.created_at, reverse=True)

    def _line(self, record: JobRecord) -> dict[str, Any]:
        entry = self._entries[record.id]
        return {
            "id": record.id,
            "created_at": record.created_at,
            "status": record.status,
            "realtime_factor": entry.performance[-1].get("realtime_factor") if entry.performance else None,
            "quality": entry.quality[-1].get("overall") if entry.quality else None,
        }


def _mean(values: Sequence[float | None]) -> float | None:
    known = [value for value in values if value is not None and math.isfinite(value)]
    return fmean(known) if known else None


def _median_by_stage(timings: Sequence[Mapping[str, float]]) -> dict[str, float]:
    stages = dict.fromkeys(stage for run in timings for stage in run)
    return {stage: median(run[stage] for run in timings if stage in run) for stage in stages}
