"""The seven emotions on drawn frames: brows, lids, mouth corners and head, each in its direction."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from tests.face.utterances import chunks, timeline
from visavis.core.motion import CHANNEL_INDEX
from visavis.core.speech import Timeline
from visavis.face import enhance, lipsync
from visavis.face import mesh_points as mesh
from visavis.face.direction import Direction
from visavis.face.emotion import EMOTIONS
from visavis.face.landmarks import Landmarker
from visavis.face.measure import lip_gaps
from visavis.face.performance import perform
from visavis.face.render_cpu import CpuRenderer
from visavis.face.rig import Rig
from visavis.face.vectors import motion_frame

pytestmark = pytest.mark.real

SIZE = 512
HEAD = [CHANNEL_INDEX[name] for name in ("headYaw", "headPitch", "headRoll")]
SENTENCE: Timeline = timeline(
    ["m", "ˈaɪ", " ", "b", "ˈɛ", "s", "t", " ", "f", "ɹ", "ˈɛ", "n", "d", " ", "s", "p", "ˈoʊ", "k", " ",
     "tʃ", "ˈuː", " ", "w", "ˈiː", " ", "ˈɑː", "m", " ", "b", "ˈɑː", "b"]
)  # fmt: skip


@dataclass(frozen=True)
class Look:
    """Against the same face at rest, in hundredths of the eye distance, up positive: inner and outer brows, mouth
    corners, and how far the mouth is wider; `lids` is the share of the eyes that is open; `nod` is how far the head is
    lowered and `tilt` how far it leans clockwise in degrees."""

    inner: float
    outer: float
    corners: float
    wider: float
    lids: float
    nod: float
    tilt: float


class Observer:
    """Follows points of a drawn face from rest to an expression by optical flow."""

    def __init__(self, rig: Rig, landmarker: Landmarker) -> None:
        self.renderer = CpuRenderer(rig, SIZE)
        self.rest = self.renderer.draw(motion_frame({}))
        found = landmarker.landmarks(self.rest, landmarker.faces(self.rest)[0]).points[:, :2]
        brows = [(found[list(a)] + found[list(b)]) / 2 for a, b in zip(mesh.BROWS, mesh.BROWS_UNDER, strict=True)]
        inner, outer = [brows[0][-2], brows[1][1]], [brows[0][1], brows[1][-2]]
        corners = rig.mouth.frame.plate(np.array([[-0.95, 0.0], [0.95, 0.0]])) * SIZE
        eyes = np.array([eye.frame.origin for eye in rig.eyes]) * SIZE
        self.places = np.concatenate([inner, outer, corners, eyes])
        self.unit = rig.eye_distance * SIZE

    def shifts(self, frame: NDArray[np.float32]) -> NDArray[np.float64]:
        """How far each place goes, (8, 2) px, from the median of the flow around it."""
        grey = [cv2.cvtColor(p, cv2.COLOR_RGB2GRAY) for p in (self.rest, self.renderer.draw(frame))]
        method: Any = cv2.DISOpticalFlow.create(cv2.DISOPTICAL_FLOW_PRESET_MEDIUM)
        flow = method.calc(grey[0], grey[1], None)
        reach = 6
        return np.array([
            np.median(flow[y - reach : y + reach + 1, x - reach : x + reach + 1].reshape(-1, 2), axis=0)
            for x, y in np.rint(self.places).astype(int)
        ])  # fmt: skip

    def look(self, emotion: str, control: Mapping[str, float] | None = None) -> Look:
        face = Direction.of(emotion, control).standing
        still = face.copy()
        still[HEAD] = 0.0
        moved = 100 * self.shifts(still) / self.unit
        only_head = np.zeros_like(face)
        only_head[HEAD] = face[HEAD]
        head = self.shifts(only_head)
        apart = self.places[7] - self.places[6] + head[7] - head[6]
        before = self.places[7] - self.places[6]
        opened = [sum(float(mask.sum()) for mask in self.renderer.apertures(f)) for f in (still, motion_frame({}))]
        return Look(
            inner=-float(moved[:2, 1].mean()),
            outer=-float(moved[2:4, 1].mean()),
            corners=-float(moved[4:6, 1].mean()),
            wider=float(moved[5, 0] - moved[4, 0]),
            lids=opened[0] / opened[1],
            nod=100 * float(head[6:, 1].mean()) / self.unit,
            tilt=float(np.degrees(np.arctan2(apart[1], apart[0]) - np.arctan2(before[1], before[0]))),
        )


@pytest.fixture(scope="module", params=["genevieve", "astronaut"])
def observer(request: pytest.FixtureRequest, landmarker: Landmarker) -> Observer:
    return Observer(request.getfixturevalue(f"{request.param}_rig"), landmarker)


@pytest.fixture(scope="module")
def looks(observer: Observer) -> dict[str, Look]:
    return {emotion: observer.look(emotion) for emotion in EMOTIONS}


def test_neutral_is_the_portrait(looks: dict[str, Look]) -> None:
    assert looks["neutral"] == Look(0.0, 0.0, 0.0, 0.0, 1.0, 0.0, 0.0)


def test_brows_go_where_each_emotion_takes_them(looks: dict[str, Look]) -> None:
    assert looks["surprised"].inner > 3
    assert looks["surprised"].outer > 3
    assert looks["fearful"].inner > 3
    assert looks["sad"].inner > 2
    assert looks["sad"].inner > looks["sad"].outer + 1.5
    for emotion in ("angry", "disgusted"):
        assert looks[emotion].inner < -1.2
    assert looks["angry"].inner < looks["disgusted"].inner


def test_lids_open_and_narrow(looks: dict[str, Look]) -> None:
    for emotion in ("surprised", "fearful"):
        assert looks[emotion].lids > 1.1
    for emotion in ("happy", "sad", "angry", "disgusted"):
        assert looks[emotion].lids < 0.92


def test_mouth_corners_rise_and_fall(looks: dict[str, Look]) -> None:
    assert looks["happy"].corners > 3
    assert looks["happy"].wider > 3
    for emotion in ("sad", "disgusted", "angry", "fearful"):
        assert looks[emotion].corners < -1.2
    assert abs(looks["surprised"].corners) < 1


def test_the_head_bows_rises_and_tilts(looks: dict[str, Look]) -> None:
    assert looks["sad"].nod > 2
    assert looks["angry"].nod > 1
    for emotion in ("surprised", "fearful"):
        assert looks[emotion].nod < -1
    assert looks["happy"].tilt > 2


def test_every_emotion_differs_from_every_other(looks: dict[str, Look]) -> None:
    faces = [
        np.array([one.inner, one.outer, one.corners, one.wider, 20 * one.lids, one.nod, one.tilt])
        for one in looks.values()
    ]
    for i, one in enumerate(faces):
        for other in faces[i + 1 :]:
            assert np.linalg.norm(one - other) > 2.5


def test_the_controls_are_seen(observer: Observer) -> None:
    def at(name: str, x: float, emotion: str = "neutral") -> Look:
        return observer.look(emotion, {name: x})

    assert at("eyebrow_raise", 1.0).outer > 3
    assert at("eyebrow_raise", 0.0).inner < -1.2
    assert at("head_tilt", 1.0).tilt > 4
    assert at("expression_intensity", 1.0, "happy").corners > 1.15 * at("expression_intensity", 0.5, "happy").corners
    assert at("expression_intensity", 0.0, "happy").corners < 0.4 * at("expression_intensity", 0.5, "happy").corners


@pytest.mark.parametrize("emotion", EMOTIONS)
def test_lips_close_on_p_b_m_and_in_silence_whatever_is_felt(emotion: str, observer: Observer) -> None:
    said = chunks(SENTENCE)
    motion = perform(said, emotion=emotion, control={"mouth_openness": 0.8}, seed=4)
    gaps = lip_gaps(observer.renderer, motion)
    found = [replace(c, start=c.start + 0.3, end=c.end + 0.3) for c in lipsync.closures(SENTENCE.phonemes, "en")]
    assert lipsync.closure_hits(gaps, found, 1.5).all()
    assert gaps.max() > 0.1 * observer.unit
    assert gaps[:8].max() < 1.5
    assert gaps[-15:].max() < 1.5


def test_smoothing_leaves_closures_as_they_are(observer: Observer) -> None:
    motion = perform(chunks(SENTENCE), emotion="happy", control={}, seed=4)
    sharp = list(observer.renderer.frames(motion, 25))[6:46]
    calm = list(enhance.smoothed(sharp))
    x, y = (int(v) for v in observer.places[4:6].mean(0))
    mouth = np.s_[y - 25 : y + 40, x - 45 : x + 45]

    def dark(picture: NDArray[np.uint8]) -> float:
        """Px of the mouth's inside."""
        return float((cv2.cvtColor(picture[mouth], cv2.COLOR_RGB2GRAY) < 50).sum())

    before, after = np.array([dark(p) for p in sharp]), np.array([dark(p) for p in calm])
    assert np.ptp(before) > 100
    assert np.abs(after - before).max() < 0.03 * np.ptp(before)
    assert np.mean(np.abs(np.diff(np.stack(calm)[:, :40].astype(float), axis=0))) <= np.mean(
        np.abs(np.diff(np.stack(sharp)[:, :40].astype(float), axis=0))
    )
