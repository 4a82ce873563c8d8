"""Jobs that are broken off, politely or by kill -9, go on where they were."""

from __future__ import annotations

import asyncio
import signal
import sqlite3
import sys
from pathlib import Path

import psutil
import pytest

from tests.studio.rehearsal import asked, rehearsal
from visavis.core.errors import VisavisError
from visavis.face.avatars import AvatarStore
from visavis.studio.job import Progress
from visavis.studio.memo import Memo
from visavis.studio.tools import Tools


def _finished(tools: Tools) -> dict[str, tuple[int, int]]:
    """The finished pieces of video, and what changes when a file is written again."""
    files = {name: tools.artifacts.path(name).stat() for name in tools.artifacts if name.endswith(".mp4")}
    return {name: (found.st_ino, found.st_ctime_ns) for name, found in files.items()}


async def test_a_cancelled_job_draws_no_finished_piece_again(tmp_path: Path, avatars: AvatarStore) -> None:
    async with rehearsal(tmp_path, avatars) as studio:
        await studio.until(asked(), lambda news: news.stage == "video_generation" and news.stage_share > 0.5)
        await studio.tools.drawers.aclose()
        assert not [path for path in studio.tools.artifacts.root.iterdir() if path.name.startswith(".")]
        before = _finished(studio.tools)
        assert before
        state = await studio.pipeline.resume("job")
        after = _finished(studio.tools)
        assert before.items() <= after.items() and set(before) <= set(state["segments"])
        whole, _ = await studio.make(asked(), "whole")
        assert state["segments"] == whole["segments"]


async def test_a_process_that_breaks_is_replaced(tmp_path: Path, avatars: AvatarStore) -> None:
    async with rehearsal(tmp_path, avatars) as studio:

        def kill(news: Progress) -> None:
            if news.stage == "video_generation" and news.stage_share > 0.1:
                for process in psutil.Process().children():
                    if "visavis.studio.drawing" in process.cmdline():
                        process.kill()

        with pytest.raises(VisavisError) as broken:
            await studio.pipeline.ainvoke(asked(), "job", kill)
        assert broken.value.code == "studio.drawing" and broken.value.retryable
        state = await studio.pipeline.resume("job")
        assert state["enhanced_video"] in studio.tools.artifacts


async def test_a_piece_whose_preview_was_not_kept_is_not_drawn_again(
    tmp_path: Path, avatars: AvatarStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A server may be killed between the two."""
    keep = Memo.put

    def broken(memo: Memo, key: str, name: str) -> str:
        if name.endswith(".jpg"):
            raise VisavisError("storage.failed", "It ended here.")
        return keep(memo, key, name)

    async with rehearsal(tmp_path, avatars) as studio:
        monkeypatch.setattr(Memo, "put", broken)
        with pytest.raises(VisavisError, match="It ended here"):
            await studio.make(asked())
        before = _finished(studio.tools)
        monkeypatch.undo()
        state = await studio.pipeline.resume("job")
        assert before and before.items() <= _finished(studio.tools).items()
        assert set(before) <= set(state["segments"])


async def test_an_end_that_was_written_but_not_its_checkpoint_counts(tmp_path: Path, avatars: AvatarStore) -> None:
    async with rehearsal(tmp_path, avatars) as studio:
        await studio.make(asked("Hello."))
        with sqlite3.connect(tmp_path / "checkpoints.db") as database:
            rows = database.execute("SELECT checkpoint_id FROM checkpoints ORDER BY checkpoint_id").fetchall()
            database.executemany("DELETE FROM checkpoints WHERE checkpoint_id = ?", rows[-3:])
        assert (await studio.pipeline.get_state("job")).next == ("controller",)
        state, news = await studio.make(asked("Hello."))
        assert state["enhanced_video"] in studio.tools.artifacts
        assert "video_generation" in {one.stage for one in news}


async def test_killed_while_it_draws_the_video_is_the_same(tmp_path: Path, avatars: AvatarStore) -> None:
    folder = tmp_path / "killed"
    async with rehearsal(folder, avatars) as studio:
        await _run_until(folder, avatars, "video_generation ", past=0.4)
        seen = _finished(studio.tools)
        assert seen
        last = await _run_until(folder, avatars, "finished ")
        assert seen.items() <= _finished(studio.tools).items(), "a finished piece was drawn again"
        killed = (await studio.pipeline.get_state("job")).values
        assert killed["enhanced_video"] == last.split()[1]
    async with rehearsal(tmp_path / "whole", avatars) as studio:
        whole, _ = await studio.make(asked(options={"smooth": True}))
    for part in ("voice", "motion", "segments"):
        assert killed[part] == whole[part], f"{part} differs from an uninterrupted run"


async def _run_until(folder: Path, avatars: AvatarStore, wanted: str, past: float = 0.0) -> str:
    """Runs the job in a process of its own until it says what is wanted; then kills it, its drawers on their own."""
    command = [sys.executable, "-m", "tests.studio.rehearsal", str(folder), str(avatars.root)]
    process = await asyncio.create_subprocess_exec(*command, stdout=asyncio.subprocess.PIPE)
    assert process.stdout is not None
    try:
        while line := (await process.stdout.readline()).decode():
            if line.startswith(wanted) and (wanted == "finished " or float(line.split()[1]) >= past):
                return line
        raise AssertionError(f"it ended without saying '{wanted}'")
    finally:
        if wanted != "finished ":
            process.send_signal(signal.SIGKILL)
        await process.wait()
