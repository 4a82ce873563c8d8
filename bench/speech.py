"""Speech to talk to the avatars with: made by the product's other voices, cut to the last voiced sample."""

from __future__ import annotations

import asyncio
import hashlib
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from visavis.core.language import Language
from visavis.engines.registry import EngineContext, Registry
from visavis.engines.tts import TTS, TTSOptions
from visavis.weights.store import WeightStore

VOICED = 0.012
"""Amplitude (20 ms RMS) above which a frame counts as voiced: about 38 dB below full scale."""


def cut(samples: NDArray[np.float32], rate: int) -> NDArray[np.float32]:
    """The samples from the first voiced 20 ms to the end of the last."""
    step = rate // 50
    frames = samples[: len(samples) // step * step].reshape(-1, step)
    voiced = np.flatnonzero(np.sqrt((frames**2).mean(axis=1)) > VOICED)
    if not len(voiced):
        raise ValueError("there is no speech in this")
    return samples[voiced[0] * step : (voiced[-1] + 1) * step]


async def _speak(tts: TTS, text: str, language: Language, voice: str) -> NDArray[np.float32]:
    options = TTSOptions(language=language, voice=voice)
    return np.concatenate([chunk.audio.samples async for chunk in tts.synthesize(text, options)])


def spoken(
    store: WeightStore, folder: Path, lines: list[tuple[str, Language, str]], *, gain: float = 0.8
) -> list[NDArray[np.float32]]:
    """Each line (text, language, voice) as 24 kHz samples; kept in `folder`, so that it is synthesised once."""
    folder.mkdir(parents=True, exist_ok=True)
    tts: TTS | None = None
    speeches = []
    for text, language, voice in lines:
        path = folder / f"{hashlib.sha256(f'{voice}|{text}'.encode()).hexdigest()[:16]}.npy"
        if not path.exists():
            tts = tts or Registry().create("tts", "kokoro", EngineContext(store, threads=2))
            np.save(path, asyncio.run(_speak(tts, text, language, voice)))
        samples = cut(np.load(path), 24_000)
        speeches.append((samples / np.abs(samples).max() * gain).astype(np.float32))
    return speeches
