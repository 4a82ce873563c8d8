"""What portraits show, by the real landmarks and the real network."""

from __future__ import annotations

from importlib.resources import files

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray
from skimage import data

from visavis.core.errors import VisavisError
from visavis.face.emotion_network import EmotionNetwork
from visavis.face.landmarks import Landmarker
from visavis.studio.face_signal import FaceReader
from visavis.weights.store import WeightStore

pytestmark = pytest.mark.real


@pytest.fixture(scope="module")
def store() -> WeightStore:
    weights = WeightStore()
    weights.pull(["mediapipe-face", "fer"])
    return weights


def _genevieve() -> NDArray[np.uint8]:
    path = files("visavis.personas") / "data" / "portraits" / "genevieve.png"
    picture = cv2.imdecode(np.frombuffer(path.read_bytes(), np.uint8), cv2.IMREAD_COLOR)
    assert picture is not None
    return np.asarray(picture[..., ::-1], np.uint8)


def _missing() -> EmotionNetwork:
    raise VisavisError("weights.missing", "The emotion model is not here.")


def test_a_laughing_astronaut_looks_happy_and_a_calm_drawing_does_not(store: WeightStore) -> None:
    reader = FaceReader(lambda: Landmarker.from_store(store), lambda: EmotionNetwork.from_store(store))
    smiling, calm = reader.read(data.astronaut()), reader.read(_genevieve())
    assert smiling is not None
    assert calm is not None
    assert smiling.emotion == "happy"
    assert smiling.confidence > 0.5
    assert "smile" in smiling.evidence
    assert calm.emotion == "neutral"
    assert reader.read(data.coffee()) is None


def test_geometry_does_without_the_network(store: WeightStore) -> None:
    smiling = FaceReader(lambda: Landmarker.from_store(store), _missing).read(data.astronaut())
    assert smiling is not None
    assert smiling.emotion == "happy"
    assert smiling.confidence <= 0.5
