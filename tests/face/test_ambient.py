from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from visavis.core.motion import CHANNELS, FPS, Motion
from visavis.face import lipsync
from visavis.face.ambient import AmbientAnimator
from visavis.face.blinks import APART, State

STATES: tuple[State, ...] = ("idle", "listening", "thinking", "speaking")
HEAD = ("headYaw", "headPitch", "headRoll")


def live(state: State, minutes: float, seed: int = 1, emotion: str = "neutral") -> Motion:
    animator = AmbientAnimator(np.random.default_rng(seed), emotion)
    animator.set_state(state)
    return animator.advance(round(minutes * 60 * FPS))


@pytest.fixture(scope="module")
def idle() -> Motion:
    return live("idle", 6)


def gaze(motion: Motion) -> NDArray[np.float64]:
    """Gaze in the world, degrees sideways: the eyes plus the head."""
    eyes = motion.channel("eyeLookOutLeft") - motion.channel("eyeLookInLeft")
    return np.asarray(50.0 * eyes + motion.channel("headYaw"), dtype=np.float64)


def test_batches_make_no_difference() -> None:
    one, many = AmbientAnimator(np.random.default_rng(4)), AmbientAnimator(np.random.default_rng(4))
    whole = one.advance(500).frames
    parts = [many.advance(n).frames for n in (1, 0, 99, 13, 387)]
    assert np.allclose(np.concatenate(parts), whole, rtol=0.0, atol=2e-6)
    assert many.now == 10.0


def test_seeds_differ() -> None:
    assert (live("idle", 0.2, 1).frames != live("idle", 0.2, 2).frames).any()


@pytest.mark.parametrize(("state", "low", "high"), [("idle", 14, 22), ("speaking", 21, 32), ("listening", 11, 20)])
def test_blink_rates(state: State, low: float, high: float) -> None:
    starts = lipsync.blink_starts(live(state, 6))
    assert low <= len(starts) / 6 <= high


def test_blinks_keep_apart_and_are_irregular(idle: Motion) -> None:
    gaps = np.diff(lipsync.blink_starts(idle))
    double = gaps < APART - 0.05
    assert double.mean() < 0.12
    assert gaps[double].size == 0 or gaps[double].min() > 0.25
    assert 0.35 < np.std(np.log(gaps[~double])) < 0.8


def test_a_blink_closes_fast_and_opens_slowly(idle: Motion) -> None:
    lid = idle.channel("eyeBlinkLeft")
    full = [k for k in np.flatnonzero(lid > 0.97) if lid[k - 1] <= 0.97 and k > 20]
    partial = lipsync.blink_starts(idle)
    assert 0.6 < len(full) / len(partial) < 0.95
    for k in full:
        closing = k - np.flatnonzero(lid[:k] < 0.03)[-1]
        after = lid[k:]
        opening = np.flatnonzero(after < 0.03)[0] - np.flatnonzero(after > 0.97)[0]
        assert 2 <= closing <= 5
        assert 6 <= opening <= 14
    assert (lid == idle.channel("eyeBlinkRight")).all()


def test_blinks_while_speaking_wait_for_a_pause() -> None:
    free, waiting = (AmbientAnimator(np.random.default_rng(8)) for _ in range(2))
    hits = []
    for animator, hinted in ((free, False), (waiting, True)):
        animator.set_state("speaking")
        pauses = np.arange(0.5, 150, 1.4)
        frames = []
        for second in range(150):
            if hinted:
                animator.hint_pauses(pauses[(pauses >= second) & (pauses < second + 3)])
            frames.append(animator.advance(FPS).frames)
        starts = lipsync.blink_starts(Motion(np.concatenate(frames)))
        hits.append(np.mean([np.abs(pauses - start).min() < 0.08 for start in starts]))
    assert hits[0] < 0.3
    assert hits[1] > 0.6


def test_the_head_moves_as_people_do(idle: Motion) -> None:
    rms = [float(np.sqrt(np.mean(idle.channel(name) ** 2))) for name in HEAD]
    for value, low, high in zip(rms, (2.6, 1.0, 1.3), (4.2, 2.0, 2.3), strict=True):
        assert low <= value <= high


