"""Portraits, landmarks and rigs shared by the tests of the face."""

from __future__ import annotations

import json
from collections.abc import Iterator

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from tests.face.pictures import encoded, sample
from visavis.face.avatars import shipped_portraits
from visavis.face.landmarks import MODEL, PERSON, Landmarker
from visavis.face.portrait import open_portrait
from visavis.face.rig import Rig, build_rig
from visavis.weights.store import WeightStore


@pytest.fixture(scope="session", autouse=True)
def one_thread() -> Iterator[None]:
    """OpenCV on one thread, as a renderer is measured."""
    before = cv2.getNumThreads()
    cv2.setNumThreads(1)
    yield
    cv2.setNumThreads(before)


@pytest.fixture(scope="session")
def landmarker() -> Landmarker:
    store = WeightStore()
    store.pull(MODEL)
    store.pull(PERSON)
    return Landmarker.from_store(store)


@pytest.fixture(scope="session")
def astronaut() -> NDArray[np.uint8]:
    """Eileen Collins, NASA, public domain: RGB (512, 512, 3), smiling with her lips apart."""
    return sample("astronaut")


@pytest.fixture(scope="session")
def astronaut_rig(astronaut: NDArray[np.uint8], landmarker: Landmarker) -> Rig:
    portrait = open_portrait(encoded(astronaut), landmarker)
    return build_rig(portrait.picture, portrait.landmarks)


@pytest.fixture(scope="session")
def genevieve_rig(landmarker: Landmarker) -> Rig:
    source = shipped_portraits()["genevieve"]
    assert source.curves is not None
    portrait = open_portrait(source.picture.read_bytes(), landmarker, json.loads(source.curves.read_text("utf-8")))
    return build_rig(portrait.picture, portrait.landmarks, portrait.curves)


@pytest.fixture(params=["genevieve", "astronaut"])
def rig(request: pytest.FixtureRequest) -> Rig:
    """A drawing with closed lips, then a photograph with open ones."""
    found: Rig = request.getfixturevalue(f"{request.param}_rig")
    return found
