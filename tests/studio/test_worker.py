"""The queue: one job after the other, whatever happens to any of them."""

from __future__ import annotations

import asyncio
import errno
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.studio.sketch import Sketch
from visavis.core.errors import VisavisError
from visavis.store.database import Database
from visavis.store.jobs import JobStore
from visavis.studio.artifacts import Artifacts
from visavis.studio.job import STAGES, JobRequest
from visavis.studio.ledger import JobRecord, Ledger
from visavis.studio.memory_ledger import MemoryLedger
from visavis.studio.worker import Limits, Worker


def asked(script: str) -> JobRequest:
    return JobRequest(portrait="avatar:genevieve", script=script)


@asynccontextmanager
async def running(worker: Worker) -> AsyncIterator[None]:
    """The worker at work, ended as a server that goes down ends it."""
    task = asyncio.create_task(worker.run())
    try:
        yield
    finally:
        task.cancel()
        await asyncio.wait({task})
    assert task.cancelled(), task.exception()


async def over(worker: Worker, *jobs: JobRecord) -> list[JobRecord]:
    """The records of these jobs once they are at their end."""

    async def last(job_id: str) -> JobRecord:
        return [record async for record in worker.events(job_id)][-1]

    async with asyncio.timeout(20):
        return list(await asyncio.gather(*(last(job.id) for job in jobs)))


@pytest.fixture
def ledger() -> MemoryLedger:
    return MemoryLedger()


@pytest.fixture
def sketch(tmp_path: Path) -> Sketch:
    return Sketch(Artifacts(tmp_path / "files"))


@pytest.fixture
def worker(sketch: Sketch, ledger: MemoryLedger) -> Worker:
    return Worker(sketch, ledger, sketch.artifacts, Limits(waiting=3))


async def test_makes_one_after_the_other_and_writes_down_what_came_of_it(
    worker: Worker, sketch: Sketch, ledger: MemoryLedger
) -> None:
    jobs = [await worker.submit(asked(script), "10.0.0.1") for script in ("one", "two", "three")]
    assert [worker.position(job.id) for job in jobs] == [0, 1, 2]
    async with running(worker):
        ended = await over(worker, *jobs)
    assert [record.status for record in ended] == ["completed"] * 3
    assert sketch.made == [f"{stage} of {script}" for script in ("one", "two", "three") for stage in STAGES]
    record = await ledger.get(jobs[1].id)
    assert sketch.artifacts.read(record.files["video"]) == b"quality_enhancement of two"
    assert sketch.artifacts.read(record.files["srt"]) == b"controller of two"
    assert sketch.artifacts.read(record.files["preview"]) == b"audio_processing of two"
    assert set(record.files) == {"video", "srt", "preview", "audio"}
    assert (record.emotion, record.confidence, record.control_source) == ("happy", 0.75, "llm")
    assert (record.owner, record.attempts, record.provenance["engine"]) == ("10.0.0.1", 1, "sketch")
    assert record.started_at is not None
    assert record.completed_at is not None
    assert record.created_at <= record.started_at <= record.completed_at
    findings = await ledger.findings(record.id)
    assert findings["quality"]["overall"] == 90.0
    performance = findings["performance"]
    assert performance.pop("ram_usage") > 10
    assert performance == {
        "fps": 50.0,
        "latency_ms": 40.0,
        "gpu_usage": None,
        "stage_timings": {"audio_processing": 0.5, "video_generation": 1.5},
        "realtime_factor": 1.0,
    }
    spent = [(cost.service, cost.unit, cost.cost) for cost in ledger.costs if cost.job_id == record.id]
    assert spent == [("studio", "seconds", 0.0)]
    assert worker.position(record.id) is None


async def test_refuses_more_than_may_wait(worker: Worker, sketch: Sketch) -> None:
    jobs = [await worker.submit(asked(script)) for script in ("one", "two", "three")]
    with pytest.raises(VisavisError) as full:
        await worker.submit(asked("four"))
    assert full.value.code == "queue.full"
    assert full.value.retryable
    sketch.gates["one"] = asyncio.Event()
    async with running(worker):
        await sketch.reached.wait()
        jobs.append(await worker.submit(asked("five")))
        assert [worker.position(job.id) for job in jobs] == [0, 1, 2, 3]
        sketch.gates["one"].set()
        await over(worker, *jobs)
    assert sketch.begun == ["one", "two", "three", "five"]


async def test_refuses_when_many_come_at_the_same_moment(worker: Worker) -> None:
    results = await asyncio.gather(*(worker.submit(asked(str(n))) for n in range(8)), return_exceptions=True)
    assert sum(isinstance(result, JobRecord) for result in results) == 3