@pytest.mark.parametrize("state", STATES)
def test_the_head_keeps_its_limits_and_never_jerks(state: State) -> None:
    motion = live(state, 3)
    for name in HEAD:
        course = motion.channel(name).astype(np.float64)
        assert np.abs(course).max() <= 7.0
        assert lipsync.power_above(course, 8) < 0.001
        assert lipsync.kink(course) < 0.05


@pytest.mark.parametrize("state", STATES)
def test_it_is_never_frozen(state: State) -> None:
    motion = live(state, 2)
    moving = np.abs(np.diff(motion.frames, axis=0)).max(axis=1)
    assert moving.min() > 0
    head = np.stack([motion.channel(name) for name in HEAD], axis=1)
    seconds = head[: len(head) // FPS * FPS].reshape(-1, FPS, 3)
    assert np.ptp(seconds, axis=1).max(axis=1).min() > 0.05


@pytest.mark.parametrize("name", HEAD)
def test_it_does_not_loop(idle: Motion, name: str) -> None:
    course = idle.channel(name)[: 5 * 60 * FPS].astype(np.float64)
    course = course - course.mean()
    spectrum = np.fft.rfft(course, 2 * len(course))
    own = np.fft.irfft(np.abs(spectrum) ** 2)[: len(course)]
    size = np.arange(len(course), 0, -1)
    correlation = own / size / (own[0] / len(course))
    # From 10 s on nothing comes back, looking no further than where half of the course still overlaps.
    assert np.abs(correlation[10 * FPS : len(course) // 2]).max() < 0.55


def test_gaze_rests_on_the_person_and_looks_away_a_part_of_the_time(idle: Motion) -> None:
    away = np.abs(gaze(idle)) > 4.0
    assert 0.15 < away.mean() < 0.35
    listening = np.abs(gaze(live("listening", 3))) > 3.6
    assert listening.mean() < 0.12


def test_the_eyes_are_still_between_saccades(idle: Motion) -> None:
    speed = np.abs(np.diff(gaze(idle)))
    assert (speed < 0.05).mean() > 0.85
    assert speed.max() > 3


def test_thinking_looks_up_and_aside_with_the_lips_together() -> None:
    motion = live("thinking", 3)
    up = motion.channel("eyeLookUpLeft")
    assert np.mean(up > 0.1) > 0.5
    assert np.mean(np.abs(gaze(motion)) > 4) > 0.5
    assert motion.channel("mouthPressLeft")[FPS:].min() > 0.1


def test_listening_nods_now_and_then() -> None:
    pitch = live("listening", 3).channel("headPitch").astype(np.float64)
    window = np.convolve(pitch, np.ones(100) / 100, mode="same")
    nods = ((pitch - window)[1:] > 0.8) & ((pitch - window)[:-1] <= 0.8)
    assert 12 <= nods.sum() <= 72


@pytest.mark.parametrize("emotion", ["neutral", "happy", "sad"])
def test_changes_of_state_and_mood_are_eased(emotion: str) -> None:
    animator = AmbientAnimator(np.random.default_rng(2))
    frames = []
    for state in STATES * 3:
        animator.set_state(state, emotion if state == "thinking" else "surprised")
        frames.append(animator.advance(70).frames)
    motion = Motion(np.concatenate(frames))
    for name in CHANNELS:
        if name.startswith(("eyeLook", "eyeBlink")):
            continue
        step = np.abs(np.diff(motion.channel(name))).max()
        assert step < (0.8 if name.startswith("head") else 0.09), name


def test_an_emotion_stays_until_it_is_changed() -> None:
    animator = AmbientAnimator(np.random.default_rng(2), "happy")
    assert animator.advance(50).channel("mouthSmileLeft").min() > 0.55
    animator.set_state("speaking")
    assert animator.advance(50).channel("mouthSmileLeft").min() > 0.55
    animator.set_state("speaking", "neutral")
    assert animator.advance(100).channel("mouthSmileLeft")[-1] < 0.01


def test_paused_is_listening() -> None:
    one, other = AmbientAnimator(np.random.default_rng(3)), AmbientAnimator(np.random.default_rng(3))
    one.set_state("paused")
    other.set_state("listening")
    assert (one.advance(200).frames == other.advance(200).frames).all()
