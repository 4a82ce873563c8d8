"""The fake voice: the TTS contract, and that the fake STT can read it back."""

from __future__ import annotations

from typing import ClassVar

import numpy as np
import pytest

from tests.engines.contracts.tts import Lines, TTSContract, speak
from visavis.core.media import VOICE_RATE
from visavis.engines.fake.spoken import decode
from visavis.engines.fake.tts import FakeTTS, FakeTTSOptions


@pytest.fixture
def lines() -> Lines:
    return {"en": "Bob, hello there.", "zh": "你好，世界。", "es": "¿Qué tal, mamá?"}


class TestFakeTTS(TTSContract):
    has_speeds: ClassVar[bool] = False

    @pytest.fixture
    def tts(self) -> FakeTTS:
        return FakeTTS(FakeTTSOptions(chunk=0.3))


async def test_its_speech_reads_back(lines: Lines) -> None:
    for language, text in lines.items():
        chunks = await speak(FakeTTS(), text, language)
        assert decode(np.concatenate([chunk.audio.samples for chunk in chunks]), VOICE_RATE) == text


async def test_lips_close_where_p_b_and_m_are_written() -> None:
    chunks = await speak(FakeTTS(), "map", "en")
    assert [item.symbol for item in chunks[0].timeline.phonemes] == ["sil", "m", "a", "p", "sil"]


async def test_it_takes_the_time_it_is_told_to() -> None:
    slept: list[float] = []

    async def sleep(seconds: float) -> None:
        slept.append(seconds)

    chunks = await speak(FakeTTS(FakeTTSOptions(delay=0.2, pace=0.5), sleep=sleep), "one two three", "en")
    assert sum(slept) == pytest.approx(0.2 + 0.5 * chunks[-1].audio.end)
