"""What every turn detector must do; a test module inherits it and gives `detector`, `finished` and `unfinished`."""

from __future__ import annotations

import asyncio

import numpy as np
import pytest
import soxr

from visavis.core.media import SPEECH_RATE, AudioChunk
from visavis.engines.turn_detector import TurnDetector


class TurnDetectorContract:
    """The contract of `visavis.engines.turn_detector.TurnDetector`; the two clips are at 16 kHz, a sentence that ends
    and one that breaks off."""

    async def test_an_end_is_told_from_a_break(
        self, detector: TurnDetector, finished: AudioChunk, unfinished: AudioChunk
    ) -> None:
        assert await detector.complete(finished) > 0.7
        assert await detector.complete(unfinished) < 0.3

    async def test_the_same_audio_gives_the_same_answer(self, detector: TurnDetector, finished: AudioChunk) -> None:
        assert await detector.complete(finished) == pytest.approx(await detector.complete(finished), abs=1e-4)

    async def test_no_audio_is_no_turn(self, detector: TurnDetector) -> None:
        assert await detector.complete(AudioChunk(np.zeros(0, np.float32), SPEECH_RATE)) == 0.0

    @pytest.mark.parametrize("seconds", [0.01, 0.5, 3.0, 20.0])
    async def test_any_length_and_any_sound_gives_a_probability(self, detector: TurnDetector, seconds: float) -> None:
        count = int(seconds * SPEECH_RATE)
        noise = np.random.default_rng(1).normal(0, 0.1, count).astype(np.float32)
        for samples in (np.zeros(count, np.float32), noise):
            assert 0.0 <= await detector.complete(AudioChunk(samples, SPEECH_RATE)) <= 1.0

    async def test_only_the_last_seconds_count(self, detector: TurnDetector, finished: AudioChunk) -> None:
        look = int(detector.capabilities.max_seconds * SPEECH_RATE)
        tail = np.concatenate([np.zeros(look, np.float32), finished.samples])
        before = np.random.default_rng(2).normal(0, 0.1, 5 * SPEECH_RATE).astype(np.float32)
        alone = await detector.complete(AudioChunk(tail[-look:], SPEECH_RATE))
        with_more = await detector.complete(AudioChunk(np.concatenate([before, tail[-look:]]), SPEECH_RATE))
        assert with_more == pytest.approx(alone, abs=1e-3)

    async def test_another_rate_is_resampled(self, detector: TurnDetector, finished: AudioChunk) -> None:
        faster = soxr.resample(finished.samples, SPEECH_RATE, 24_000)
        assert await detector.complete(AudioChunk(faster, 24_000)) > 0.7

    async def test_calls_may_run_at_once_and_be_cancelled(
        self, detector: TurnDetector, finished: AudioChunk, unfinished: AudioChunk
    ) -> None:
        calls = [asyncio.create_task(detector.complete(clip)) for clip in (finished, unfinished, finished, unfinished)]
        await asyncio.sleep(0)
        calls[0].cancel()
        calls[3].cancel()
        results = await asyncio.gather(*calls, return_exceptions=True)
        assert isinstance(results[1], float) and results[1] < 0.3
        assert isinstance(results[2], float) and results[2] > 0.7
