"""A few seconds of a drawn face that speaks made-up words, with sound, phonemes and motion."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tests.face.utterances import audio, chunks, timeline
from visavis.core.media import AudioChunk
from visavis.core.motion import Motion, compose
from visavis.core.speech import Timeline
from visavis.face.ambient import AmbientAnimator
from visavis.face.animator import SpeechAnimator
from visavis.face.render_cpu import CpuRenderer
from visavis.face.rig import Rig

WORDS = (
    "ˈm a m ˈa s ˈi k ˈo b ˈa t sil sil sil sil sil sil sil sil sil ˈp i n ˈo l ˈa f ˈa b ˈu s t ˈa "
    "sil sil sil sil sil sil sil sil sil sil ˈn a m ˈe p ˈa r ˈi k ˈa t ˈo s m ˈa l ˈa b ˈe"
)
SIZE = 256
FPS = 25


@dataclass(frozen=True, slots=True, eq=False)
class Spoken:
    """`pictures` at `FPS`, what is heard with them, what was said when, and the motion that was drawn."""

    pictures: list[NDArray[np.uint8]]
    sound: AudioChunk
    timeline: Timeline
    motion: Motion


def speak(rig: Rig) -> Spoken:
    """The rig saying `WORDS`, its head moving and its eyes blinking."""
    said = timeline(WORDS.split(), lead=0.6, tail=0.8)
    animator = SpeechAnimator(1)
    speech = np.concatenate([animator.push(chunk).frames for chunk in chunks(said)])
    ambient = AmbientAnimator(np.random.default_rng(1))
    ambient.set_state("speaking")
    motion = compose(ambient.advance(len(speech)), Motion(speech))
    pictures = list(CpuRenderer(rig, SIZE).frames(motion, FPS))
    return Spoken(pictures, audio(said), said, motion)
