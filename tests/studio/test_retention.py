"""What is removed when it has had its time, and what never is."""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.studio.sketch import Sketch
from visavis.studio.artifacts import Artifacts
from visavis.studio.job import JobRequest
from visavis.studio.ledger import JobRecord
from visavis.studio.memory_ledger import MemoryLedger
from visavis.studio.retention import Retention

NOW = datetime.now(UTC)
KEEP = Retention(jobs=timedelta(days=7), unused=timedelta(days=1))


@pytest.fixture
def artifacts(tmp_path: Path) -> Artifacts:
    return Artifacts(tmp_path)


def put(artifacts: Artifacts, content: str, days: float) -> str:
    """A file that was written so many days ago."""
    name = artifacts.put(content.encode(), "bin")
    moment = (NOW - timedelta(days=days)).timestamp()
    os.utime(artifacts.path(name), (moment, moment))
    return name


def job(job_id: str, days: float, portrait: str, **fields: Any) -> JobRecord:
    moment = NOW - timedelta(days=days)
    given: dict[str, Any] = {"status": "completed", "completed_at": moment} | fields
    return JobRecord(job_id, request=JobRequest(portrait=portrait, script="Hello."), created_at=moment, **given)


async def test_removes_old_jobs_with_their_files_and_files_of_nobody(artifacts: Artifacts) -> None:
    ledger, sketch = MemoryLedger(), Sketch(artifacts)
    shared = put(artifacts, "a portrait of two jobs", 30)
    old_video, new_video = put(artifacts, "an old video", 9), put(artifacts, "a new video", 3)
    old_upload, new_upload = put(artifacts, "nobody used this", 2), put(artifacts, "just uploaded", 0.5)
    (artifacts.root / ".1-abc.mp4").write_bytes(b"of a process that was killed")
    os.utime(artifacts.root / ".1-abc.mp4", (0, 0))
    (artifacts.root / ".2-def.mp4").write_bytes(b"being written")
    await ledger.add(job("old", 9, shared, files={"video": old_video}))
    await ledger.add(job("new", 3, shared, files={"video": new_video}))
    assert await KEEP.sweep(ledger, sketch, artifacts, NOW) == (1, 3)
    assert [record.id for record in await ledger.jobs()] == ["new"]
    assert set(artifacts) == {shared, new_video, new_upload}
    assert (artifacts.root / ".2-def.mp4").exists()
    assert old_upload not in artifacts
    assert await KEEP.sweep(ledger, sketch, artifacts, NOW) == (0, 0)


@pytest.mark.parametrize(("status", "kept"), [("processing", True), ("failed", True), ("completed", False)])
async def test_keeps_the_steps_of_a_job_that_may_go_on(artifacts: Artifacts, status: str, kept: bool) -> None:
    ledger, sketch = MemoryLedger(), Sketch(artifacts)
    step = put(artifacts, "a finished piece of video", 5)

    class _Knows(Sketch):
        async def files(self, job_id: str) -> set[str]:
            return {step} if job_id == "one" else set()

    sketch = _Knows(artifacts)
    await ledger.add(job("one", 5, "avatar:genevieve", status=status))
    await KEEP.sweep(ledger, sketch, artifacts, NOW)
    assert (step in artifacts) is kept


async def test_looks_at_every_job_of_many(artifacts: Artifacts) -> None:
    ledger, sketch = MemoryLedger(), Sketch(artifacts)
    names = [put(artifacts, f"video {number}", 4) for number in range(450)]
    for number, name in enumerate(names):
        await ledger.add(job(f"job-{number}", 4 + number / 1000, "avatar:genevieve", files={"video": name}))
    assert await KEEP.sweep(ledger, sketch, artifacts, NOW) == (0, 0)
    assert set(artifacts) == set(names)


def test_what_is_uploaded_again_counts_as_new(artifacts: Artifacts) -> None:
    name = put(artifacts, "twice", 30)
    assert artifacts.put(b"twice", "bin") == name
    assert artifacts.keep_only((), since=NOW.timestamp() - 3600) == 0
    assert not artifacts.renew("0" * 64 + ".bin")
    assert not artifacts.renew("../" + name)
    assert artifacts.keep_only(()) == 1
    assert name not in artifacts
