from __future__ import annotations

import time
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from tests.face.utterances import RATE, audio, chunks, timeline
from visavis.core.motion import ARKIT, CHANNELS, RANGE, compose, decode, encode
from visavis.core.speech import SpeechChunk, Timeline
from visavis.face import lipsync
from visavis.face.ambient import AmbientAnimator
from visavis.face.animator import SpeechAnimator

SENTENCE = timeline(
    ["m", "ˈaɪ", " ", "b", "ˈɛ", "s", "t", " ", "f", "ɹ", "ˈɛ", "n", "d", " ", "s", "p", "ˈoʊ", "k", " ",
     "tʃ", "ˈuː", " ", "w", "ˈiː", " ", "ˈɑː", "m", " ", "b", "ˈɑː", "b"]
)  # fmt: skip
BLIND_TO_LOUDNESS = replace(SENTENCE, loudness=(), pitch=())
HEAD = ("headYaw", "headPitch", "headRoll")


def whole(spoken: Timeline, seed: int = 3, emotion: str = "neutral") -> NDArray[Any]:
    animator = SpeechAnimator(seed, emotion)
    return np.concatenate([animator.push(chunk).frames for chunk in chunks(spoken)])


@pytest.mark.parametrize("spoken", [SENTENCE, BLIND_TO_LOUDNESS], ids=["loudness ahead", "loudness heard"])
@given(cuts=st.lists(st.integers(1, 80_000), max_size=12))
@settings(max_examples=20, deadline=None)
def test_the_motion_does_not_depend_on_how_the_audio_is_cut(spoken: Timeline, cuts: list[int]) -> None:
    animator = SpeechAnimator(3)
    pieces = [animator.push(chunk) for chunk in chunks(spoken, cuts)]
    frames = np.concatenate([piece.frames for piece in pieces])
    assert frames == pytest.approx(whole(spoken), abs=1e-6)
    end = 0.0
    for piece, chunk in zip(pieces, chunks(spoken, cuts), strict=True):
        # Exactly the frames whose moment lies in the chunk.
        assert piece.start >= chunk.audio.start - 1e-9
        assert piece.start - chunk.audio.start < 0.02
        assert piece.start == pytest.approx(end)
        end = piece.start + piece.duration
        assert chunk.audio.end - 1e-9 <= end < chunk.audio.end + 0.02


def test_every_closure_is_closed() -> None:
    animator = SpeechAnimator()
    (chunk,) = chunks(SENTENCE)
    gaps = lipsync.openness(animator.push(chunk))
    found = lipsync.closures(SENTENCE.phonemes, "en")
    assert len(found) == 5  # the m of "am" and the b after it are one
    assert lipsync.closure_hits(gaps, found, 0.03).all()
    assert gaps.max() > 0.3


def test_closures_close_whatever_the_mood_holds_open() -> None:
    for emotion in ("disgusted", "happy", "surprised"):
        speech = SpeechAnimator(1, emotion).push(chunks(SENTENCE)[0])
        ambient = AmbientAnimator(np.random.default_rng(1), emotion)
        ambient.set_state("speaking")
        gaps = lipsync.openness(compose(ambient.advance(len(speech.frames)), speech))
        assert lipsync.closure_hits(gaps, lipsync.closures(SENTENCE.phonemes, "en"), 0.03).all()


def test_the_same_seed_repeats_and_another_differs() -> None:
    assert (whole(SENTENCE, 5) == whole(SENTENCE, 5)).all()
    assert (whole(SENTENCE, 5) != whole(SENTENCE, 6)).any()


def test_motion_is_within_range_and_survives_the_wire() -> None:
    motion = SpeechAnimator().push(chunks(SENTENCE)[0])
    assert (np.abs(motion.frames) <= RANGE).all()
    assert np.abs(decode(encode(motion)).frames - motion.frames).max() < 0.001
    for name in HEAD:
        assert np.abs(motion.channel(name)).max() <= 3.0


def test_utterances_join_without_a_jump() -> None:
    animator = SpeechAnimator()
    loud = timeline(["a", "p", "ˈa", "m", "ˈa"], tail=0.0)
    frames = [animator.push(chunk).frames for number in range(3) for chunk in chunks(loud, utterance=number)]
    joined = np.concatenate(frames)
    seams = np.cumsum([len(part) for part in frames])[:-1]
    steps = np.abs(np.diff(joined[:, : len(ARKIT)], axis=0)).max(axis=1)
    assert steps[seams - 1].max() <= np.percentile(steps, 98)
    for name in HEAD:
        course = joined[:, CHANNELS.index(name)]
        assert lipsync.kink(course) < 0.15
        assert lipsync.power_above(course, 8) < 0.01


def test_a_growing_timeline_gives_continuous_motion() -> None:
    animator, parts = SpeechAnimator(), []
    for chunk in chunks(SENTENCE, [20_000, 40_000]):
        known = tuple(p for p in SENTENCE.phonemes if p.start <= chunk.audio.end)
        words = tuple(w for w in SENTENCE.words if w.start <= chunk.audio.end)
        grown = Timeline(known, words, chunk.audio.end)
        parts.append(animator.push(replace(chunk, timeline=grown)).frames)
    course = np.concatenate(parts)
    assert len(course) == -(-len(audio(SENTENCE).samples) * 50 // RATE)
    reference = whole(BLIND_TO_LOUDNESS)
    assert np.abs(np.diff(course, axis=0)).max() < 1.5 * np.abs(np.diff(reference, axis=0)).max()


def test_without_timings_the_voice_opens_the_mouth() -> None:
    (chunk,) = chunks(SENTENCE)
    motion = SpeechAnimator().push(replace(chunk, timeline=Timeline()))
    jaw = motion.channel("jawOpen")
    assert jaw[:8].max() < 0.02
    assert jaw.max() > 0.25


def test_release_brings_the_face_back() -> None:
    animator = SpeechAnimator()
    spoken = timeline(["a", "ˈa", "ˈa"], tail=0.0)
    last = animator.push(chunks(spoken)[0]).frames[-1]
    end = animator.release(0.4)
    assert len(end.frames) == 20
    assert end.start == pytest.approx(spoken.duration, abs=0.02)
    assert np.abs(end.frames[0] - last)[: len(ARKIT)].max() < 0.25
    assert np.abs(end.frames[-1]).max() < 1e-3


def test_pauses_are_told() -> None:
    animator = SpeechAnimator()
    animator.push(chunks(SENTENCE)[0])
    assert len(animator.pauses) == 1
    assert animator.pauses[0] == pytest.approx((SENTENCE.duration - 0.3, SENTENCE.duration))


def test_a_frame_costs_far_less_than_a_millisecond_of_it() -> None:
    # The budget is checked loosely: a slow machine must not fail it, a quadratic algorithm must.
    long = timeline(["m", "ˈa", "t", "i"] * 60)
    animator, parts = SpeechAnimator(), chunks(long, range(12_000, 500_000, 12_000))
    began = time.perf_counter()
    frames = sum(len(animator.push(part).frames) for part in parts)
    assert (time.perf_counter() - began) / frames < 0.005


def test_an_empty_chunk_has_no_frames() -> None:
    (chunk,) = chunks(SENTENCE)
    empty = SpeechChunk(replace(chunk.audio, samples=chunk.audio.samples[:0]), "", "en", SENTENCE)
    assert len(SpeechAnimator().push(empty).frames) == 0
