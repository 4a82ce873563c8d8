"""Small real videos for the tests of what comes after rendering."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from visavis.core.media import AudioChunk
from visavis.studio.sound import Recording
from visavis.studio.video import encode_segment, join

Pixels = NDArray[np.uint8]


def film(
    path: Path,
    pictures: Iterable[Pixels],
    sound: AudioChunk,
    *,
    fps: int = 25,
    container: Literal["mp4", "webm"] = "mp4",
) -> Path:
    """A finished video of these square pictures and this sound at `path`."""
    frames = list(pictures)
    segment = path.with_name(f"segment-{path.name}")
    encode_segment(segment, frames, size=len(frames[0]), fps=fps, container=container, alpha=False)
    kept = sound.samples[: round(len(frames) / fps * sound.rate)]
    join(path, [segment], Recording(kept, sound.rate), container=container)
    segment.unlink()
    return path


def noise(seconds: float = 2.0, size: int = 128, fps: int = 25) -> tuple[list[Pixels], AudioChunk]:
    """Pictures and sound of nothing in particular."""
    source = np.random.default_rng(7)
    count = round(seconds * fps)
    base = source.integers(0, 255, (size, size, 3), np.uint8)
    pictures = [np.roll(base, 3 * number, 1) for number in range(count)]
    samples = (0.1 * source.standard_normal(round(seconds * 16_000))).astype(np.float32)
    return pictures, AudioChunk(samples, 16_000)
