"""Silero VAD against the contract."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.engines.builtin.voices import Voices
from tests.engines.contracts.vad import VADContract, probabilities
from visavis.core.errors import VisavisError
from visavis.core.media import AudioChunk
from visavis.engines.builtin.silero import ENGINE, SileroVAD
from visavis.engines.registry import EngineContext, Registry
from visavis.weights.store import WeightStore

pytestmark = pytest.mark.real


@pytest.fixture(scope="module")
def vad(hearing_store: WeightStore) -> SileroVAD:
    return SileroVAD(hearing_store)


@pytest.fixture
def voice(voices: Voices) -> AudioChunk:
    return voices.said["en"].audio


class TestSilero(VADContract):
    pass


async def test_all_three_languages_are_speech(vad: SileroVAD, voices: Voices) -> None:
    for utterance in voices.said.values():
        heard = probabilities(vad.stream(), utterance.audio.samples, 512)
        assert sum(probability > 0.5 for probability in heard) > 0.6 * len(heard)


def test_without_weights_it_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(VisavisError, match="visavis models pull silero-vad"):
        SileroVAD(WeightStore(tmp_path)).stream()


def test_it_is_found_by_name(tmp_path: Path) -> None:
    assert Registry().info("vad", "silero") == ENGINE
    assert isinstance(Registry().create("vad", "silero", EngineContext(WeightStore(tmp_path))), SileroVAD)
