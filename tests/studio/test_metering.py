"""What is counted of the engines, which work as if nobody counted."""

from __future__ import annotations

import numpy as np
import pytest

from visavis.core.conversation import Message
from visavis.core.media import SPEECH_RATE, AudioChunk
from visavis.engines.fake.llm import FakeLLM
from visavis.engines.fake.stt import FakeSTT
from visavis.engines.fake.tts import FakeTTS
from visavis.engines.llm import LLMOptions
from visavis.engines.stt import STTOptions
from visavis.engines.tts import TTSOptions
from visavis.studio.metering import Meter, Usage


async def test_counts_the_tokens_of_a_model() -> None:
    meter = Meter()
    llm = meter.llm(FakeLLM(["Three words here."]), "llm:fake")
    messages = [Message("user", "One two.")]
    deltas = [delta async for delta in llm.generate(messages, LLMOptions())]
    assert "".join(delta.text for delta in deltas) == "Three words here."
    last = deltas[-1]
    assert last.prompt_tokens is not None
    assert last.completion_tokens == 3
    read = last.prompt_tokens - (last.cached_tokens or 0)
    assert meter.read() == (Usage("llm:fake", read + 3, "tokens", 0.0),)
    assert meter.read() == ()


async def test_counts_the_seconds_of_a_voice_and_of_a_recogniser() -> None:
    meter = Meter()
    tts, stt = meter.tts(FakeTTS(), "tts", price=0.5), meter.stt(FakeSTT(), "stt", price=None)
    chunks = [chunk async for chunk in tts.synthesize("Hello there.", TTSOptions("en"))]
    spoken = sum(chunk.audio.duration for chunk in chunks)
    await stt.transcribe(AudioChunk(np.zeros(SPEECH_RATE * 2, np.float32), SPEECH_RATE), STTOptions())
    await stt.transcribe(AudioChunk(np.zeros(SPEECH_RATE, np.float32), SPEECH_RATE), STTOptions())
    voice, ears = meter.read()
    assert (voice.service, voice.unit) == ("tts", "seconds")
    assert voice.units == pytest.approx(spoken)
    assert voice.units > 0.1
    assert voice.cost == pytest.approx(0.5 * spoken)
    assert ears == Usage("stt", 3.0, "seconds", None)


def test_what_has_no_engine_costs_nothing() -> None:
    meter = Meter()
    meter.count("studio", 1.5, "seconds")
    meter.count("studio", 0.5, "seconds")
    assert meter.read() == (Usage("studio", 2.0, "seconds", 0.0),)
