"""G.711: telephone audio, 8 bits a sample at 8 kHz, in its two laws (ITU-T G.711)."""

from __future__ import annotations

from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray

from visavis.core.media import Samples

Law = Literal["mu", "a"]

G711_RATE: Final = 8_000
"""Samples per second."""

_MU_BIAS: Final = 33
_MU_CLIP: Final = 8191 - _MU_BIAS


def _mu_values() -> NDArray[np.float32]:
    """What each of the 256 µ-law codes means, in [-1, 1]."""
    code = ~np.arange(256, dtype=np.int32) & 0xFF
    exponent, mantissa = (code >> 4) & 7, code & 0xF
    magnitude = (((mantissa << 1) + _MU_BIAS) << exponent) - _MU_BIAS
    return (np.where(code & 0x80, -magnitude, magnitude) / 8192.0).astype(np.float32)


def _a_values() -> NDArray[np.float32]:
    """What each of the 256 A-law codes means, in [-1, 1]."""
    code = np.arange(256, dtype=np.int32) ^ 0x55
    exponent, mantissa = (code >> 4) & 7, code & 0xF
    magnitude = np.where(exponent == 0, (mantissa << 1) + 1, ((mantissa << 1) + 33) << np.maximum(exponent - 1, 0))
    return (np.where(code & 0x80, magnitude, -magnitude) / 4096.0).astype(np.float32)


def decode(data: bytes, law: Law) -> Samples:
    """Samples in [-1, 1], one a byte."""
    values = _mu_values() if law == "mu" else _a_values()
    out: Samples = values[np.frombuffer(data, np.uint8)]
    return out


def encode(samples: Samples, law: Law) -> bytes:
    """One byte a sample; what is out of [-1, 1] is clipped."""
    clipped = np.clip(samples.astype(np.float64), -1.0, 1.0)
    return _encode_mu(clipped) if law == "mu" else _encode_a(clipped)


def _encode_mu(samples: NDArray[np.float64]) -> bytes:
    magnitude = np.minimum(np.rint(np.abs(samples) * 8192.0).astype(np.int32), _MU_CLIP) + _MU_BIAS
    exponent = np.floor(np.log2(magnitude)).astype(np.int32) - 5
    mantissa = (magnitude >> (exponent + 1)) & 0xF
    code = np.where(samples < 0, 0x80, 0) | (exponent << 4) | mantissa
    return bytes((~code & 0xFF).astype(np.uint8).tobytes())


def _encode_a(samples: NDArray[np.float64]) -> bytes:
    magnitude = np.minimum(np.floor(np.abs(samples) * 4096.0).astype(np.int32), 4095)
    exponent = np.maximum(np.floor(np.log2(np.maximum(magnitude, 1))).astype(np.int32) - 4, 0)
    mantissa = np.where(exponent == 0, magnitude >> 1, magnitude >> exponent) & 0xF
    code = np.where(samples < 0, 0, 0x80) | (exponent << 4) | mantissa
    return bytes(((code ^ 0x55) & 0xFF).astype(np.uint8).tobytes())
