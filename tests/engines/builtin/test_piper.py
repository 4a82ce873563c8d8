"""Piper with its real voice: the TTS contract."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.engines.contracts.tts import Lines, TTSContract, speak
from visavis.core.errors import VisavisError
from visavis.engines.builtin.piper import MODEL, Piper, PiperOptions
from visavis.weights.store import WeightStore


@pytest.fixture(scope="module")
def tts() -> Iterator[Piper]:
    store = WeightStore()
    if store.state(MODEL) != "installed":
        store.pull(MODEL)
    engine = Piper(store)
    yield engine
    asyncio.run(engine.aclose())


@pytest.fixture
def lines() -> Lines:
    return {"en": "Peter paid $5 for the big map."}


@pytest.mark.real
class TestPiper(TTSContract):
    """The contract on the real voice."""


async def test_a_file_that_is_no_voice_is_named(tmp_path: Path) -> None:
    path = tmp_path / "en_US-none-low.onnx"
    path.write_bytes(b"nothing")
    with pytest.raises(VisavisError, match="en_US-none-low"):
        await speak(Piper(WeightStore(tmp_path), options=PiperOptions(model_path=path)), "Hello", "en")
