"""The process that reads: it answers, it is limited, it is killed."""

from __future__ import annotations

import asyncio
import time
import zipfile
from pathlib import Path

import psutil
import pytest

from tests.knowledge.paper import Line, docx, pdf
from visavis.core.errors import VisavisError
from visavis.knowledge.media_type import DOCX, HTML, PDF, TEXT
from visavis.knowledge.reader import Reader, ReadingLimits


def children() -> list[psutil.Process]:
    found = psutil.Process().children(recursive=True)
    return [one for one in found if "visavis.knowledge.extract.process" in " ".join(one.cmdline())]


async def test_reads_and_draws(tmp_path: Path) -> None:
    path = pdf([[Line("Tea at four.", 80)]], tmp_path / "a.pdf")
    extract = await Reader().read(path, PDF)
    assert [block.text for block in extract.blocks] == ["Tea at four."]
    assert (await Reader().draw(path, 1, "Tea at four.")).startswith(b"\x89PNG")


async def test_errors_come_back_with_their_code(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"  \n ")
    with pytest.raises(VisavisError) as empty:
        await Reader().read(tmp_path / "a", TEXT)
    assert empty.value.code == "knowledge.empty"
    (tmp_path / "a").write_bytes(b"word " * 1000)
    with pytest.raises(VisavisError) as long:
        await Reader(ReadingLimits(characters=1000)).read(tmp_path / "a", TEXT)
    assert long.value.code == "knowledge.too_large"


async def test_memory_is_limited(tmp_path: Path) -> None:
    whole = docx([("Normal", "x")], tmp_path / "whole.docx")
    path = tmp_path / "bomb.docx"
    with zipfile.ZipFile(whole) as good, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as bomb:
        for name in good.namelist():
            data = good.read(name)
            if name == "word/document.xml":
                data = data.replace(b"<w:p>", b"<w:p>" + b"<w:r><w:t>a</w:t></w:r>" * 1_000_000)
            bomb.writestr(name, data)
    with pytest.raises(VisavisError) as refused:
        await Reader(ReadingLimits(memory=300_000_000)).read(path, DOCX)
    assert refused.value.code in {"knowledge.unreadable", "knowledge.too_large"}


async def test_time_is_limited_and_nothing_is_left_running(tmp_path: Path) -> None:
    path = tmp_path / "slow.html"
    path.write_bytes(b"<table>" + b"<tr><td>cell</td></tr>" * 400_000)
    begin = time.perf_counter()
    with pytest.raises(VisavisError) as refused:
        await Reader(ReadingLimits(seconds=0.05)).read(path, HTML)
    assert refused.value.code == "knowledge.unreadable" and "split" in refused.value.message
    assert time.perf_counter() - begin < 3
    assert not children()


async def test_cancelling_kills_the_process(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"words")
    task = asyncio.create_task(Reader().read(tmp_path / "a", TEXT))
    while not children():  # noqa: ASYNC110 - the system tells nobody
        await asyncio.sleep(0.005)
    begin = time.perf_counter()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert time.perf_counter() - begin < 0.5
    assert not children()
