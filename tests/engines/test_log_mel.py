"""Log-mel features against the reference implementation that faster-whisper ships."""

from __future__ import annotations

import numpy as np
import pytest
from faster_whisper.feature_extractor import FeatureExtractor

from visavis.engines.log_mel import log_mel


@pytest.mark.parametrize("mels", [80, 128])
@pytest.mark.parametrize("count", [400, 16_000, 16_123, 52_800])
def test_features_are_the_reference_ones(mels: int, count: int) -> None:
    samples = np.random.default_rng(count).normal(0, 0.1, count).astype(np.float32)
    features = log_mel(samples, mels)
    assert features.shape == (mels, count // 160) and features.flags.c_contiguous
    reference = FeatureExtractor(feature_size=mels)(samples, padding=0)
    assert np.abs(features - reference[:, : count // 160]).max() < 1e-4


def test_silence_has_finite_features() -> None:
    assert np.isfinite(log_mel(np.zeros(16_000, np.float32))).all()
