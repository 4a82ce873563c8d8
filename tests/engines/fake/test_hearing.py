"""The fake VAD, turn detector, STT and embedder against the contracts of the real ones."""

from __future__ import annotations

import numpy as np
import pytest

from tests.engines.contracts.embedder import EmbedderContract
from tests.engines.contracts.stt import Said, STTContract
from tests.engines.contracts.turn_detector import TurnDetectorContract
from tests.engines.contracts.vad import VADContract
from visavis.core.errors import VisavisError
from visavis.core.language import Language
from visavis.core.media import SPEECH_RATE, AudioChunk
from visavis.engines.fake import spoken
from visavis.engines.fake.embedder import FakeEmbedder
from visavis.engines.fake.stt import FakeSTT
from visavis.engines.fake.turn_detector import FakeTurnDetector
from visavis.engines.fake.vad import FakeVAD
from visavis.engines.registry import EngineContext, Kind, Registry
from visavis.engines.stt import STTOptions
from visavis.weights.store import WeightStore


def voice_of(text: str) -> AudioChunk:
    return AudioChunk(np.pad(spoken.encode(text, SPEECH_RATE), (1600, 3200)), SPEECH_RATE)


class TestFakeVAD(VADContract):
    @pytest.fixture
    def vad(self) -> FakeVAD:
        return FakeVAD()

    @pytest.fixture
    def voice(self) -> AudioChunk:
        return AudioChunk(spoken.encode("I want to learn Python.", SPEECH_RATE), SPEECH_RATE)


class TestFakeTurnDetector(TurnDetectorContract):
    @pytest.fixture
    def detector(self) -> FakeTurnDetector:
        return FakeTurnDetector()

    @pytest.fixture
    def finished(self) -> AudioChunk:
        return voice_of("I want to learn Python.")

    @pytest.fixture
    def unfinished(self) -> AudioChunk:
        return voice_of("I want to learn, and")

    async def test_a_script_comes_first(self) -> None:
        slept: list[float] = []

        async def sleep(seconds: float) -> None:
            slept.append(seconds)

        detector = FakeTurnDetector([0.2, 0.8], delay=0.3, sleep=sleep)
        assert [await detector.complete(voice_of("Yes.")) for _ in range(3)] == [0.2, 0.8, 0.95]
        assert slept == [0.3] * 3

    async def test_silence_behind_other_sound_grows_into_an_end(self) -> None:
        tone = 0.2 * np.sin(np.arange(8000) * 0.2).astype(np.float32)
        answers = [
            await FakeTurnDetector().complete(AudioChunk(np.pad(tone, (0, int(s * SPEECH_RATE))), SPEECH_RATE))
            for s in (0.0, 0.25, 0.5, 1.5)
        ]
        assert answers == sorted(answers) and answers[0] < 0.1 and answers[-1] == 1.0


class TestFakeSTT(STTContract):
    @pytest.fixture
    def stt(self) -> FakeSTT:
        return FakeSTT()

    @pytest.fixture
    def said(self) -> dict[Language, Said]:
        return {
            "en": Said(voice_of("I want to learn Python."), "en", ("learn python",)),
            "es": Said(voice_of("Quiero aprender español."), "es", ("quiero aprender",)),
            "zh": Said(voice_of("我想学习数据科学。"), "zh", ("学习",)),
        }

    async def test_a_script_comes_first_and_may_fail(self) -> None:
        slept: list[float] = []

        async def sleep(seconds: float) -> None:
            slept.append(seconds)

        stt = FakeSTT(["one", VisavisError("stt.unavailable", "No.")], delay=0.1, delay_per_second=0.5, sleep=sleep)
        audio = AudioChunk(np.zeros(2 * SPEECH_RATE, np.float32), SPEECH_RATE)
        assert (await stt.transcribe(audio, STTOptions())).text == "one"
        with pytest.raises(VisavisError, match="No"):
            await stt.transcribe(audio, STTOptions())
        assert (await stt.transcribe(audio, STTOptions())).text == ""
        assert slept == [pytest.approx(1.1)] * 3


class TestFakeEmbedder(EmbedderContract):
    @pytest.fixture
    def embedder(self) -> FakeEmbedder:
        return FakeEmbedder()


@pytest.mark.parametrize("kind", ["vad", "turn_detector", "stt", "embedder"])
def test_fakes_are_found_by_name(kind: Kind, tmp_path: object) -> None:
    info = Registry().info(kind, "fake")
    assert info.kind == kind and not info.models
    assert info.create(EngineContext(WeightStore())) is not None
