"""What every VAD must do; a test module inherits it and gives the fixtures `vad` and `voice`."""

from __future__ import annotations

import time

import numpy as np
import pytest

from visavis.core.media import AudioChunk, Samples
from visavis.engines.vad import VAD, VADStream


def probabilities(stream: VADStream, samples: Samples, window: int) -> list[float]:
    """Of all whole windows of `samples`."""
    return [stream.probability(samples[i : i + window]) for i in range(0, len(samples) - window + 1, window)]


class VADContract:
    """The contract of `visavis.engines.vad.VAD`; `voice` is a sentence at the engine's rate."""

    async def test_speech_is_told_from_silence(self, vad: VAD, voice: AudioChunk) -> None:
        caps = vad.capabilities
        assert voice.rate == caps.rate
        quiet = np.zeros(caps.rate, np.float32)
        stream = vad.stream()
        before = probabilities(stream, quiet, caps.window)
        during = probabilities(stream, voice.samples, caps.window)
        after = probabilities(stream, quiet, caps.window)
        assert max(before) < 0.3
        assert np.mean(np.array(during) > 0.5) > 0.7
        assert max(after[len(after) // 2 :]) < 0.3

    async def test_probabilities_are_probabilities(self, vad: VAD, voice: AudioChunk) -> None:
        window = vad.capabilities.window
        odd = np.concatenate([voice.samples[: window * 3], np.ones(window * 3), -9 * np.ones(window)])
        for probability in probabilities(vad.stream(), odd.astype(np.float32), window):
            assert isinstance(probability, float) and 0.0 <= probability <= 1.0

    @pytest.mark.parametrize("amplitude", [0.003, 0.05, 0.2])
    async def test_noise_is_no_speech(self, vad: VAD, amplitude: float) -> None:
        caps = vad.capabilities
        noise = np.random.default_rng(3).normal(0, amplitude, 3 * caps.rate).astype(np.float32)
        heard = np.array(probabilities(vad.stream(), noise, caps.window))
        assert np.mean(heard > 0.5) < 0.05

    async def test_speech_after_long_noise_is_heard_at_once(self, vad: VAD, voice: AudioChunk) -> None:
        caps = vad.capabilities
        stream = vad.stream()
        probabilities(stream, np.random.default_rng(4).normal(0, 0.02, 20 * caps.rate).astype(np.float32), caps.window)
        heard = probabilities(stream, voice.samples, caps.window)
        assert next(index for index, probability in enumerate(heard) if probability > 0.5) * caps.window < caps.rate / 2

    async def test_streams_do_not_share_state(self, vad: VAD, voice: AudioChunk) -> None:
        window = vad.capabilities.window
        alone = probabilities(vad.stream(), voice.samples, window)
        one, other = vad.stream(), vad.stream()
        mixed = []
        for start in range(0, len(voice.samples) - window + 1, window):
            mixed.append(one.probability(voice.samples[start : start + window]))
            other.probability(np.zeros(window, np.float32))
        assert mixed == pytest.approx(alone, abs=1e-5)

    async def test_reset_forgets(self, vad: VAD, voice: AudioChunk) -> None:
        window = vad.capabilities.window
        stream = vad.stream()
        first = probabilities(stream, voice.samples[: window * 10], window)
        stream.reset()
        assert probabilities(stream, voice.samples[: window * 10], window) == pytest.approx(first, abs=1e-5)

    @pytest.mark.parametrize("size", [0, 1, 511, 513, 1024])
    async def test_another_length_is_refused(self, vad: VAD, size: int) -> None:
        assert size != vad.capabilities.window
        with pytest.raises(ValueError, match="window"):
            vad.stream().probability(np.zeros(size, np.float32))

    async def test_a_window_takes_no_time(self, vad: VAD, voice: AudioChunk) -> None:
        await vad.warm()
        window = vad.capabilities.window
        stream = vad.stream()
        took = []
        for start in range(0, len(voice.samples) - window + 1, window):
            begin = time.perf_counter()
            stream.probability(voice.samples[start : start + window])
            took.append(time.perf_counter() - begin)
        assert np.median(took) < 0.002
