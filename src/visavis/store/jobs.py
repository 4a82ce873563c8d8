"""Jobs in the database, as records of whatever dataclass the studio keeps."""

from __future__ import annotations

import math
import uuid
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from statistics import median
from typing import Any, Final, Generic, TypeVar

from pydantic import TypeAdapter
from sqlalchemy import ColumnElement, delete, func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from visavis.core.errors import VisavisError
from visavis.store.database import Database
from visavis.store.tables import CostTracking, GenerationJob, PerformanceMetric, QualityReport, UserSession

Record = TypeVar("Record")

_JSON: Final = ("request", "progress", "avatar_control", "files", "provenance")
_PLAIN: Final = (
    "id", "status", "emotion", "confidence", "control_source", "attempts", "created_at", "started_at", "completed_at",
    "error_code", "error_message",
)  # fmt: skip
_MEASURES: Final = ("fps", "latency_ms", "gpu_usage", "ram_usage", "realtime_factor")
_UNFINISHED: Final = ("pending", "processing")
_PAUSE: Final = timedelta(minutes=30)
"""Who asks again after longer than this begins a new session."""
_RECENT: Final = 50
_TIMED: Final = 200
"""How many of the last runs the dashboard's times per stage come from."""


class JobStore(Generic[Record]):
    """Keeps records of a dataclass with the fields of `studio.ledger.JobRecord` and is a `studio.ledger.Ledger`.

    `record` is that dataclass; Pydantic turns its fields to JSON and back. Every call may raise VisavisError
    `store.unavailable` and `storage.full`.
    """

    def __init__(self, database: Database, record: type[Record]) -> None:
        self._database = database
        self._records: TypeAdapter[Record] = TypeAdapter(record)

    async def add(self, record: Record) -> None:
        """A new job, of its owner's session. Raises VisavisError `job.exists`."""
        values = self._values(record)
        owner, asked_at = str(getattr(record, "owner", "")), values["created_at"]
        try:
            async with self._database.writing() as session:
                values["session_id"] = await _session_of(session, owner, asked_at)
                session.add(GenerationJob(**values))
        except IntegrityError as error:
            raise VisavisError("job.exists", "There is a job with this id already; take another id.") from error

    async def get(self, job_id: str) -> Record:
        """Raises VisavisError `job.unknown`."""
        async with self._database.reading() as session:
            return self._record(await _job(session, job_id))

    async def update(self, job_id: str, **changes: Any) -> Record:
        """Changes fields of the record; returns the new one. Raises VisavisError `job.unknown`."""
        async with self._database.writing() as session:
            row = await _job(session, job_id, lock=True)
            # Any dataclass will do; the type checker knows no bound for them.
            record: Record = replace(self._record(row), **changes)  # type: ignore[type-var]
            for column, value in self._values(record).items():
                setattr(row, column, value)
            return record

    async def jobs(self, *, status: Sequence[str] = (), limit: int = 100, offset: int = 0) -> list[Record]:
        """Jobs, the newest first; `status` () means all."""
        wanted = select(GenerationJob).order_by(GenerationJob.created_at.desc(), GenerationJob.id)
        if status:
            wanted = wanted.where(GenerationJob.status.in_(status))
        async with self._database.reading() as session:
            return [self._record(row) for row in await session.scalars(wanted.limit(limit).offset(offset))]

    async def unfinished(self) -> list[Record]:
        """Pending and processing jobs, the oldest first."""
        wanted = select(GenerationJob).where(GenerationJob.status.in_(_UNFINISHED))
        async with self._database.reading() as session:
            rows = await session.scalars(wanted.order_by(GenerationJob.created_at, GenerationJob.id))
            return [self._record(row) for row in rows]

    async def measured(self, job_id: str, performance: Mapping[str, Any]) -> None:
        """One row of performance_metrics. Raises VisavisError `job.unknown`."""
        async with self._database.writing() as session:
            await _job(session, job_id)
            session.add(
                PerformanceMetric(
                    job_id=job_id,
                    measured_at=datetime.now(UTC),
                    stage_timings=dict(performance.get("stage_timings", {})),
                    **{name: _number(performance.get(name)) for name in _MEASURES},
                )
            )

    async def judged(self, job_id: str, quality: Mapping[str, Any]) -> None:
        """One row of quality_reports. Raises VisavisError `job.unknown`."""
        async with self._database.writing() as session:
            await _job(session, job_id)
            session.add(
                QualityReport(
                    job_id=job_id,
                    judged_at=datetime.now(UTC),
                    report=dict(quality),
                    overall=_number(quality.get("overall")),
                    **{f"{name}_score": _number(quality.get(name)) for name in ("ssim", "psnr", "fid", "lip_sync")},
                )
            )

    async def spent(self, job_id: str, service: str, units: float, unit: str, cost: float | None) -> None:
        """One row of cost_tracking. Raises VisavisError `job.unknown`."""
        async with self._database.writing() as session:
            row = await _job(session, job_id)
            session.add(
                CostTracking(
                    job_id=job_id,
                    session_id=row.session_id,
                    service=service,
                    units=float(units),
                    unit=unit,
                    cost=_number(cost),
                    spent_at=datetime.now(UTC),
                )
            )

    async def findings(self, job_id: str) -> dict[str, dict[str, Any]]:
        """What was last `measured` and `judged` of a job; {} where nothing was. Raises VisavisError `job.unknown`."""
        async with self._database.reading() as session:
            await _job(session, job_id)
            run = await session.scalar(
                select(PerformanceMetric)
                .where(PerformanceMetric.job_id == job_id)
                .order_by(PerformanceMetric.id.desc())
                .limit(1)
            )
            report = await session.scalar(
                select(QualityReport.report)
                .where(QualityReport.job_id == job_id)
                .order_by(QualityReport.id.desc())
                .limit(1)
            )
        measures = {} if run is None else {name: getattr(run, name) for name in (*_MEASURES, "stage_timings")}
        return {"performance": measures, "quality": report or {}}

    async def statistics(self) -> dict[str, Any]:
        """What the dashboard shows; see `studio.ledger.Ledger.statistics`."""
        by_status = select(GenerationJob.status, func.count()).group_by(GenerationJob.status)
        async with self._database.reading() as session:
            count = {status: number for status, number in await session.execute(by_status)}  # noqa: C416
            avg_fps = await session.scalar(select(func.avg(PerformanceMetric.fps)))
            avg_quality = await session.scalar(select(func.avg(QualityReport.overall)))
            timings = await session.scalars(
                select(PerformanceMetric.stage_timings).order_by(PerformanceMetric.id.desc()).limit(_TIMED)
            )
            recent = await _recent(session)
            by_stage = _median_by_stage(timings.all())
        completed, failed = count.get("completed", 0), count.get("failed", 0)
        return {
            "total_jobs": sum(count.values()),
            "completed": completed,
            "failed": failed,
            "cancelled": count.get("cancelled", 0),
            "success_rate": 100 * completed / (completed + failed) if completed + failed else None,
            "avg_fps": avg_fps,
            "avg_quality": avg_quality,
            "stage_seconds": by_stage,
            "recent": recent,
        }

    async def forget(self, before: datetime) -> list[Record]:
        """Removes finished jobs older than this, what was measured of them, and sessions that have none left."""
        over = func.coalesce(GenerationJob.completed_at, GenerationJob.created_at) < before
        old = select(GenerationJob).where(GenerationJob.status.not_in(_UNFINISHED), over)
        async with self._database.writing() as session:
            rows = (await session.scalars(old)).all()
            forgotten = [self._record(row) for row in rows]
            if rows:
                await session.execute(delete(GenerationJob).where(GenerationJob.id.in_([row.id for row in rows])))
                await session.execute(
                    delete(UserSession).where(UserSession.id.not_in(select(GenerationJob.session_id)))
                )
            return forgotten

    def _record(self, row: GenerationJob) -> Record:
        fields = {name: getattr(row, name) for name in (*_PLAIN, *_JSON)}
        return self._records.validate_python(fields | {"owner": row.session.owner})

    def _values(self, record: Record) -> dict[str, Any]:
        plain = self._records.dump_python(record, mode="json")
        values = {name: plain[name] for name in _JSON} | {name: getattr(record, name) for name in _PLAIN}
        return values | {
            "image_path": plain["files"].get("portrait") or plain["request"]["portrait"],
            "audio_path": plain["files"].get("audio") or plain["request"]["audio"],
            "output_video_path": plain["files"].get("video", ""),
        }


