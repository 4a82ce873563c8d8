from __future__ import annotations

import numpy as np
import pytest

from tests.face.utterances import chunks, timeline
from visavis.core.motion import CHANNELS, FPS, RANGE, Motion
from visavis.face import lipsync
from visavis.face.ambient import AmbientAnimator
from visavis.face.animator import SpeechAnimator
from visavis.face.direction import CONTROLS, Direction
from visavis.face.emotion import EMOTIONS

SENTENCE = timeline(["m", "ˈaɪ", " ", "b", "ˈɛ", "s", "t", " ", "f", "ɹ", "ˈɛ", "n", "d", " ", "s", "p", "ˈoʊ", "k"])


def standing(emotion: str, channel: str, **control: float) -> float:
    return float(Direction.of(emotion, control).standing[CHANNELS.index(channel)])


def alive(emotion: str = "neutral", seconds: float = 60, **control: float) -> Motion:
    animator = AmbientAnimator(np.random.default_rng(1), direction=Direction.of(emotion, control))
    animator.set_state("speaking")
    return animator.advance(round(seconds * FPS))


def talk(emotion: str = "neutral", **control: float) -> Motion:
    return SpeechAnimator(3, direction=Direction.of(emotion, control)).push(chunks(SENTENCE)[0])


def test_neutral_without_controls_is_the_live_avatar() -> None:
    plain = AmbientAnimator(np.random.default_rng(1))
    plain.set_state("speaking")
    assert (alive(seconds=20).frames == plain.advance(20 * FPS).frames).all()
    assert (talk().frames == SpeechAnimator(3).push(chunks(SENTENCE)[0]).frames).all()


@pytest.mark.parametrize("emotion", EMOTIONS)
@pytest.mark.parametrize("end", [0.0, 0.5, 1.0])
def test_each_face_is_within_range(emotion: str, end: float) -> None:
    face = Direction.of(emotion, dict.fromkeys(CONTROLS, end)).standing
    assert (np.abs(face) <= RANGE).all()
    assert (face[:52] >= 0).all()
    assert (face[:52] <= 1).all()


def test_nothing_holds_the_lips_apart_in_silence() -> None:
    for emotion in EMOTIONS:
        for channel in ("jawOpen", "mouthUpperUpLeft", "mouthLowerDownLeft", "mouthFunnel"):
            assert standing(emotion, channel, expression_intensity=1.0) == 0


def test_names_and_numbers_are_taken_as_they_come() -> None:
    assert Direction.of("bored").emotion == "neutral"
    wild = Direction.of("happy", {"blink_rate": 7.0, "head_tilt": -3.0, "wings": 1.0})
    assert dict(wild.control) == {
        "blink_rate": 1.0, "head_tilt": 0.0, "expression_intensity": 0.5, "mouth_openness": 0.5, "eyebrow_raise": 0.5,
    }  # fmt: skip


def test_the_blink_rate_changes_how_often_the_eyes_blink() -> None:
    few, some, many = (len(lipsync.blink_starts(alive(seconds=180, blink_rate=x))) / 3 for x in (0.0, 0.5, 1.0))
    assert few < 0.6 * some
    assert many > 1.6 * some


def test_the_head_tilt_inclines_the_head_and_lets_it_stray() -> None:
    courses = [alive(head_tilt=x).channel("headRoll") for x in (0.0, 0.5, 1.0)]
    assert courses[2].mean() > courses[1].mean() + 3
    assert courses[0].std() < 0.6 * courses[1].std()
    assert abs(standing("sad", "headPitch", head_tilt=0.0)) < 0.1
    assert standing("sad", "headPitch", head_tilt=1.0) > standing("sad", "headPitch") > 4


def test_the_intensity_scales_face_and_gestures() -> None:
    smiles = [standing("happy", "mouthSmileLeft", expression_intensity=x) for x in (0.0, 0.5, 1.0)]
    assert smiles[0] < 0.35 * smiles[1]
    assert smiles[2] > 1.2 * smiles[1]
    nods = [float(np.abs(talk(expression_intensity=x).channel("headPitch")).max()) for x in (0.0, 0.5, 1.0)]
    assert nods[0] < 0.7 * nods[1] < nods[2]


def test_the_mouth_opens_less_and_more() -> None:
    jaws = [float(talk(mouth_openness=x).channel("jawOpen").max()) for x in (0.0, 0.5, 1.0)]
    assert jaws[0] < 0.75 * jaws[1]
    assert jaws[2] > 1.2 * jaws[1]


@pytest.mark.parametrize("emotion", EMOTIONS)
def test_the_brows_rise_and_fall_in_every_emotion(emotion: str) -> None:
    def height(x: float) -> float:
        inner, outer, down = (
            standing(emotion, name, eyebrow_raise=x) for name in ("browInnerUp", "browOuterUpLeft", "browDownLeft")
        )
        return inner + outer - down

    # Anger has them nearly as low as they go, surprise as high.
    assert height(0.0) < height(0.5) - (0.04 if emotion == "angry" else 0.35)
    assert height(1.0) > height(0.5) + (0.01 if emotion == "surprised" else 0.3)


def test_a_new_emotion_keeps_the_controls() -> None:
    animator = AmbientAnimator(np.random.default_rng(1), direction=Direction.of("happy", {"eyebrow_raise": 1.0}))
    animator.set_state("speaking", "sad")
    later = animator.advance(3 * FPS)
    assert later.channel("mouthSmileLeft")[-1] < 0.01
    assert later.channel("mouthFrownLeft")[-1] > 0.8
    assert later.channel("browOuterUpLeft")[-1] > 0.5


def test_lips_let_go_of_the_standing_face_where_sounds_need_them() -> None:
    for emotion, channel in (("angry", "mouthPressLeft"), ("happy", "mouthSmileLeft")):
        motion = talk(emotion)
        total = motion.channel(channel) + standing(emotion, channel)
        wide = motion.channel("jawOpen") > 0.3 if emotion == "angry" else motion.channel("mouthPucker") > 0.3
        assert total[wide].mean() < 0.75 * standing(emotion, channel)
