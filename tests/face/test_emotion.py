from __future__ import annotations

import pytest

from visavis.core.motion import CHANNEL_INDEX, RANGE
from visavis.face.emotion import EMOTIONS, MOODS, add, mood, pose, sides


def test_there_are_seven() -> None:
    assert len(EMOTIONS) == 7
    assert set(MOODS) == set(EMOTIONS)


@pytest.mark.parametrize("name", EMOTIONS)
def test_each_standing_face_is_within_range(name: str) -> None:
    values = pose(mood(name))
    assert (abs(values) <= RANGE).all()
    assert (values[:52] >= 0).all()
    assert 10 <= mood(name).blinks <= 28


def test_they_can_be_told_apart() -> None:
    faces = {tuple(pose(mood(name)).round(3)) for name in EMOTIONS}
    assert len(faces) == 7


def test_neutral_is_the_portrait_itself_and_an_unknown_name_is_neutral() -> None:
    assert not pose(mood("neutral")).any()
    assert mood("bored") is MOODS["neutral"]


def test_anger_lowers_the_brows_and_happiness_smiles() -> None:
    assert pose(mood("angry"))[CHANNEL_INDEX["browDownLeft"]] == pytest.approx(0.6)
    assert pose(mood("happy"))[CHANNEL_INDEX["mouthSmileRight"]] == pytest.approx(0.6)
    assert pose(mood("sad"))[CHANNEL_INDEX["headPitch"]] == pytest.approx(6)


def test_a_shape_without_side_means_both() -> None:
    values = pose(mood("neutral"))
    add(values, "mouthSmile", 0.5)
    assert values[sides("mouthSmile")].tolist() == [0.5, 0.5]
    assert len(sides("jawOpen")) == 1
    with pytest.raises(KeyError):
        sides("nose")
