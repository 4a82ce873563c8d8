"""The contract of a ledger, kept by the one in memory and by the database on SQLite and on PostgreSQL."""

from __future__ import annotations

import asyncio
import math
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest

from tests.postgres import Cluster
from visavis.core.errors import VisavisError
from visavis.store.database import Database
from visavis.store.jobs import JobStore
from visavis.studio.job import Consent, JobRequest, Progress, RenderOptions
from visavis.studio.ledger import JobRecord, Ledger
from visavis.studio.memory_ledger import MemoryLedger

NOON = datetime(2026, 5, 4, 12, 0, 0, 123456, tzinfo=UTC)


@asynccontextmanager
async def _stored(url: str) -> AsyncIterator[Ledger]:
    database = Database(url)
    await database.open()
    try:
        yield JobStore(database, JobRecord)
    finally:
        await database.close()


@pytest.fixture(params=["memory", "sqlite", "postgresql"])
async def ledger(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Ledger]:
    if request.param == "memory":
        yield MemoryLedger()
        return
    cluster: Cluster | None = request.getfixturevalue("cluster") if request.param == "postgresql" else None
    async with _stored(cluster.new_database() if cluster else f"sqlite:///{tmp_path}/jobs.db") as stored:
        yield stored


def record(job_id: str = "one", minute: int = 0, **fields: Any) -> JobRecord:
    given: dict[str, Any] = {
        "id": job_id,
        "status": "pending",
        "request": JobRequest(portrait="avatar:genevieve", script="Hello, 你好, ¡hola!"),
        "created_at": NOON + timedelta(minutes=minute),
        "owner": "127.0.0.1",
    }
    return JobRecord(**given | fields)


def ids(records: list[JobRecord]) -> list[str]:
    return [one.id for one in records]


async def test_gives_back_what_was_added(ledger: Ledger) -> None:
    request = JobRequest(
        portrait="a" * 64 + ".jpg",
        audio="b" * 64 + ".wav",
        language="zh",
        voice="zf_xiaobei",
        options=RenderOptions(size=640, container="webm", background="transparent", emotion="happy", seed=7),
        consent=Consent(portrait=True, voice=True, at=NOON - timedelta(seconds=5)),
    )
    added = record(
        request=request,
        status="processing",
        started_at=NOON + timedelta(seconds=1),
        progress=Progress(stage="controller", stage_share=0.5, share=0.25, message="Deciding", seconds_left=12.5),
        emotion="happy",
        confidence=0.875,
        avatar_control={"blink_rate": 0.25, "head_tilt": 1.0},
        control_source="llm",
        files={"portrait": "a" * 64 + ".jpg", "preview": "c" * 64 + ".jpg"},
        provenance={"engine": "visavis", "sidecar": None},
        attempts=2,
    )
    await ledger.add(added)
    assert await ledger.get("one") == added


async def test_keeps_times_in_utc(ledger: Ledger) -> None:
    east = timezone(timedelta(hours=8))
    await ledger.add(record(created_at=NOON.astimezone(east)))
    got = await ledger.get("one")
    assert got.created_at == NOON
    assert got.created_at.tzinfo is not None


async def test_refuses_an_id_twice(ledger: Ledger) -> None:
    await ledger.add(record())
    with pytest.raises(VisavisError) as refused:
        await ledger.add(record(status="failed"))
    assert refused.value.code == "job.exists"
    assert (await ledger.get("one")).status == "pending"


async def test_knows_no_other_job(ledger: Ledger) -> None:
    async def refused(call: Any) -> str:
        with pytest.raises(VisavisError) as error:
            await call
        return error.value.code

    assert await refused(ledger.get("two")) == "job.unknown"
    assert await refused(ledger.update("two", status="failed")) == "job.unknown"
    assert await refused(ledger.measured("two", {"fps": 1.0})) == "job.unknown"
    assert await refused(ledger.judged("two", {"overall": 1.0})) == "job.unknown"
    assert await refused(ledger.findings("two")) == "job.unknown"
    assert await refused(ledger.spent("two", "tts", 1, "seconds", 0)) == "job.unknown"


async def test_changes_the_named_fields_alone(ledger: Ledger) -> None:
    await ledger.add(record())
    progress = Progress(stage="video_generation", stage_share=0.1, share=0.3)
    first = await ledger.update("one", status="processing", progress=progress, attempts=1)
    assert first == record(status="processing", progress=progress, attempts=1)
    files = {"video": "d" * 64 + ".mp4"}
    done: dict[str, Any] = {"status": "completed", "completed_at": NOON, "progress": None, "files": files}
    assert await ledger.update("one", **done) == record(attempts=1, **done)
    assert await ledger.get("one") == record(attempts=1, **done)


async def test_refuses_a_field_that_a_record_has_not(ledger: Ledger) -> None:
    await ledger.add(record())
    with pytest.raises(TypeError):
        await ledger.update("one", colour="blue")
    assert await ledger.get("one") == record()


