from __future__ import annotations

import numpy as np
import pytest

from visavis.core.media import AudioChunk
from visavis.core.motion import CHANNEL_INDEX, Motion, rest
from visavis.core.speech import Cue, Phoneme
from visavis.face import lipsync


def test_closures_are_the_full_bilabials() -> None:
    phonemes = [Phoneme("b", 0, 0.1), Phoneme("a", 0.1, 0.2), Phoneme("β", 0.2, 0.3), Phoneme("m", 0.4, 0.5)]
    assert [(cue.start, cue.end) for cue in lipsync.closures(phonemes, "es")] == [(0, 0.1), (0.4, 0.5)]


@pytest.mark.parametrize(("shut", "hit"), [(0.50, True), (0.44, True), (0.56, True), (0.42, False), (0.58, False)])
def test_a_closure_counts_within_60_ms(shut: float, hit: bool) -> None:
    gaps = np.full(50, 9.0)
    gaps[round(shut * 50)] = 0.5
    assert lipsync.closure_hits(gaps, [Cue("PP", 0.47, 0.53)], 1.5).tolist() == [hit]


def test_the_timing_of_a_closure_is_signed() -> None:
    gaps = np.full(50, 9.0)
    gaps[23:26] = 0.0
    (error,) = lipsync.closure_timing(gaps, [Cue("PP", 0.49, 0.55)])
    assert error == pytest.approx(-0.04)


@pytest.mark.parametrize("delay", [-0.1, -0.04, 0.0, 0.06])
def test_sync_finds_the_lag(delay: float) -> None:
    times = np.arange(300) / 50
    voice = np.sin(2 * np.pi * times * 1.3) + np.sin(2 * np.pi * times * 2.9)
    mouth = np.sin(2 * np.pi * (times - delay) * 1.3) + np.sin(2 * np.pi * (times - delay) * 2.9)
    found = lipsync.sync(mouth, voice)
    assert found.lag == pytest.approx(delay, abs=0.004)
    assert found.r > 0.99


def test_a_still_mouth_agrees_with_nothing() -> None:
    assert lipsync.sync(np.zeros(100), np.random.default_rng(0).random(100)).r == 0.0


def test_the_envelope_follows_the_audio() -> None:
    samples = np.zeros(24_000, dtype=np.float32)
    samples[12_000:] = 0.5
    loudness = lipsync.envelope(AudioChunk(samples, 24_000), 50)
    assert loudness[:24].max() == 0.0
    assert loudness[27:].min() == pytest.approx(0.5, abs=1e-6)


def test_openness_is_zero_when_pressed_and_grows_with_the_jaw() -> None:
    frames = rest(3).frames
    frames[1:, CHANNEL_INDEX["jawOpen"]] = 0.6
    frames[2, [CHANNEL_INDEX["mouthPressLeft"], CHANNEL_INDEX["mouthPressRight"]]] = 0.5
    still, opened, pressed = lipsync.openness(Motion(frames))
    assert (still, pressed) == (0.0, 0.0)
    assert opened > 0.5


def test_a_kink_is_one_odd_frame() -> None:
    ramp = np.linspace(0, 1, 50)
    assert lipsync.kink(ramp) == pytest.approx(0.0, abs=1e-12)
    ramp[20] += 0.3
    assert lipsync.kink(ramp) == pytest.approx(0.3)


def test_power_above_tells_slow_from_fast() -> None:
    times = np.arange(500) / 50
    assert lipsync.power_above(np.sin(2 * np.pi * 2 * times), 8) < 1e-4
    assert lipsync.power_above(np.sin(2 * np.pi * 12 * times), 8) > 0.99


def test_jerk_of_a_parabola_is_nothing() -> None:
    assert lipsync.jerk(np.arange(20.0) ** 2) == pytest.approx(0.0, abs=1e-3)


def test_viseme_errors_find_the_peak() -> None:
    frames = rest(50).frames
    frames[20, CHANNEL_INDEX["mouthPucker"]] = 0.8
    (error,) = lipsync.viseme_errors(Motion(frames), [Cue("U", 0.40, 0.46)], "U", "mouthPucker")
    assert error == pytest.approx(-0.03)