async def test_progress_reaches_who_watches(worker: Worker, sketch: Sketch) -> None:
    sketch.gates["one"] = asyncio.Event()
    job, _, last = [await worker.submit(asked(script)) for script in ("one", "two", "three")]
    seen, places = [], []

    async def watch_the_last() -> None:
        places.extend([(record.status, worker.position(record.id)) async for record in worker.events(last.id)])

    async with running(worker), asyncio.TaskGroup() as group:
        group.create_task(watch_the_last())
        async for record in worker.events(job.id):
            seen.append(record)
            if record.progress and record.progress.stage == "controller" and not sketch.gates["one"].is_set():
                assert await worker.get(job.id) == record
                assert set(worker.stage_seconds(job.id)) == {"audio_processing", "emotion_detection", "controller"}
                sketch.gates["one"].set()
    shares = [record.progress.share for record in seen if record.progress]
    assert shares == sorted(shares)
    assert shares[-1] == 1.0
    assert (seen[0].status, seen[-1].status) == ("pending", "completed")
    assert [place for place in dict.fromkeys(places) if place[0] == "pending"] == [("pending", 2), ("pending", 1)]
    assert places[-1][0] == "completed"


async def test_who_is_slow_gets_the_latest(worker: Worker) -> None:
    job = await worker.submit(asked("one"))
    events = worker.events(job.id)
    first = await anext(events)
    async with running(worker):
        await over(worker, job)
        rest = [record async for record in events]
    assert first.status == "pending"
    assert [record.status for record in rest] == ["completed"]
    with pytest.raises(VisavisError) as unknown:
        await anext(worker.events("nobody"))
    assert unknown.value.code == "job.unknown"


async def test_cancels_what_waits_and_what_runs(worker: Worker, sketch: Sketch, ledger: MemoryLedger) -> None:
    sketch.gates["one"] = asyncio.Event()
    jobs = [await worker.submit(asked(script)) for script in ("one", "two", "three")]
    async with running(worker):
        await sketch.reached.wait()
        assert (await worker.cancel(jobs[1].id)).status == "cancelled"
        assert worker.position(jobs[2].id) == 1
        begun = asyncio.get_running_loop().time()
        cancelled = await worker.cancel(jobs[0].id)
        assert asyncio.get_running_loop().time() - begun < 1.0
        assert cancelled.status == "cancelled"
        assert cancelled.completed_at is not None
        ended = await over(worker, *jobs)
        assert await worker.cancel(jobs[2].id) == ended[2]
    assert [record.status for record in ended] == ["cancelled", "cancelled", "completed"]
    assert (sketch.begun, sketch.stopped) == (["one", "three"], ["one"])
    assert [record.error_code for record in ended] == ["", "", ""]
    with pytest.raises(VisavisError) as unknown:
        await worker.cancel("nobody")
    assert unknown.value.code == "job.unknown"
    assert {cost.job_id for cost in ledger.costs} == {jobs[0].id, jobs[2].id}


async def test_a_failure_is_told_and_the_queue_goes_on(worker: Worker, sketch: Sketch) -> None:
    sketch.failures["one"] = VisavisError("audio.no_speech", "Nobody speaks in this recording.")
    sketch.failures["two"] = ZeroDivisionError("a bug")
    jobs = [await worker.submit(asked(script)) for script in ("one", "two", "three")]
    async with running(worker):
        ended = await over(worker, *jobs)
    assert [record.error_code for record in ended] == ["audio.no_speech", "job.failed", ""]
    assert ended[0].error_message == "Nobody speaks in this recording."
    assert "a bug" not in ended[1].error_message
    assert [record.status for record in ended] == ["failed", "failed", "completed"]


async def test_a_retried_job_goes_on_where_it_was(worker: Worker, sketch: Sketch, ledger: MemoryLedger) -> None:
    sketch.failures["one"] = VisavisError("stt.unavailable", "The model cannot be loaded.")
    job = await worker.submit(asked("one"))
    async with running(worker):
        [failed] = await over(worker, job)
        assert failed.status == "failed"
        del sketch.failures["one"]
        again = await worker.retry(job.id)
        assert (again.status, again.error_code, again.completed_at) == ("pending", "", None)
        [ended] = await over(worker, job)
        assert (ended.status, ended.attempts) == ("completed", 1)
        with pytest.raises(VisavisError) as done:
            await worker.retry(job.id)
        assert done.value.code == "job.completed"
    assert sketch.made == [f"{stage} of one" for stage in STAGES]
    performance = (await ledger.findings(job.id))["performance"]
    assert performance["realtime_factor"] is None, "half of the work was not measured"
    waiting = await worker.submit(asked("two"))
    with pytest.raises(VisavisError) as unfinished:
        await worker.retry(waiting.id)
    assert unfinished.value.code == "job.unfinished"


