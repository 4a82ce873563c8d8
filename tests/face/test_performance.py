from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from tests.face.utterances import chunks, timeline
from visavis.core.motion import FPS, Motion
from visavis.core.speech import SpeechChunk
from visavis.face import lipsync
from visavis.face.emotion import EMOTIONS
from visavis.face.performance import perform

SENTENCE = timeline(
    ["m", "ˈaɪ", " ", "b", "ˈɛ", "s", "t", " ", "f", "ɹ", "ˈɛ", "n", "d", " ", "s", "p", "ˈoʊ", "k", " ",
     "tʃ", "ˈuː", " ", "w", "ˈiː", " ", "ˈɑː", "m", " ", "b", "ˈɑː", "b"]
)  # fmt: skip


def script(count: int, samples: int = 0) -> list[SpeechChunk]:
    """The sentence some times over, each shortened by `samples`."""
    said = []
    for number in range(count):
        for chunk in chunks(SENTENCE, [30_000], utterance=number):
            end = len(chunk.audio.samples) - (samples if chunk.final else 0)
            said.append(replace(chunk, audio=replace(chunk.audio, samples=chunk.audio.samples[:end])))
    return said


def act(said: list[SpeechChunk], emotion: str = "neutral", seed: int = 2, **control: float) -> Motion:
    return perform(said, emotion=emotion, control=control, seed=seed)


def test_the_motion_is_as_long_as_what_is_heard() -> None:
    said = script(30, samples=233)
    heard = sum(len(chunk.audio.samples) / chunk.audio.rate for chunk in said)
    motion = act(said)
    assert motion.start == 0
    assert motion.duration == pytest.approx(0.3 + heard + 0.5, abs=0.5 / FPS + 1e-9)


def test_the_last_of_many_utterances_is_as_much_in_time_as_the_first() -> None:
    said = script(40, samples=233)
    gaps = lipsync.openness(act(said))
    begun, hits = 0.3, []
    for chunk in said:
        if chunk.final:
            shifted = [
                replace(c, start=c.start + begun, end=c.end + begun) for c in lipsync.closures(SENTENCE.phonemes, "en")
            ]
            hits.append(lipsync.closure_hits(gaps, shifted, 0.03).all())
            begun += SENTENCE.duration - 233 / chunk.audio.rate
    assert len(hits) == 40
    assert all(hits)


@pytest.mark.parametrize("emotion", EMOTIONS)
def test_closures_close_in_every_emotion_and_the_mouth_is_shut_in_silence(emotion: str) -> None:
    motion = act(script(3), emotion, expression_intensity=1.0, mouth_openness=1.0)
    gaps = lipsync.openness(motion)
    found = lipsync.closures(SENTENCE.phonemes, "en")
    for number in range(3):
        begun = 0.3 + number * SENTENCE.duration
        shifted = [replace(c, start=c.start + begun, end=c.end + begun) for c in found]
        assert lipsync.closure_hits(gaps, shifted, 0.03).all()
    assert gaps[:8].max() < 0.03
    assert gaps[-10:].max() < 0.03
    assert gaps.max() > 0.25


def test_the_same_seed_repeats_and_another_differs() -> None:
    assert (act(script(2), seed=5).frames == act(script(2), seed=5).frames).all()
    assert (act(script(2), seed=5).frames != act(script(2), seed=6).frames).any()


def test_blinks_wait_for_pauses() -> None:
    said = script(60)
    starts = lipsync.blink_starts(act(said))
    pauses = 0.3 + SENTENCE.duration * np.arange(1, 61) - 0.3
    near = [np.abs(pauses - start).min() < 0.1 for start in starts]
    assert len(starts) > 30
    assert np.mean(near) > 0.3


def test_nothing_said_is_a_face_that_waits() -> None:
    motion = perform([], emotion="happy", control={}, seed=1, lead_in=1.0, tail=1.0)
    assert len(motion.frames) == 2 * FPS
    assert motion.channel("jawOpen").max() == 0
    assert motion.channel("mouthSmileLeft").min() > 0.7
    assert len(perform([], emotion="happy", control={}, seed=1, lead_in=0.0, tail=0.0).frames) == 0


def test_it_moves_without_jumps() -> None:
    motion = act(script(4, samples=100), "surprised")
    for name in ("headYaw", "headPitch", "headRoll"):
        assert lipsync.kink(motion.channel(name)) < 0.25
    assert np.abs(np.diff(motion.channel("jawOpen"))).max() < 0.35
