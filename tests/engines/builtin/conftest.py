"""The weights of the hearing engines, and something to hear."""

from __future__ import annotations

import pytest

from tests.engines.builtin.voices import Voices, speak
from visavis.weights.store import WeightStore


@pytest.fixture(scope="session")
def hearing_store() -> WeightStore:
    """The user's own store, with what these tests need pulled into it."""
    store = WeightStore()
    store.pull(["silero-vad", "smart-turn-v3.2", "whisper-base", "kokoro-82m", "kokoro-voices"])
    return store


@pytest.fixture(scope="session")
def voices(hearing_store: WeightStore) -> Voices:
    """Speech in three languages, synthesised once."""
    return speak(hearing_store)
