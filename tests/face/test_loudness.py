from __future__ import annotations

import numpy as np
import pytest

from tests.face.utterances import RATE, audio, timeline
from visavis.core.speech import Phoneme, Timeline
from visavis.face.loudness import HeardLoudness, foreseen_gain, without_tails


def test_louder_opens_more() -> None:
    levels = tuple([-20.0] * 40 + [-32.0] * 40 + [-80.0] * 40)
    spoken = Timeline(duration=1.5, pitch_step=0.0125, loudness=levels)
    loud, soft, silent = foreseen_gain(spoken, np.array([0.25, 0.75, 1.25]))
    assert loud > 1.0 > soft > silent > 0


def test_a_quiet_voice_opens_the_mouth_as_far_as_a_loud_one() -> None:
    loud = Timeline(loudness=tuple(np.linspace(-40, -10, 80)), duration=1)
    quiet = Timeline(loudness=tuple(np.linspace(-60, -30, 80)), duration=1)
    times = np.linspace(0, 1, 50)
    assert foreseen_gain(loud, times) == pytest.approx(foreseen_gain(quiet, times), abs=1e-3)


@pytest.mark.parametrize("size", [1, 7, 480, 5000])
def test_hearing_does_not_depend_on_the_pieces(size: int) -> None:
    samples = audio(timeline(["a", "b", "a"])).samples[: 24 * 300]
    whole, pieces = HeardLoudness(), HeardLoudness()
    whole.hear(samples, RATE)
    if size == 1:
        samples = samples[:2400]
    for start in range(0, len(samples), size):
        pieces.hear(samples[start : start + size], RATE)
    times = np.arange(0, len(samples) / RATE - 0.02, 0.02)
    assert pieces.gain(times).tolist() == whole.gain(times).tolist()


@pytest.mark.parametrize("rate", [16_000, 22_050, 24_000, 44_100])
def test_levels_are_right_at_any_rate(rate: int) -> None:
    heard = HeardLoudness()
    heard.hear(np.full(rate, 0.1, dtype=np.float32), rate)
    assert heard.levels(np.array([0.5]))[0] == pytest.approx(-20.0, abs=0.01)


def test_hearing_never_looks_ahead() -> None:
    quiet, loud = HeardLoudness(), HeardLoudness()
    silence, noise = np.zeros(4800, dtype=np.float32), np.full(4800, 0.5, dtype=np.float32)
    for heard, later in ((quiet, silence), (loud, noise)):
        heard.hear(np.concatenate([noise, later]), RATE)
    times = np.arange(0, 0.2, 0.005)
    assert quiet.gain(times).tolist() == loud.gain(times).tolist()


def test_a_long_last_sound_ends_with_its_voice() -> None:
    phonemes = (Phoneme("a", 0.0, 0.1), Phoneme("u", 0.1, 0.9))
    levels = tuple([-20.0] * 24 + [-70.0] * 48)
    cut = without_tails(Timeline(phonemes, duration=0.9, loudness=levels)).phonemes
    assert [p.symbol for p in cut] == ["a", "u", "sil"]
    assert cut[1].end == cut[2].start == pytest.approx(0.3)
    assert cut[2].end == 0.9
    unheard = without_tails(Timeline(phonemes, duration=0.9)).phonemes
    assert unheard[1].end == pytest.approx(0.42)


def test_pauses_are_not_cut() -> None:
    phonemes = (Phoneme("a", 0.0, 0.1), Phoneme("sil", 0.1, 0.9))
    assert without_tails(Timeline(phonemes, duration=0.9)).phonemes == phonemes
