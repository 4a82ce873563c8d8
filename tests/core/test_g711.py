"""Telephone audio, against the standard's own tables."""

from __future__ import annotations

import numpy as np
import pytest

from visavis.core import g711


@pytest.mark.parametrize(
    ("law", "code", "value"),
    # ITU-T G.711, tables 1 and 2: first, middle and last decision values, scaled to full scale.
    [
        ("mu", 0x80, 8031 / 8192),
        ("mu", 0x00, -8031 / 8192),
        ("mu", 0xFF, 0.0),
        ("mu", 0xEF, 33 / 8192),
        ("a", 0xD5, 1 / 4096),
        ("a", 0x55, -1 / 4096),
        ("a", 0xAA, 4032 / 4096),
        ("a", 0x2A, -4032 / 4096),
    ],
)
def test_codes(law: g711.Law, code: int, value: float) -> None:
    assert g711.decode(bytes([code]), law)[0] == pytest.approx(value, abs=1e-6)


@pytest.mark.parametrize("law", ["mu", "a"])
def test_every_code_survives_a_round_trip(law: g711.Law) -> None:
    values = g711.decode(bytes(range(256)), law)
    again = g711.decode(g711.encode(values, law), law)
    np.testing.assert_array_equal(values, again)


@pytest.mark.parametrize("law", ["mu", "a"])
def test_error_stays_in_proportion_to_loudness(law: g711.Law) -> None:
    samples = np.linspace(-0.97, 0.97, 4001, dtype=np.float32)
    error = np.abs(g711.decode(g711.encode(samples, law), law) - samples)
    assert np.all(error <= (np.abs(samples) + 64 / 8192) / 30)


@pytest.mark.parametrize("law", ["mu", "a"])
def test_what_is_too_loud_is_clipped(law: g711.Law) -> None:
    loud = g711.decode(g711.encode(np.array([-5.0, 5.0], np.float32), law), law)
    assert loud[0] < -0.95
    assert loud[1] > 0.95
