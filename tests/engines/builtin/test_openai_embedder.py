"""Embeddings by URL."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator

import numpy as np
import pytest

from tests.engines.builtin.annexes import annex
from tests.engines.builtin.openai_server import serving
from tests.engines.builtin.voice_server import VoiceServer
from tests.engines.contracts.embedder import EmbedderContract
from visavis.core.errors import VisavisError
from visavis.engines.builtin.openai_embedder import OpenAIEmbedder, OpenAIEmbedderOptions
from visavis.engines.fake.embedder import FakeEmbedder


def made(url: str, model: str = "") -> OpenAIEmbedder:
    return OpenAIEmbedder(OpenAIEmbedderOptions(base_url=url, model=model, patience_s=0.0, query_prefix="query: "))


@pytest.fixture(scope="module")
def ours() -> Iterator[str]:
    with annex("embedder") as url:
        yield url


class TestOurService(EmbedderContract):
    @pytest.fixture
    async def embedder(self, ours: str) -> AsyncIterator[OpenAIEmbedder]:
        embedder = made(ours)
        await embedder.warm()
        yield embedder
        await embedder.aclose()


async def test_any_other_service_gives_unit_vectors_in_order() -> None:
    other = VoiceServer()
    with serving(other.app) as url:
        embedder = made(url)
        await embedder.warm()
        assert embedder.capabilities.dimensions == 256 and embedder.model == "house-model"
        texts = ["learn Python", "数据科学"]
        vectors = await embedder.embed(texts, "query")
        assert np.allclose(
            vectors, await FakeEmbedder().embed([f"query: {text}" for text in texts], "query"), atol=1e-5
        )
        await embedder.embed(["", "a"], "passage")
        assert other.asked[-1]["input"] == [" ", "a"]
        await embedder.aclose()
        garbled = made(url, "garbled")
        with pytest.raises(VisavisError, match="no embedding") as caught:
            await garbled.embed(["a"], "query")
        assert caught.value.code == "embedder.unavailable"
        await garbled.aclose()