async def test_loses_no_change_of_many_at_once(ledger: Ledger) -> None:
    await ledger.add(record())
    fields: list[dict[str, Any]] = [
        {"emotion": "sad"}, {"confidence": 0.5}, {"control_source": "defaults"}, {"attempts": 3},
        {"error_code": "x.y"}, {"error_message": "Oh."}, {"files": {"srt": "e" * 64 + ".srt"}}, {"started_at": NOON},
    ]  # fmt: skip
    await asyncio.gather(*(ledger.update("one", **field) for field in fields))
    together = {name: value for field in fields for name, value in field.items()}
    assert await ledger.get("one") == record(**together)


async def test_lists_the_newest_first_by_status_and_page(ledger: Ledger) -> None:
    statuses = ["completed", "failed", "pending", "completed", "processing", "cancelled"]
    for number, status in enumerate(statuses):
        await ledger.add(record(f"job-{number}", minute=number, status=status))
    assert ids(await ledger.jobs()) == [f"job-{number}" for number in (5, 4, 3, 2, 1, 0)]
    assert ids(await ledger.jobs(limit=2, offset=1)) == ["job-4", "job-3"]
    assert ids(await ledger.jobs(status=["completed", "failed"])) == ["job-3", "job-1", "job-0"]
    assert ids(await ledger.unfinished()) == ["job-2", "job-4"]


async def test_forgets_old_finished_jobs_alone(ledger: Ledger) -> None:
    old, new = NOON - timedelta(days=9), NOON
    await ledger.add(record("old", status="completed", created_at=old, completed_at=old, files={"video": "v"}))
    await ledger.add(record("given-up", status="cancelled", created_at=old))
    await ledger.add(record("late", status="failed", created_at=old, completed_at=new))
    await ledger.add(record("waiting", created_at=old))
    await ledger.add(record("new", status="completed", created_at=new, completed_at=new))
    await ledger.measured("old", {"fps": 50.0})
    await ledger.judged("old", {"overall": 90.0})
    await ledger.spent("old", "tts", 3.5, "seconds", None)
    forgotten = await ledger.forget(NOON - timedelta(days=7))
    assert sorted(ids(forgotten)) == ["given-up", "old"]
    assert {one.id: one.files for one in forgotten}["old"] == {"video": "v"}
    assert sorted(ids(await ledger.jobs())) == ["late", "new", "waiting"]
    statistics = await ledger.statistics()
    assert (statistics["total_jobs"], statistics["avg_fps"], statistics["avg_quality"]) == (3, None, None)
    assert await ledger.forget(NOON - timedelta(days=7)) == []


async def test_finds_what_was_last_measured_and_judged(ledger: Ledger) -> None:
    await ledger.add(record())
    assert await ledger.findings("one") == {"performance": {}, "quality": {}}
    performance = {"latency_ms": 20.0, "gpu_usage": None, "ram_usage": 300.5, "realtime_factor": 0.5}
    timings = {"stage_timings": {"controller": 0.25}}
    quality = {"overall": 91.5, "ssim": 0.97, "fid": None, "not_available": {"fid": "no weights"}}
    await ledger.measured("one", performance | timings | {"fps": 1.0})
    await ledger.measured("one", performance | timings | {"fps": 50.0})
    await ledger.judged("one", {"overall": 2.0})
    await ledger.judged("one", quality)
    assert await ledger.findings("one") == {"performance": performance | timings | {"fps": 50.0}, "quality": quality}


async def test_has_no_numbers_before_the_first_job(ledger: Ledger) -> None:
    assert await ledger.statistics() == {
        "total_jobs": 0,
        "completed": 0,
        "failed": 0,
        "cancelled": 0,
        "success_rate": None,
        "avg_fps": None,
        "avg_quality": None,
        "stage_seconds": {},
        "recent": [],
    }


async def test_counts_and_averages(ledger: Ledger) -> None:
    statuses = ["completed", "completed", "completed", "failed", "cancelled", "pending"]
    for number, status in enumerate(statuses):
        await ledger.add(record(f"job-{number}", minute=number, status=status))
    await ledger.measured("job-0", {"fps": 40.0, "realtime_factor": 0.5, "stage_timings": {"controller": 1.0}})
    await ledger.measured("job-1", {"fps": 60.0, "stage_timings": {"controller": 2.0, "video_generation": 10.0}})
    await ledger.measured("job-1", {"realtime_factor": 0.75, "stage_timings": {"controller": 9.0}})
    await ledger.judged("job-0", {"overall": 80.0, "ssim": 0.98, "psnr": math.inf, "fid": None})
    await ledger.judged("job-2", {"overall": 90.0})
    await ledger.judged("job-3", {"overall": math.nan})
    statistics = await ledger.statistics()
    recent = statistics.pop("recent")
    assert statistics == {
        "total_jobs": 6,
        "completed": 3,
        "failed": 1,
        "cancelled": 1,
        "success_rate": 75.0,
        "avg_fps": 50.0,
        "avg_quality": 85.0,
        "stage_seconds": {"controller": 2.0, "video_generation": 10.0},
    }
    assert [one["id"] for one in recent] == [f"job-{number}" for number in (5, 4, 3, 2, 1, 0)]
    assert recent[0] == {
        "id": "job-5",
        "created_at": NOON + timedelta(minutes=5),
        "status": "pending",
        "realtime_factor": None,
        "quality": None,
    }
    assert [(one["realtime_factor"], one["quality"]) for one in recent[3:]] == [(None, 90.0), (0.75, None), (0.5, 80.0)]
