"""The weights of the hearing engines, and something to hear."""

from __future__ import annotations

import os
import pickle

import pytest
from filelock import FileLock

from tests.engines.builtin.voices import Voices, speak
from visavis.weights.store import WeightStore


@pytest.fixture(scope="session")
def hearing_store() -> WeightStore:
    """The user's own store, with what these tests need pulled into it."""
    store = WeightStore()
    store.pull(["silero-vad", "smart-turn-v3.2", "whisper-base", "kokoro-82m", "kokoro-voices"])
    return store


@pytest.fixture(scope="session")
def voices(hearing_store: WeightStore, tmp_path_factory: pytest.TempPathFactory) -> Voices:
    """Speech in three languages, synthesised once, also when several processes share the tests."""
    own = tmp_path_factory.getbasetemp()
    shared = own.parent if "PYTEST_XDIST_WORKER" in os.environ else own
    kept = shared / "voices.pickle"
    with FileLock(shared / "voices.lock"):
        if kept.exists():
            found: Voices = pickle.loads(kept.read_bytes())
            return found
        made = speak(hearing_store)
        kept.write_bytes(pickle.dumps(made))
        return made
