"""The sound code between the fake voice and the fake ears."""

from __future__ import annotations

import numpy as np
import pytest
import soxr
from hypothesis import given, settings
from hypothesis import strategies as st

from visavis.core.media import AudioChunk
from visavis.engines.fake import spoken

TEXTS = ["Hi", "I want to learn Python.", "我想学数据科学。", "¿Qué tal? Mañana más.", "a", "🙂 ok"]
RATES = [8_000, 16_000, 22_050, 24_000, 44_100, 48_000]


@pytest.mark.parametrize("rate", RATES)
@pytest.mark.parametrize("text", TEXTS)
def test_what_is_encoded_is_decoded(text: str, rate: int) -> None:
    samples = spoken.encode(text, rate)
    assert len(samples) == round(spoken.duration(text) * rate)
    assert spoken.decode(samples, rate) == text


@settings(max_examples=60, deadline=None)
@given(
    text=st.text(min_size=1, max_size=20),
    before=st.floats(0, 0.5),
    after=st.floats(0, 0.5),
    rates=st.sampled_from([(24_000, 16_000), (16_000, 24_000), (24_000, 48_000), (24_000, 24_000)]),
    gain=st.floats(0.05, 2.5),
)
def test_silence_rate_rounding_and_loudness_do_no_harm(
    text: str, before: float, after: float, rates: tuple[int, int], gain: float
) -> None:
    source, target = rates
    quiet = (np.zeros(round(before * source), np.float32), np.zeros(round(after * source), np.float32))
    samples = np.concatenate([quiet[0], spoken.encode(text, source) * np.float32(gain), quiet[1]])
    rounded = AudioChunk.from_pcm16(AudioChunk(samples, source).pcm16(), source).samples
    assert spoken.decode(soxr.resample(rounded, source, target), target) == text


def test_noise_below_the_speech_does_no_harm() -> None:
    noise = np.random.default_rng(1).normal(0, 0.02, 3 * 16_000).astype(np.float32)
    voice = spoken.encode("still clear", 16_000)
    noise[5_000 : 5_000 + len(voice)] += voice
    assert spoken.decode(noise, 16_000) == "still clear"


@pytest.mark.parametrize("seed", range(5))
def test_noise_and_tones_read_as_nothing(seed: int) -> None:
    random = np.random.default_rng(seed)
    assert spoken.decode(random.normal(0, 0.2, 32_000).astype(np.float32), 16_000) == ""
    tone = 0.3 * np.sin(2 * np.pi * 440 * np.arange(32_000) / 16_000).astype(np.float32)
    assert spoken.decode(tone, 16_000) == ""
    assert spoken.decode(np.zeros(16_000, np.float32), 16_000) == ""
    assert spoken.decode(np.zeros(0, np.float32), 16_000) == ""


def test_a_message_cut_off_reads_as_far_as_it_goes() -> None:
    samples = spoken.encode("hello there", 24_000)
    heard = round((spoken.PREAMBLE_SECONDS + 5 * spoken.CHARACTER_SECONDS) * 24_000)
    assert spoken.decode(samples[:heard], 24_000) == "hello"


def test_messages_in_a_row_are_joined() -> None:
    gap = np.zeros(2_400, np.float32)
    voices = [spoken.encode(text, 24_000) for text in ("One.", "Two. ", "Three.")]
    assert spoken.decode(np.concatenate([voices[0], gap, voices[1], voices[2]]), 24_000) == "One. Two. Three."
    chinese = np.concatenate([spoken.encode("你好。", 24_000), spoken.encode("再见。", 24_000)])
    assert spoken.decode(chinese, 24_000) == "你好。再见。"


def test_it_is_audible_all_through() -> None:
    samples = spoken.encode("audible", 16_000)
    frames = samples[: len(samples) // 320 * 320].reshape(-1, 320)
    assert np.sqrt((frames**2).mean(axis=1)).min() > 0.1
    assert np.abs(samples).max() <= 0.31
