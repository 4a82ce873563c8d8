from __future__ import annotations

import numpy as np

from visavis.engines.quiet_cuts import cut_at_quiet


def test_short_recordings_stay_whole() -> None:
    samples = np.ones(28 * 16_000, np.float32)
    assert [(start, len(piece)) for start, piece in cut_at_quiet(samples)] == [(0.0, len(samples))]
    assert len(cut_at_quiet(np.zeros(0, np.float32))) == 1


def test_long_ones_are_cut_where_it_is_quiet_and_lose_nothing() -> None:
    samples = np.random.default_rng(0).normal(0, 0.2, 70 * 16_000).astype(np.float32)
    for second in (21.0, 44.0):
        begin = int(second * 16_000)
        samples[begin : begin + 8_000] *= 0.001
    pieces = cut_at_quiet(samples)
    assert np.array_equal(np.concatenate([piece for _, piece in pieces]), samples)
    assert all(len(piece) <= 28 * 16_000 for _, piece in pieces)
    assert [21.0 <= start <= 21.5 or 44.0 <= start <= 44.5 for start, _ in pieces[1:]] == [True, True]
