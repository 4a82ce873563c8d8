"""Smart Turn against the contract."""

from __future__ import annotations

from collections.abc import AsyncIterator

import numpy as np
import pytest

from tests.engines.builtin.voices import Voices
from tests.engines.contracts.turn_detector import TurnDetectorContract
from visavis.core.media import SPEECH_RATE, AudioChunk
from visavis.engines.builtin.smart_turn import ENGINE, SmartTurn, smart_turn_features
from visavis.engines.registry import Registry
from visavis.weights.store import WeightStore

pytestmark = pytest.mark.real


@pytest.fixture
async def detector(hearing_store: WeightStore) -> AsyncIterator[SmartTurn]:
    engine = SmartTurn(hearing_store)
    yield engine
    await engine.aclose()


@pytest.fixture
def finished(voices: Voices) -> AudioChunk:
    return voices.finished


@pytest.fixture
def unfinished(voices: Voices) -> AudioChunk:
    return voices.unfinished


class TestSmartTurn(TurnDetectorContract):
    async def test_sentences_end_in_all_three_languages(
        self,
        detector: SmartTurn,
        voices: Voices,
    ) -> None:
        for utterance in voices.said.values():
            assert await detector.complete(utterance.audio) > 0.7


def test_features_stand_at_the_end_of_eight_seconds() -> None:
    tone = 0.1 * np.sin(2 * np.pi * 440 * np.arange(SPEECH_RATE) / SPEECH_RATE).astype(np.float32)
    features = smart_turn_features(tone)
    assert features.shape == (80, 800) and features.dtype == np.float32
    assert features[:, 710:790].max(axis=0).min() > features[:, :690].max()


def test_it_is_found_by_name() -> None:
    assert Registry().info("turn_detector", "smart-turn") == ENGINE
