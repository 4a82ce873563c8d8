"""How each class of sound looks in a spectrum, whoever speaks: what alignment compares a recording with.

Every class has three stages, each a Gaussian over what one frame shows: cepstra of twelve bands, level against the
voice's own, and how both change. Means, spreads and lengths were measured on speech of our own voices whose phoneme
times are known (`scripts/train_acoustics.py` writes the file anew).
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from itertools import pairwise
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from visavis.studio.sound_classes import CLASSES

STAGES: Final = 3
BANDS: Final = 12
"""Groups of mel bands, each of about the same width in mel."""
CEPSTRA: Final = 9
WIDTH: Final = 2 * CEPSTRA
"""Numbers a frame: cepstrum 0 (the level) to 8, and the change of each over 40 ms."""
RANGE: Final = 45.0
"""dB under the voice's loudest beyond which nothing is told apart."""

Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True, eq=False)
class Acoustics:
    """The model: `whiten` (WIDTH, WIDTH) turns an observation into numbers of unit spread; `means` and `spreads`
    (classes, STAGES, WIDTH) are in those; `lengths` (classes,) are mean durations in seconds."""

    whiten: Floats
    means: Floats
    spreads: Floats
    lengths: Floats

    @classmethod
    def of(cls, fields: Mapping[str, Any]) -> Acoustics:
        """Reads the JSON fields that `fields` writes. Raises ValueError when its classes are not ours."""
        if tuple(fields["classes"]) != CLASSES:
            raise ValueError("the acoustic model was made for other classes of sound; train it again")
        return cls(*(np.asarray(fields[name], np.float32) for name in ("whiten", "means", "spreads", "lengths")))

    def fields(self) -> dict[str, Any]:
        """As JSON."""
        arrays = {"whiten": self.whiten, "means": self.means, "spreads": self.spreads, "lengths": self.lengths}
        return {"classes": list(CLASSES)} | {
            name: np.round(array.astype(np.float64), 3).tolist() for name, array in arrays.items()
        }

    def scores(self, observed: Floats) -> Floats:
        """Log-likelihood of each frame (n, WIDTH) under each class and stage: shape (n, classes × STAGES)."""
        white = observed @ self.whiten
        means = self.means.reshape(-1, WIDTH)
        inverse = 1.0 / np.square(self.spreads.reshape(-1, WIDTH))
        distance = np.square(white) @ inverse.T - 2.0 * white @ (means * inverse).T + (means**2 * inverse).sum(1)
        return np.asarray(0.5 * (np.log(inverse).sum(1) - distance), np.float32)


@lru_cache(maxsize=1)
def acoustics() -> Acoustics:
    """The model that ships with visavis."""
    text = (files("visavis.studio") / "data" / "acoustics.json").read_text("utf-8")
    return Acoustics.of(json.loads(text))


def observe(mel: Floats) -> Floats:
    """What is looked at in each frame of `mel` (80, n) in dB: shape (n, WIDTH), level and colour against the voice's
    own, so that neither the microphone nor the speaker matters much."""
    edges = np.linspace(0, len(mel), BANDS + 1).round().astype(int)
    power = 10.0 ** (mel / 10.0)
    bands = 10 * np.log10(np.stack([power[a:b].mean(0) for a, b in pairwise(edges)], 1) + 1e-12)
    loudest = np.percentile(bands, 95, axis=0)
    level = 10 * np.log10((10 ** (bands / 10)).sum(1) + 1e-12)
    loud = level > np.percentile(level, 95) - 25
    # Where the recording is noisy, its floor takes the place of silence: the range is what the noise leaves.
    floor = np.maximum(np.percentile(bands, 4, axis=0) + 2.0, loudest - RANGE)
    bands = np.maximum(bands, floor)
    cepstra = bands @ _cosines()
    cepstra -= cepstra[loud].mean(0)
    padded = np.pad(cepstra, ((2, 2), (0, 0)), mode="edge")
    change = padded[4:] - padded[:-4]
    return np.concatenate([cepstra, change], axis=1).astype(np.float32)


@lru_cache(maxsize=1)
def _cosines() -> NDArray[np.float64]:
    """Cosine transform of the bands, shape (BANDS, CEPSTRA)."""
    columns = np.arange(CEPSTRA)[None]
    matrix = np.sqrt(2 / BANDS) * np.cos(np.pi / BANDS * (np.arange(BANDS)[:, None] + 0.5) * columns)
    matrix[:, 0] /= np.sqrt(2)
    return np.asarray(matrix, np.float64)
