"""The CPU renderer: frames a second of a talking face at 512 px, by the CPU time of one thread."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from bench.stats import line, summary
from visavis.core.media import AudioChunk
from visavis.core.motion import FPS, compose
from visavis.core.speech import Phoneme, SpeechChunk, Timeline
from visavis.face.animator import AmbientAnimator, SpeechAnimator
from visavis.face.avatars import AvatarStore, default_root
from visavis.face.landmarks import Landmarker
from visavis.face.render_cpu import CpuRenderer
from visavis.weights.store import WeightStore

ROUNDS, SECONDS, SIZE = 5, 4, 512
LEAST = 50
"""Frames a second that the renderer has to draw on one core."""

SYLLABLES = ("m", "ɑː", "p", "iː", "f", "oʊ", "s", "ɛ")


def run(store: WeightStore, out: Path) -> dict[str, Any]:
    """Draws four seconds of babble, five times; frames per second of CPU time, of the renderer alone."""
    cv2.setNumThreads(1)
    avatars = AvatarStore(default_root(), lambda: Landmarker.from_store(store))
    renderer = CpuRenderer(avatars.rig("genevieve"), SIZE)
    step = 0.11
    count = int(SECONDS / step)
    phonemes = tuple(Phoneme(SYLLABLES[i % 8], i * step, (i + 1) * step, i % 3) for i in range(count))
    samples = np.random.default_rng(1).standard_normal(SECONDS * 24_000).astype(np.float32) * 0.1
    chunk = SpeechChunk(AudioChunk(samples, 24_000), "babble", "en", Timeline(phonemes, duration=SECONDS), final=True)
    motion = SpeechAnimator().push(chunk)
    motion = compose(AmbientAnimator(np.random.default_rng(1)).advance(len(motion.frames)), motion)
    rates = []
    for _ in range(ROUNDS):
        start = time.process_time()
        for frame in motion.frames:
            renderer.draw(frame)
        rates.append(len(motion.frames) / (time.process_time() - start))
    print(line(f"{SIZE} px, one thread, {SECONDS * FPS} frames a round", rates, "frames/s of CPU time"))
    return {"frames_per_s": summary(rates), "passed": summary(rates)["p50"] >= LEAST}