@pytest.fixture(params=["memory", "sqlite"])
async def kept(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Ledger]:
    """A ledger that outlives a worker."""
    if request.param == "memory":
        yield MemoryLedger()
        return
    database = Database(f"sqlite:///{tmp_path}/jobs.db")
    await database.open()
    yield JobStore(database, JobRecord)
    await database.close()


async def test_a_new_worker_takes_up_what_was_left(kept: Ledger, sketch: Sketch) -> None:
    sketch.gates["one"] = asyncio.Event()
    before = Worker(sketch, kept, sketch.artifacts)
    jobs = [await before.submit(asked(script)) for script in ("one", "two")]
    async with running(before):
        await sketch.reached.wait()
    assert [(record.id, record.status) for record in await kept.unfinished()] == [
        (jobs[0].id, "processing"),
        (jobs[1].id, "pending"),
    ]
    sketch.gates["one"].set()
    after = Worker(sketch, kept, sketch.artifacts)
    jobs.append(await after.submit(asked("three")))
    async with running(after):
        ended = await over(after, *jobs)
    assert [(record.status, record.attempts) for record in ended] == [
        ("completed", 2),
        ("completed", 1),
        ("completed", 1),
    ]
    assert sketch.begun == ["one", "one", "two", "three"]
    assert sketch.made == [f"{stage} of {script}" for script in ("one", "two", "three") for stage in STAGES]


async def test_gives_up_a_job_that_ends_every_server(sketch: Sketch, ledger: MemoryLedger) -> None:
    sketch.gates["one"] = asyncio.Event()
    limits = Limits(attempts=2)
    job = await Worker(sketch, ledger, sketch.artifacts, limits).submit(asked("one"))
    for _ in range(2):
        sketch.reached.clear()
        async with running(Worker(sketch, ledger, sketch.artifacts, limits)):
            await sketch.reached.wait()
    last = Worker(sketch, ledger, sketch.artifacts, limits)
    async with running(last):
        [ended] = await over(last, job)
    assert (ended.status, ended.error_code, sketch.begun) == ("failed", "job.given_up", ["one", "one"])


async def test_survives_a_full_disk(worker: Worker, sketch: Sketch) -> None:
    def no_space(path: Path) -> None:
        path.write_bytes(b"half a vid")
        raise OSError(errno.ENOSPC, "No space left on device")

    sketch.failures["one"] = lambda: sketch.artifacts.make("mp4", no_space)
    jobs = [await worker.submit(asked(script)) for script in ("one", "two")]
    async with running(worker):
        ended = await over(worker, *jobs)
        assert [(record.status, record.error_code) for record in ended] == [
            ("failed", "storage.full"),
            ("completed", ""),
        ]
        assert {path.name for path in sketch.artifacts.root.iterdir()} == set(sketch.artifacts)
        del sketch.failures["one"]
        await worker.retry(jobs[0].id)
        [ended_well] = await over(worker, jobs[0])
        assert ended_well.status == "completed"


class _Unsteady(MemoryLedger):
    """A ledger that cannot be written for a while."""

    trouble = 0

    async def update(self, job_id: str, **changes: Any) -> JobRecord:
        """As any ledger's."""
        if self.trouble:
            self.trouble -= 1
            raise VisavisError("storage.full", "The disk of the database is full.", retryable=True)
        return await super().update(job_id, **changes)


async def test_waits_for_a_ledger_that_cannot_be_written(sketch: Sketch) -> None:
    ledger = _Unsteady()
    worker = Worker(sketch, ledger, sketch.artifacts)
    sketch.gates["one"] = asyncio.Event()
    jobs = [await worker.submit(asked(script)) for script in ("one", "two")]
    async with running(worker):
        await sketch.reached.wait()
        ledger.trouble = 2
        sketch.gates["one"].set()
        ended = await over(worker, *jobs)
    assert [record.status for record in ended] == ["completed", "completed"]
    assert ledger.trouble == 0
    assert sketch.begun == ["one", "two"]


async def test_keeps_the_progress_of_a_long_job(worker: Worker, sketch: Sketch, ledger: MemoryLedger) -> None:
    sketch.gates["one"] = asyncio.Event()
    job = await worker.submit(asked("one"))
    async with running(worker):
        async with asyncio.timeout(10):
            while (kept := (await ledger.get(job.id)).progress) is None:  # noqa: ASYNC110  (a ledger tells nobody)
                await asyncio.sleep(0.05)
        assert kept.stage == "controller"
