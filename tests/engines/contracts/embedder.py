"""What every embedder must do; a test module inherits it and gives the fixture `embedder`."""

from __future__ import annotations

import asyncio
import time
from typing import Literal

import numpy as np
import pytest

from visavis.engines.embedder import Embedder


class EmbedderContract:
    """The contract of `visavis.engines.embedder.Embedder`."""

    async def test_unit_vectors_one_a_text(self, embedder: Embedder) -> None:
        texts = ["learn Python", "aprender a programar", "数据科学", "", "🙂", "nul \0 inside", "tab\tnew\nline"]
        kinds: tuple[Literal["query", "passage"], ...] = ("query", "passage")
        for kind in kinds:
            vectors = await embedder.embed(texts, kind)
            assert vectors.shape == (len(texts), embedder.capabilities.dimensions)
            assert vectors.dtype == np.float32
            assert np.linalg.norm(vectors, axis=1) == pytest.approx(np.ones(len(texts)), abs=1e-4)

    async def test_no_texts_no_vectors(self, embedder: Embedder) -> None:
        assert (await embedder.embed([], "query")).shape == (0, embedder.capabilities.dimensions)

    async def test_the_nearest_is_the_alike(self, embedder: Embedder) -> None:
        passages = await embedder.embed(
            ["Python programming for beginners", "Designing user interfaces", "SQL and relational databases"], "passage"
        )
        for text, nearest in (
            ("learn python programming", 0),
            ("interface design", 1),
            ("a course on SQL databases", 2),
        ):
            (query,) = await embedder.embed([text], "query")
            assert int(np.argmax(passages @ query)) == nearest, text

    async def test_a_batch_is_the_same_as_one_by_one(self, embedder: Embedder) -> None:
        texts = [
            f"text number {number} about {word}" for number, word in enumerate(["cats", "SQL", "雨", "mañana"] * 5)
        ]
        together = await embedder.embed(texts, "passage")
        for row in (0, 7, 19):
            (alone,) = await embedder.embed([texts[row]], "passage")
            assert float(alone @ together[row]) > 0.999

    async def test_a_long_text_is_cut_not_suffered(self, embedder: Embedder) -> None:
        begin = time.perf_counter()
        vectors = await embedder.embed(["many words follow one another " * 3000], "passage")
        assert np.linalg.norm(vectors[0]) == pytest.approx(1.0, abs=1e-4)
        assert time.perf_counter() - begin < 20

    async def test_calls_at_once_and_cancelled(self, embedder: Embedder) -> None:
        expected = await embedder.embed(["one"], "query")
        calls = [asyncio.create_task(embedder.embed([text] * 8, "query")) for text in ("one", "two", "one", "three")]
        await asyncio.sleep(0)
        calls[1].cancel()
        results = await asyncio.gather(*calls, return_exceptions=True)
        for result in (results[0], results[2]):
            assert isinstance(result, np.ndarray)
            assert result[0] == pytest.approx(expected[0], abs=1e-4)
