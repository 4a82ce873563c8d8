"""Documents in and out: replaced, made anew only where they changed, refused, broken off."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from tests.knowledge.desks import LIBRARY, POOL, CountingEmbedder, desk_at, shelve, written
from visavis.core.errors import VisavisError
from visavis.knowledge.intake import IntakeLimits


async def test_only_what_changed_is_embedded_again(tmp_path: Path) -> None:
    embedder = CountingEmbedder()
    async with desk_at(tmp_path, embedder) as desk:
        [path] = written(tmp_path / "in", pool_md=POOL)
        [first] = await shelve(desk, "city", path)
        before = {one.passage.id for one in await desk.archive.entries([first])}
        embedder.passages.clear()
        path.write_text(POOL.replace("6 euro", "7 euro"))
        [second] = await shelve(desk, "city", path)
        assert second == first
        assert len(embedder.passages) == 1 and "7 euro" in embedder.passages[0]
        after = {one.passage.id for one in await desk.archive.entries([first])}
        assert len(before & after) == 1 and len(after) == 2
        found = await desk.retriever.search("what do adults pay", ["city"])
        assert "7 euro" in found.candidates[0].passage.text
        assert (await desk.archive.document("city", first)).revision == 2
        assert len(list((tmp_path / "files").iterdir())) == 1


async def test_the_same_bytes_are_there_already_whatever_they_are_called(tmp_path: Path) -> None:
    async with desk_at(tmp_path) as desk:
        [one, other] = written(tmp_path / "in", pool_md=POOL, swimming_md=POOL)
        [first] = await shelve(desk, "city", one)
        again = await desk.intake.add("city", "swimming.md", other)
        assert (again.id, again.name, again.status) == (first, "pool.md", "ready")
        assert (await desk.intake.add("sports", "swimming.md", other)).id != first


async def test_another_embedder_makes_everything_anew(tmp_path: Path) -> None:
    async with desk_at(tmp_path) as desk:
        await shelve(desk, "city", *written(tmp_path / "in", pool_md=POOL))
    embedder = CountingEmbedder()
    async with desk_at(tmp_path, embedder, label="better") as desk:
        assert not desk.retriever.knows(["city"])
        running = asyncio.create_task(desk.intake.run())
        async with asyncio.timeout(20):
            while not desk.retriever.knows(["city"]):  # noqa: ASYNC110 - as a persona would ask
                await asyncio.sleep(0.02)
        assert len(embedder.passages) >= 2
        running.cancel()
        await asyncio.wait([running])


async def test_what_was_broken_off_is_gone_on_with(tmp_path: Path) -> None:
    async with desk_at(tmp_path) as desk:
        [path] = written(tmp_path / "in", pool_md=POOL)
        waiting = await desk.intake.add("city", "pool.md", path)
        assert waiting.status == "indexing"
        [path] = written(tmp_path / "in", bad_pdf="%PDF-1.7 nothing")
        await desk.intake.add("city", "bad.pdf", path)
    async with desk_at(tmp_path) as desk:
        running = asyncio.create_task(desk.intake.run())
        async with asyncio.timeout(20):
            while await desk.archive.unfinished(desk.library.index) or desk.intake.progress:  # noqa: ASYNC110
                await asyncio.sleep(0.02)
        running.cancel()
        await asyncio.wait([running])
        assert desk.retriever.knows(["city"])
        failed = next(one for one in await desk.archive.documents("city") if one.status == "failed")
        assert (failed.error_code, failed.passages) == ("knowledge.unreadable", 0)


async def test_removed_documents_are_found_no_more(tmp_path: Path) -> None:
    async with desk_at(tmp_path) as desk:
        ids = await shelve(desk, "city", *written(tmp_path / "in", pool_md=POOL, library_txt=LIBRARY))
        await desk.intake.remove("city", ids[0])
        found = await desk.retriever.search("When does the pool open?", ["city"])
        assert {one.passage.document for one in found.candidates} == {ids[1]}
        with pytest.raises(VisavisError) as unknown:
            await desk.intake.remove("city", ids[0])
        assert unknown.value.code == "knowledge.unknown"
        with pytest.raises(VisavisError):
            await desk.intake.remove("other", ids[1])
        assert len(list((tmp_path / "files").iterdir())) == 1


async def test_another_process_is_noticed(tmp_path: Path) -> None:
    async with desk_at(tmp_path) as server, desk_at(tmp_path) as shell:
        await shelve(shell, "city", *written(tmp_path / "in", pool_md=POOL))
        async with asyncio.timeout(20):
            while not (await server.retriever.search("when does the pool open", ["city"])).candidates:  # noqa: ASYNC110
                await asyncio.sleep(0.05)


async def test_refusals(tmp_path: Path) -> None:
    limits = IntakeLimits(bytes=2_000, documents=1)
    async with desk_at(tmp_path, limits=limits) as desk:
        good, long, empty = written(tmp_path / "in", a_md=POOL, b_md="x" * 2_001, c_md="")
        picture = tmp_path / "p.txt"
        picture.write_bytes(b"\x89PNG\r\n\x1a\n")
        for collection, path, code in (
            ("City", good, "knowledge.collection"), ("../x", good, "knowledge.collection"),
            ("city", long, "knowledge.too_large"), ("city", empty, "knowledge.empty"),
            ("city", picture, "knowledge.type"),
        ):  # fmt: skip
            with pytest.raises(VisavisError) as refused:
                await desk.intake.add(collection, path.name, path)
            assert refused.value.code == code
        assert await desk.archive.collections() == []
        await desk.intake.add("city", "../../etc/a\x00.md", good)
        assert [one.name for one in await desk.archive.documents("city")] == ["a.md"]
        [other] = written(tmp_path / "in", d_md="# another")
        with pytest.raises(VisavisError) as refused:
            await desk.intake.add("city", "d.md", other)
        assert refused.value.code == "knowledge.full"


async def test_a_document_that_goes_while_it_is_indexed(tmp_path: Path) -> None:
    removing: list[asyncio.Task[object]] = []
    async with desk_at(tmp_path) as desk:
        [path] = written(tmp_path / "in", pool_md=POOL)
        document = await desk.intake.add("city", "pool.md", path)

        def meanwhile(share: float) -> None:
            if not removing:
                removing.append(asyncio.create_task(desk.archive.remove("city", document.id)))

        with pytest.raises(VisavisError) as unknown:
            await desk.intake.index(document, meanwhile)
        await asyncio.wait(removing)
        assert unknown.value.code == "knowledge.unknown"
        assert await desk.archive.collections() == []
