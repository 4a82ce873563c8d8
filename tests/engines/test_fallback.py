"""When a voice fails, the next one speaks."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

import numpy as np
import pytest
from structlog.testing import capture_logs

from tests.engines.contracts.tts import Lines, TTSContract, speak
from visavis.core.errors import VisavisError
from visavis.core.media import VOICE_RATE
from visavis.engines.fake.spoken import decode
from visavis.engines.fake.tts import FakeTTS, FakeTTSOptions
from visavis.engines.fallback import FallbackNotice, FallbackTTS

BROKEN = VisavisError("tts.unavailable", "The voice is gone.")


def always() -> Iterator[VisavisError | None]:
    return itertools.repeat(BROKEN)


class Clock:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


class TestFallbackTTS(TTSContract):
    has_speeds = False

    @pytest.fixture
    def tts(self) -> FallbackTTS:
        return FallbackTTS([("broken", FakeTTS(failures=always())), ("sound", FakeTTS())])

    @pytest.fixture
    def lines(self) -> Lines:
        return {"en": "Bob, hello there.", "zh": "你好，世界。", "es": "¿Qué tal, mamá?"}


async def test_a_voice_that_fails_unheard_is_replaced_and_said_so() -> None:
    told: list[FallbackNotice] = []
    spare = FakeTTS()
    chain = FallbackTTS([("first", FakeTTS(failures=always())), ("second", spare)], on_notice=told.append)
    with capture_logs() as logs:
        chunks = await speak(chain, "Hello there", "en")
    assert spare.spoken == ["Hello there"]
    assert chunks[-1].final
    assert told == [FallbackNotice("first", "second", "tts.unavailable", "The voice is gone.")]
    assert [(entry["event"], entry["log_level"], entry["failed"]) for entry in logs] == [
        ("tts.fallback", "warning", "first")
    ]


async def test_the_rest_of_the_sentence_is_spoken_from_the_word_that_was_cut() -> None:
    text = "One two three four five"
    spare = FakeTTS()
    chain = FallbackTTS(
        [("first", FakeTTS(FakeTTSOptions(chunk=0.5), failures=always(), fail_after=1)), ("second", spare)]
    )
    chunks = await speak(chain, text, "en")
    assert spare.spoken == ["three four five"]
    assert [chunk.final for chunk in chunks].count(True) == 1 and chunks[-1].final
    assert all(chunk.text == text for chunk in chunks)
    timeline = chunks[-1].timeline
    assert [word.text for word in timeline.words] == text.split()
    assert all(text[word.offset :].startswith(word.text) for word in timeline.words)
    assert timeline.duration == pytest.approx(chunks[-1].audio.end, abs=1e-3)
    rest = np.concatenate([chunk.audio.samples for chunk in chunks[1:]])
    assert decode(rest, VOICE_RATE) == "three four five"


async def test_a_failed_voice_is_left_alone_for_a_while_and_then_tried_again() -> None:
    clock = Clock()
    failures: Iterator[VisavisError | None] = iter([BROKEN, BROKEN, None, None])
    first, second = FakeTTS(failures=failures), FakeTTS()
    chain = FallbackTTS([("first", first), ("second", second)], clock=clock, retry_after=30)
    for now in (0.0, 10.0, 31.0, 80.0, 92.0, 93.0):
        clock.now = now
        await speak(chain, f"at {now}", "en")
    assert first.spoken == ["at 0.0", "at 31.0", "at 92.0", "at 93.0"]
    assert second.spoken == ["at 0.0", "at 10.0", "at 31.0", "at 80.0"]


async def test_when_no_voice_is_left_the_error_comes_through() -> None:
    chain = FallbackTTS([("first", FakeTTS(failures=always())), ("second", FakeTTS(failures=always()))])
    for _ in range(2):
        with pytest.raises(VisavisError, match=r"The voice is gone\."):
            await speak(chain, "Hello", "en")
