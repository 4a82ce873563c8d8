"""Faces for the tests of the studio."""

from __future__ import annotations

from collections.abc import Iterator

import cv2
import pytest

from tests.studio.rehearsal import landmarker
from tests.studio.speaking import Spoken, speak
from visavis.face.avatars import AvatarStore
from visavis.face.rig import Rig


@pytest.fixture(scope="session", autouse=True)
def one_thread() -> Iterator[None]:
    """OpenCV on one thread, as it draws in the studio."""
    before = cv2.getNumThreads()
    cv2.setNumThreads(1)
    yield
    cv2.setNumThreads(before)


@pytest.fixture(scope="session")
def avatars(tmp_path_factory: pytest.TempPathFactory) -> AvatarStore:
    """The shipped avatars, their rigs computed once."""
    store = AvatarStore(tmp_path_factory.mktemp("avatars"), landmarker)
    store.get("genevieve")
    return store


@pytest.fixture(scope="session")
def genevieve(avatars: AvatarStore) -> Rig:
    """The rig of the drawing that ships with visavis."""
    return avatars.rig("genevieve")


@pytest.fixture(scope="session")
def spoken(genevieve: Rig) -> Spoken:
    """A few seconds of her speaking."""
    return speak(genevieve)
