"""A voice by URL: one of ours comes with exact times as it is made, any other is waited for and its times estimated."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from typing import ClassVar

import numpy as np
import pytest

from tests.engines.builtin.annexes import annex
from tests.engines.builtin.openai_server import serving
from tests.engines.builtin.voice_server import VoiceServer
from tests.engines.contracts.tts import Lines, TTSContract, speak
from visavis.core.errors import VisavisError
from visavis.core.language import Language
from visavis.core.media import VOICE_RATE, AudioChunk
from visavis.engines.builtin.g2p import G2P
from visavis.engines.builtin.guessed_timeline import guess
from visavis.engines.builtin.openai_tts import OpenAITTS, OpenAITTSOptions
from visavis.engines.fake.spoken import decode
from visavis.engines.fake.tts import FakeTTS

LINE = "Bob, hello there."


def made(url: str, model: str = "", timeout_s: float = 10.0) -> OpenAITTS:
    return OpenAITTS(OpenAITTSOptions(base_url=url, model=model, timeout_s=timeout_s, patience_s=0.0))


@pytest.fixture(scope="module")
def ours() -> Iterator[str]:
    with annex("tts") as url:
        yield url


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    with serving(VoiceServer().app) as base_url:
        yield base_url


@pytest.fixture
def lines() -> Lines:
    return {"en": LINE, "zh": "你好，世界。", "es": "¿Qué tal, mamá?"}


class TestOurService(TTSContract):
    has_speeds: ClassVar[bool] = False

    @pytest.fixture
    async def tts(self, ours: str) -> AsyncIterator[OpenAITTS]:
        tts = made(ours)
        await tts.warm()
        yield tts
        await tts.aclose()

    async def test_its_times_are_the_engines_own(self, tts: OpenAITTS) -> None:
        assert tts.capabilities.timings == "phoneme" and tts.capabilities.voices == ("tone",)
        near, far = await speak(FakeTTS(), LINE, "en"), await speak(tts, LINE, "en")
        assert [chunk.audio.start for chunk in far] == [chunk.audio.start for chunk in near]
        assert far[0].timeline.exact
        for mine, yours in zip(near[0].timeline.phonemes, far[0].timeline.phonemes, strict=True):
            assert (mine.symbol, mine.stress) == (yours.symbol, yours.stress)
            assert yours.start == pytest.approx(mine.start, abs=1e-4)
        places = [[(word.text, word.offset) for word in chunks[0].timeline.words] for chunks in (near, far)]
        assert places[0] == places[1]
        assert decode(np.concatenate([chunk.audio.samples for chunk in far]), VOICE_RATE) == LINE


async def test_any_other_service_speaks_with_times_that_are_estimated(url: str, lines: Lines) -> None:
    tts = made(url)
    await tts.warm()
    languages: tuple[Language, ...] = ("en", "es")
    for language in languages:
        text = lines[language]
        chunks = await speak(tts, text, language)
        assert decode(np.concatenate([chunk.audio.samples for chunk in chunks]), VOICE_RATE) == text
        timeline = chunks[-1].timeline
        assert not timeline.exact and timeline.duration == pytest.approx(chunks[-1].audio.end)
        assert "".join(word.text for word in timeline.words).replace(" ", "") == text.replace(" ", "")
        assert {"m"} <= {one.symbol for one in timeline.phonemes} or language != "es"
        assert [chunk.final for chunk in chunks] == [False] * (len(chunks) - 1) + [True]
    await tts.aclose()


async def test_a_container_is_opened(url: str) -> None:
    tts = made(url, "boxed")
    chunks = await speak(tts, LINE, "en")
    assert decode(np.concatenate([chunk.audio.samples for chunk in chunks]), VOICE_RATE) == LINE
    await tts.aclose()


@pytest.mark.parametrize(
    ("model", "code", "retryable", "hint"),
    [
        ("failing", "tts.unavailable", True, "status 500"),
        ("absent", "tts.unavailable", False, "model"),
        ("dropping", "tts.unavailable", True, "broke the answer off"),
        ("mute", "tts.unavailable", True, "no speech"),
        ("stalling", "tts.timeout", True, "0.3 s"),
    ],
)
async def test_every_failure_has_a_code_and_a_hint(url: str, model: str, code: str, retryable: bool, hint: str) -> None:
    tts = made(url, model, timeout_s=0.3)
    with pytest.raises(VisavisError) as caught:
        await speak(tts, LINE, "en")
    assert (caught.value.code, caught.value.retryable) == (code, retryable)
    assert hint in caught.value.message
    await tts.aclose()


def test_words_are_laid_over_what_is_spoken_and_not_over_pauses() -> None:
    rate = VOICE_RATE
    tone = (0.3 * np.sin(2 * np.pi * 220 * np.arange(rate // 2) / rate)).astype(np.float32)
    silence = np.zeros(rate // 2, np.float32)
    audio = AudioChunk(np.concatenate([silence, tone, silence, tone, silence]), rate)
    timeline = guess(audio, "Papa, papa.", "en", G2P())
    first, second = timeline.words
    assert (first.text, second.text) == ("Papa,", "papa.")
    assert (first.start, first.end) == pytest.approx((0.5, 1.0), abs=0.03)
    assert (second.start, second.end) == pytest.approx((1.5, 2.0), abs=0.03)
    assert timeline.duration == pytest.approx(2.5)
    lips = [one for one in timeline.phonemes if one.symbol == "p"]
    assert len(lips) == 4 and all(0.5 <= one.start < 1.0 or 1.5 <= one.start < 2.0 for one in lips)
