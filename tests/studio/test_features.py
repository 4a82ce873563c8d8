"""Features of sounds whose measures are known."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest

from tests.studio.tones import hiss, recording, silence, voice
from visavis.core.media import SPEECH_RATE
from visavis.studio.features import COEFFICIENTS, STEP, AudioFeatures, features
from visavis.studio.sound import Recording


def test_level_and_crossings_of_a_sine() -> None:
    times = np.arange(SPEECH_RATE) / SPEECH_RATE
    found = features(Recording((0.5 * np.sin(2 * np.pi * 400 * times)).astype(np.float32), SPEECH_RATE), [(0, 1)])
    assert np.allclose(found.rms[5:-5], 0.5 / np.sqrt(2), rtol=0.02)
    assert np.allclose(found.zcr[5:-5], 2 * 400 / SPEECH_RATE, atol=0.003)
    assert found.level[50] == pytest.approx(-9.03, abs=0.1)
    assert len(found.rms) == len(found.pitch) == found.mel.shape[1] == 100
    assert found.duration == 1.0


def test_mfcc_is_the_cosine_transform_of_mel() -> None:
    found = features(recording(voice(0.5), hiss(0.2)), [])
    assert np.allclose(found.mfcc, cv2.dct(found.mel.T.copy(), flags=cv2.DCT_ROWS).T[:COEFFICIENTS], atol=1e-2)


@pytest.mark.parametrize("pitch", [80.0, 130.0, 220.0, 390.0])
def test_pitch_of_a_steady_voice(pitch: float) -> None:
    found = features(recording(silence(0.3), voice(0.8, pitch), hiss(0.3), silence(0.3)), [])
    inside = found.pitch[35:105]
    assert np.allclose(inside, pitch, rtol=0.01)
    assert not found.pitch[:25].any()
    assert not found.pitch[118:].any()


def test_pitch_follows_a_glide() -> None:
    found = features(recording(voice(1.0, lambda t: 120 + 80 * t)), [])
    times = np.arange(100) * STEP
    assert np.allclose(found.pitch[8:92], 120 + 80 * times[8:92], rtol=0.03)


def test_energy_is_of_the_speech_alone() -> None:
    spoken = [(0.0, 1.0)]
    quiet, loud = (features(recording(voice(1.0, level=v), silence(3.0)), spoken) for v in (0.02, 0.6))
    assert 0 < quiet.energy < 0.5 < loud.energy <= 1
    assert features(recording(silence(1.0)), []).energy == 0
    assert quiet.summary()["speech_share"] == pytest.approx(0.25, abs=0.01)
    assert loud.summary()["pitch_hz"] == pytest.approx(140, rel=0.02)


def test_silence_and_a_very_short_sound_have_finite_numbers() -> None:
    for samples in (np.zeros(SPEECH_RATE, np.float32), voice(0.01), np.zeros(0, np.float32)):
        found = features(Recording(samples, SPEECH_RATE), [])
        for array in (found.rms, found.zcr, found.mel, found.mfcc, found.pitch, found.level):
            assert np.isfinite(array).all()
        assert all(np.isfinite(value) for value in found.summary().values())


def test_another_rate_gives_the_same_frames() -> None:
    times = np.arange(48_000) / 48_000
    found = features(Recording(np.sin(2 * np.pi * 200 * times).astype(np.float32), 48_000), [])
    assert len(found.rms) == 100
    assert np.median(found.pitch) == pytest.approx(200, rel=0.01)


def test_saved_features_come_back_and_are_the_same_bytes(tmp_path: Path) -> None:
    found = features(recording(voice(0.6), silence(0.2)), [(0.0, 0.6)])
    for name in ("one", "two"):
        found.save(tmp_path / name)
    assert (tmp_path / "one").read_bytes() == (tmp_path / "two").read_bytes()
    back = AudioFeatures.load(tmp_path / "one")
    assert back.duration == found.duration
    assert back.speech.dtype == np.bool_
    assert np.array_equal(back.speech, found.speech)
    assert np.array_equal(back.pitch, found.pitch)
    assert np.allclose(back.mel, found.mel, atol=0.1)
