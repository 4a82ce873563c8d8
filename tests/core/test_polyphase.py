"""Sound at another rate: the same whatever the pieces, whole where speech is, and never late by more than 2 ms."""

from __future__ import annotations

import numpy as np
import pytest

from visavis.core.media import Samples
from visavis.core.polyphase import Polyphase, knows

RATES = (8_000, 22_050, 24_000, 44_100, 48_000)


def _converted(samples: Samples, rate: int, sizes: list[int]) -> Samples:
    stream, at = Polyphase(rate, 16_000), 0
    pieces: list[Samples] = []
    while at < len(samples):
        size = sizes[len(pieces) % len(sizes)]
        pieces.append(stream.push(samples[at : at + size]))
        at += size
    return np.concatenate(pieces)


def _tone(hertz: float, rate: int) -> Samples:
    return np.sin(2 * np.pi * hertz * np.arange(rate) / rate).astype(np.float32)


@pytest.mark.parametrize("rate", RATES)
def test_the_pieces_in_which_it_comes_make_no_difference(rate: int) -> None:
    sound = np.random.default_rng(1).uniform(-1, 1, rate).astype(np.float32)
    even, odd = _converted(sound, rate, [rate // 50]), _converted(sound, rate, [7, 1, rate // 9])
    assert np.allclose(even, odd, atol=1e-5)
    assert 0 <= 16_000 - len(even) < 0.021 * 16_000


@pytest.mark.parametrize("rate", RATES)
def test_what_speech_has_is_kept_in_its_place_and_what_16_khz_cannot_carry_is_not(rate: int) -> None:
    for hertz in (100.0, 1_000.0, 3_000.0):
        made = _converted(_tone(hertz, rate), rate, [rate // 50])
        meant = np.sin(2 * np.pi * hertz * (np.arange(len(made)) / 16_000 - 32 / min(rate, 16_000)))
        assert np.max(np.abs(made - meant)[800:]) < 0.01
    if rate > 18_000:
        assert np.max(np.abs(_converted(_tone(8_600.0, rate), rate, [480]))[800:]) < 0.01


def test_packets_of_24_khz_come_out_whole_at_once() -> None:
    stream = Polyphase(24_000, 16_000)
    assert [len(stream.push(np.zeros(480, np.float32))) for _ in range(20)] == [320] * 20


def test_rates_that_share_no_small_measure_are_left_to_others() -> None:
    assert not knows(44_099, 16_000)
    with pytest.raises(ValueError, match="44099"):
        Polyphase(44_099, 16_000)
