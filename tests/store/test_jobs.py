"""What stands in the five tables when jobs are kept, read with plain SQL."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import text

from tests.store.test_ledger import NOON, record
from visavis.store.database import Database
from visavis.store.jobs import JobStore
from visavis.studio.job import Consent, JobRequest
from visavis.studio.ledger import JobRecord

PORTRAIT, VOICE, VIDEO = "a" * 64 + ".jpg", "b" * 64 + ".wav", "c" * 64 + ".mp4"


@pytest.fixture
def store(database: Database) -> JobStore[JobRecord]:
    return JobStore(database, JobRecord)


async def rows(database: Database, query: str) -> list[dict[str, Any]]:
    async with database.reading() as session:
        return [dict(row) for row in (await session.execute(text(query))).mappings()]


def loaded(value: Any) -> Any:
    """A JSON column, which SQLite gives as text."""
    return json.loads(value) if isinstance(value, str) else value


async def test_a_job_names_its_files_and_the_consent(database: Database, store: JobStore[JobRecord]) -> None:
    consent = Consent(portrait=True, voice=True, at=NOON)
    await store.add(record(request=JobRequest(portrait=PORTRAIT, audio=VOICE, consent=consent)))
    await store.update("one", status="completed", files={"video": VIDEO, "audio": VOICE}, emotion="happy")
    [row] = await rows(database, "SELECT * FROM generation_jobs")
    assert (row["image_path"], row["audio_path"], row["output_video_path"]) == (PORTRAIT, VOICE, VIDEO)
    assert (row["status"], row["emotion"], row["error_message"]) == ("completed", "happy", "")
    assert loaded(row["request"])["consent"] == {"portrait": True, "voice": True, "at": "2026-05-04T12:00:00.123456Z"}


async def test_a_session_is_one_owner_without_a_long_pause(database: Database, store: JobStore[JobRecord]) -> None:
    await store.add(record("a", minute=0))
    await store.add(record("b", minute=29))
    await store.add(record("c", minute=30, owner="10.0.0.9"))
    await store.add(record("d", minute=90))
    jobs = "SELECT id, session_id FROM generation_jobs ORDER BY id"
    session = {row["id"]: row["session_id"] for row in await rows(database, jobs)}
    assert session["a"] == session["b"]
    assert len(set(session.values())) == 3
    owners = await rows(database, "SELECT owner FROM user_sessions ORDER BY started_at")
    assert [row["owner"] for row in owners] == ["127.0.0.1", "10.0.0.9", "127.0.0.1"]
    assert (await store.get("c")).owner == "10.0.0.9"


async def test_what_was_measured_and_judged(database: Database, store: JobStore[JobRecord]) -> None:
    await store.add(record())
    timings = {"audio_processing": 0.5, "video_generation": 3.25}
    measured = {"fps": 55.5, "latency_ms": 18.0, "gpu_usage": None, "ram_usage": 512.0, "realtime_factor": 0.4}
    await store.measured("one", measured | {"stage_timings": timings})
    [row] = await rows(database, "SELECT * FROM performance_metrics")
    assert {name: row[name] for name in measured} == measured
    assert loaded(row["stage_timings"]) == timings
    report = {
        "overall": 88.5, "ssim": 0.99, "psnr": float("inf"), "fid": None, "lip_sync": 0.7,
        "reasons": {"fid": "no weights"},
    }  # fmt: skip
    await store.judged("one", report)
    [row] = await rows(database, "SELECT * FROM quality_reports")
    scores = [row[name] for name in ("ssim_score", "psnr_score", "fid_score", "lip_sync_score", "overall")]
    assert scores == [0.99, None, None, 0.7, 88.5]
    assert loaded(row["report"]) == report | {"psnr": None}


async def test_costs_outlive_the_job_and_who_asked(database: Database, store: JobStore[JobRecord]) -> None:
    await store.add(record())
    await store.spent("one", "llm", 321, "tokens", 0)
    costs = "SELECT job_id, session_id, service, units, unit, cost FROM cost_tracking"
    [before] = await rows(database, costs)
    assert before["job_id"] == "one"
    assert before["session_id"] is not None
    await store.update("one", status="completed", completed_at=NOON)
    await store.forget(NOON + timedelta(days=1))
    [after] = await rows(database, costs)
    assert after == {
        "job_id": None, "session_id": None, "service": "llm", "units": 321.0, "unit": "tokens", "cost": 0.0,
    }  # fmt: skip
    for table in ("generation_jobs", "user_sessions", "performance_metrics", "quality_reports"):
        assert await rows(database, f"SELECT * FROM {table}") == []
