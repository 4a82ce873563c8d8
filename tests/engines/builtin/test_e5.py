"""multilingual-e5-small against the contract, and across languages."""

from __future__ import annotations

from collections.abc import AsyncIterator

import numpy as np
import pytest

from tests.engines.contracts.embedder import EmbedderContract
from visavis.engines.builtin.e5 import ENGINE, E5Embedder
from visavis.engines.registry import Registry

pytestmark = pytest.mark.real


@pytest.fixture
async def embedder() -> AsyncIterator[E5Embedder]:
    engine = E5Embedder()
    yield engine
    await engine.aclose()


class TestE5(EmbedderContract):
    async def test_meaning_crosses_languages(self, embedder: E5Embedder) -> None:
        passages = await embedder.embed(
            ["Introduction to machine learning", "Cooking Italian food", "Databases with SQL"], "passage"
        )
        queries = await embedder.embed(["quiero aprender a entrenar redes neuronales", "我想学人工智能"], "query")
        assert list(np.argmax(queries @ passages.T, axis=1)) == [0, 0]

    async def test_query_and_passage_differ(self, embedder: E5Embedder) -> None:
        (query,), (passage,) = await embedder.embed(["x"], "query"), await embedder.embed(["x"], "passage")
        assert float(query @ passage) < 0.999


def test_it_is_found_by_name() -> None:
    assert Registry().info("embedder", "e5") == ENGINE
