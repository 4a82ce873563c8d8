"""`kill -9` of the real server in each stage of a job: the next one goes on with it, and nobody can see it."""

from __future__ import annotations

import json
import signal
import sqlite3
import time
from contextlib import closing
from pathlib import Path
from typing import Any

import av
import httpx
import numpy as np
import psutil
import pytest
from numpy.typing import NDArray

from bench.server import ServerProcess
from visavis.studio.job import STAGES

SCRIPT = "My name is Ann. Pam may bump my map."
PATIENCE = 240
"""Seconds for a job to come somewhere, on a machine that is busy with other work."""

SLICE = 0.004
"""Seconds for which the server runs between two looks at where its job is: less than any stage takes."""

OF_ITS_OWN = {"audio_processing": 1, "video_generation": 2, "quality_enhancement": 2}
"""Pieces of work that a stage is to have finished when it is killed; the others finish none but themselves."""


def server(folder: Path) -> ServerProcess:
    return ServerProcess(
        folder / "server.log",
        VISAVIS_ENGINES="fake",
        VISAVIS_STUDIO=str(folder / "studio"),
        VISAVIS_STUDIO_SEGMENT="0.5",
        VISAVIS_STUDIO_PROCESSES="1",
    )


def pieces(folder: Path, job: str) -> dict[str, int]:
    """The finished pieces of a job, and when each was finished."""
    found = (folder / "studio" / "work" / job).glob("*")
    return {path.name: path.stat().st_mtime_ns for path in found if len(path.name) == 64}


def stages_over(folder: Path, job: str) -> int | None:
    """How many stages of a job are over, by its last checkpoint; None when that cannot be told now."""
    try:
        with closing(sqlite3.connect(folder / "studio" / "studio-pipeline.db", timeout=0.1)) as database:
            rows = database.execute("SELECT metadata FROM checkpoints WHERE thread_id = ?", (job,)).fetchall()
    except sqlite3.OperationalError:  # it was stopped while it wrote
        return None
    return max((int(json.loads(row[0])["step"]) for row in rows), default=None)


def kill_in(stage: int, running: ServerProcess, folder: Path, job: str) -> None:
    """Lets the server run in slices until its job is in that stage, and has finished some of it; then kills it."""
    process = psutil.Process(running.pid)
    deadline = time.monotonic() + PATIENCE
    begun: int | None = None
    while True:
        assert time.monotonic() < deadline, f"never in {STAGES[stage]}"
        process.send_signal(signal.SIGSTOP)
        over = stages_over(folder, job)
        done = len(pieces(folder, job))
        if over == stage:
            begun = done if begun is None else begun
            if done >= begun + OF_ITS_OWN.get(STAGES[stage], 0):
                running.kill()
                return
        assert over is None or over <= stage, f"{STAGES[stage]} was over before the server could be killed"
        process.send_signal(signal.SIGCONT)
        time.sleep(SLICE)


def ask(http: httpx.Client) -> str:
    options = {"size": 256, "fps": 10, "captions": "burned", "sharpen": True}
    body = {"portrait": "avatar:genevieve", "script": SCRIPT, "options": options}
    answer = http.post("/api/v1/generate", json=body)
    assert answer.status_code == 202, answer.text
    return str(answer.json()["task_id"])


def finished(http: httpx.Client, job: str) -> dict[str, Any]:
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        found: dict[str, Any] = http.get(f"/api/v1/status/{job}").json()
        if found["status"] in {"completed", "failed", "cancelled"}:
            return found
        time.sleep(0.2)
    raise AssertionError(found)


def pictures(http: httpx.Client, found: dict[str, Any], path: Path) -> NDArray[np.uint8]:
    """All decoded frames of a finished video: (frames, height, width, 3)."""
    path.write_bytes(http.get(found["video_url"]).content)
    with av.open(str(path)) as film:
        return np.stack([frame.to_ndarray(format="rgb24") for frame in film.decode(video=0)]).astype(np.uint8)


@pytest.mark.timeout(600)
def test_killed_in_each_stage_a_job_goes_on_and_ends_as_if_nothing_had_been(tmp_path: Path) -> None:
    running = server(tmp_path)
    try:
        running.start()
        with httpx.Client(base_url=running.url, timeout=60, trust_env=False, verify=False) as http:
            job = ask(http)
        seen: dict[str, int] = {}
        for stage, name in enumerate(STAGES):
            kill_in(stage, running, tmp_path, job)
            now = pieces(tmp_path, job)
            assert seen.items() <= now.items(), f"something was made again before {name}"
            seen = now
            running.start()
        with httpx.Client(base_url=running.url, timeout=60, trust_env=False, verify=False) as http:
            broken_off = finished(http, job)
            assert broken_off["status"] == "completed", broken_off["error"]
            assert seen.items() <= pieces(tmp_path, job).items()
            whole = finished(http, ask(http))
            one, other = (pictures(http, found, tmp_path / "film.mp4") for found in (broken_off, whole))
            assert one.shape == other.shape and len(one) > 10
            assert np.array_equal(one, other)
            stats = http.get("/api/v1/stats/dashboard").json()
        assert (stats["total_jobs"], stats["completed"]) == (2, 2)
    finally:
        running.stop()