async def _job(session: AsyncSession, job_id: str, *, lock: bool = False) -> GenerationJob:
    row = await session.get(GenerationJob, job_id, with_for_update={"of": GenerationJob} if lock else None)
    if row is None:
        raise VisavisError("job.unknown", "There is no such job; it may have been removed after its time.")
    return row


async def _session_of(session: AsyncSession, owner: str, now: datetime) -> str:
    """The id of the session that this owner is in, or of a new one."""
    known: ColumnElement[bool] = UserSession.owner == owner
    latest = select(UserSession).where(known).order_by(UserSession.last_seen_at.desc()).limit(1)
    row = await session.scalar(latest)
    if row is None or now - row.last_seen_at > _PAUSE:
        row = UserSession(id=uuid.uuid4().hex, owner=owner, started_at=now, last_seen_at=now)
        session.add(row)
        await session.flush()
    row.last_seen_at = max(row.last_seen_at, now)
    return row.id


async def _recent(session: AsyncSession) -> list[dict[str, Any]]:
    """The last jobs, each with what its last run measured."""
    last_run, last_report = (
        select(func.max(table.id)).where(table.job_id == GenerationJob.id).correlate(GenerationJob).scalar_subquery()
        for table in (PerformanceMetric, QualityReport)
    )
    rows = await session.execute(
        select(
            GenerationJob.id, GenerationJob.created_at, GenerationJob.status,
            PerformanceMetric.realtime_factor, QualityReport.overall,
        )
        .outerjoin(PerformanceMetric, PerformanceMetric.id == last_run)
        .outerjoin(QualityReport, QualityReport.id == last_report)
        .order_by(GenerationJob.created_at.desc(), GenerationJob.id)
        .limit(_RECENT)
    )  # fmt: skip
    names = ("id", "created_at", "status", "realtime_factor", "quality")
    return [dict(zip(names, row, strict=True)) for row in rows]


def _median_by_stage(timings: Sequence[Mapping[str, float]]) -> dict[str, float]:
    seconds: dict[str, list[float]] = defaultdict(list)
    for run in timings:
        for stage, value in run.items():
            seconds[stage].append(value)
    return {stage: median(values) for stage, values in seconds.items()}


def _number(value: Any) -> float | None:
    """A number that was measured; None for one that was not, or is not finite."""
    return float(value) if isinstance(value, int | float) and math.isfinite(value) else None
