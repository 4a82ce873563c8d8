"""Text written into audible sound and read back: what the fake TTS says, the fake STT hears.

A message is a rising chirp, then each character as six tones of 10 ms (one of 16 pitches each: 21 bits of the code
point and a 3-bit check sum), then an end mark. The chirp gives the timing, so silence around it, a change of sample
rate and 16-bit rounding do no harm; sound that is no message reads as no text, and a message that is cut off reads as
far as it goes.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from visavis.core.media import Samples

CHARACTER_SECONDS: Final = 0.06
"""How long one character sounds."""

PREAMBLE_SECONDS: Final = 0.03
"""How long the chirp before the first character sounds."""

END_SECONDS: Final = CHARACTER_SECONDS
"""How long the end mark after the last character sounds."""

_TONE_SECONDS: Final = 0.01
_EDGE_SECONDS: Final = 0.001
_TONES: Final = 6
_LOWEST_HZ: Final = 400.0
_STEP_HZ: Final = 200.0
_CHIRP_HZ: Final = (600.0, 3400.0)
_LOUDNESS: Final = 0.3
_END_CODE: Final = 0x1FFFFF
_LIKENESS: Final = 0.7  # of the chirp, as a normalised correlation
_QUIETEST: Final = 1e-3  # amplitude below which nothing is taken for a chirp


def duration(text: str) -> float:
    """Seconds that `text` takes, marks included."""
    return PREAMBLE_SECONDS + len(text) * CHARACTER_SECONDS + END_SECONDS


def encode(text: str, rate: int) -> Samples:
    """Speaks `text`: float32 samples at `rate` Hz (8,000 or more), peak 0.3; "" gives no samples.

    Character `i` sounds from `PREAMBLE_SECONDS + i * CHARACTER_SECONDS` on.
    """
    if not text:
        return np.zeros(0, np.float32)
    out = np.zeros(round(duration(text) * rate), np.float32)
    chirp = _chirp(rate)
    out[: len(chirp)] = chirp
    for index, code in enumerate([*map(ord, text), _END_CODE]):
        for place, pitch in enumerate(_pitches(code)):
            begin = PREAMBLE_SECONDS + index * CHARACTER_SECONDS + place * _TONE_SECONDS
            first, last = round(begin * rate), round((begin + _TONE_SECONDS) * rate)
            out[first:last] = _tone(pitch, last - first, rate)
    return out


@lru_cache(maxsize=256)
def _tone(pitch: int, length: int, rate: int) -> NDArray[np.float64]:
    time = np.arange(length) / rate
    edge = np.minimum(1.0, np.minimum(time, time[::-1]) / _EDGE_SECONDS)
    return np.asarray(_LOUDNESS * edge * np.sin(2 * np.pi * _frequency(pitch) * time))


def decode(samples: Samples, rate: int) -> str:
    """Reads what `encode` spoke, wherever it starts in `samples` (any rate from 8,000 Hz on); several messages are
    joined, with a space where their scripts want one. Returns "" for any other sound."""
    text = ""
    position = 0
    starts = _chirps(samples, rate)
    for number, start in enumerate(starts):
        if start < position:
            continue
        limit = starts[number + 1] if number + 1 < len(starts) else len(samples)
        message, position = _read(samples, rate, start, limit)
        if text and message and not text[-1].isspace() and not message[0].isspace() and text[-1].isascii():
            text += " "
        text += message
    return text


def _pitches(code: int) -> list[int]:
    check = (code ^ (code >> 3) ^ (code >> 7) ^ (code >> 12) ^ (code >> 18)) & 0x7
    word = (code << 3) | check
    return [(word >> (4 * place)) & 0xF for place in range(_TONES)]


def _frequency(pitch: int) -> float:
    return _LOWEST_HZ + _STEP_HZ * pitch


@lru_cache(maxsize=16)
def _chirp(rate: int) -> Samples:
    time = np.arange(round(PREAMBLE_SECONDS * rate)) / rate
    low, high = _CHIRP_HZ
    edge = np.minimum(1.0, np.minimum(time, time[::-1]) / _EDGE_SECONDS)
    phase = 2 * np.pi * (low * time + (high - low) / (2 * PREAMBLE_SECONDS) * time**2)
    return (_LOUDNESS * edge * np.sin(phase)).astype(np.float32)


def _chirps(samples: Samples, rate: int) -> list[int]:
    """First samples of all chirps, by normalised correlation."""
    chirp = _chirp(rate)
    places = len(samples) - len(chirp) + 1
    if places < 1:
        return []
    # In blocks that share one spectrum of the chirp; what wraps around at a block's end is the next one's beginning.
    spectrum = _chirp_spectrum(rate)
    size = 2 * (len(spectrum) - 1)
    step = size - len(chirp) + 1
    count = -(-places // step)
    padded = np.zeros(count * step + size, np.float32)
    padded[: len(samples)] = samples
    blocks = np.lib.stride_tricks.as_strided(padded, (count, size), (4 * step, 4))
    product = np.fft.irfft(np.fft.rfft(blocks) * spectrum, size)[:, :step].reshape(-1)[:places]
    total = np.concatenate([[0.0], np.cumsum(np.square(samples, dtype=np.float64))])
    power = np.sum(np.square(chirp, dtype=np.float64))
    floor = _QUIETEST**2 * len(chirp) / 2
    # Only where there is enough of the chirp for any sound is it worth asking how loud the sound is.
    near = np.flatnonzero(np.abs(product) > _LIKENESS * np.sqrt(floor * power))
    energy = np.maximum(total[near + len(chirp)] - total[near], floor)
    likeness = np.abs(product[near]) / np.sqrt(energy * power)
    found: list[tuple[int, float]] = []
    alike = likeness > _LIKENESS
    for place, like in zip(near[alike].tolist(), likeness[alike].tolist(), strict=True):
        if found and place - found[-1][0] < len(chirp):
            if like > found[-1][1]:
                found[-1] = (place, like)
        else:
            found.append((place, like))
    return [place for place, _ in found]


@lru_cache(maxsize=16)
def _chirp_spectrum(rate: int) -> NDArray[np.complex64]:
    chirp = _chirp(rate)
    return np.asarray(np.conj(np.fft.rfft(chirp, 8 << len(chirp).bit_length())), np.complex64)


def _read(samples: Samples, rate: int, start: int, limit: int) -> tuple[str, int]:
    """The message whose chirp starts at `start`, and the sample after it."""
    text = ""
    tone = _TONE_SECONDS * rate
    margin = round(_EDGE_SECONDS * rate)
    window = round(tone) - 2 * margin
    loud = float(np.sqrt(np.mean(samples[start : start + round(PREAMBLE_SECONDS * rate)].astype(np.float64) ** 2)))
    position = start + round(PREAMBLE_SECONDS * rate)
    # All tones there can be, at once.
    most = _TONES * ((limit - start) // round(CHARACTER_SECONDS * rate) + 1)
    begins = np.rint(start + PREAMBLE_SECONDS * rate + np.arange(most) * tone).astype(np.intp) + margin
    begins = begins[begins + window <= len(samples)]
    pieces = samples[begins[:, None] + np.arange(window)]
    faint = np.flatnonzero(np.sqrt(np.mean(np.square(pieces), axis=1)) < loud / 4)
    pieces = pieces[: faint[0]] if len(faint) else pieces
    strengths = np.square(pieces.dot(_waves(window, rate))).reshape(len(pieces), 2, -1).sum(axis=1)
    pitches = strengths.argmax(axis=1).tolist()
    for index in range(len(pitches) // _TONES):
        word = sum(pitches[index * _TONES + place] << (4 * place) for place in range(_TONES))
        position = start + round(PREAMBLE_SECONDS * rate + (index + 1) * CHARACTER_SECONDS * rate)
        code = word >> 3
        if code == _END_CODE:
            return text, position
        if code <= 0x10FFFF and not 0xD800 <= code < 0xE000 and _pitches(code) == _nibbles(word):
            text += chr(code)
    return text, position


@lru_cache(maxsize=16)
def _waves(window: int, rate: int) -> Samples:
    """A cosine of each pitch, then a sine of each, to be held against `window` samples: (window, 2 * pitches)."""
    turns = 2 * np.pi * np.outer(np.arange(window) / rate, [_frequency(p) for p in range(16)])
    return np.concatenate([np.cos(turns), np.sin(turns)], axis=1).astype(np.float32)


def _nibbles(word: int) -> list[int]:
    return [(word >> (4 * place)) & 0xF for place in range(_TONES)]
