from __future__ import annotations

import numpy as np
import pytest

from tests.face.pictures import sample
from visavis.face.landmarks import Landmarker
from visavis.face.measure import gaps_of_pictures, opening, shape
from visavis.face.render_cpu import CpuRenderer
from visavis.face.rig import Rig
from visavis.face.vectors import motion_frame


def test_an_opening_is_measured_to_parts_of_a_px() -> None:
    mask = np.zeros((20, 30), np.float32)
    mask[5:9, 10:16] = 1.0
    mask[9, 10:16] = 0.5
    found = opening(mask)
    assert (found.height, found.width, found.area) == (4.5, 6.0, 27.0)
    assert opening(np.zeros((4, 4), np.float32)).area == 0


@pytest.mark.real
def test_landmarks_of_rendered_frames_see_what_was_drawn(rig: Rig, landmarker: Landmarker) -> None:
    renderer = CpuRenderer(rig, 512)

    def seen(**channels: float) -> float:
        found = shape(renderer.draw(motion_frame(channels)), landmarker)
        assert found is not None
        return found.gap

    gaps = [seen(jawOpen=jaw, teethUpper=0.6) for jaw in (0.0, 0.2, 0.4, 0.6)]
    assert gaps[0] < 0.08
    assert gaps == sorted(gaps)
    assert gaps[-1] > 0.15
    assert seen(jawOpen=0.2, mouthPress=0.5, mouthRollUpper=0.2, mouthRollLower=0.2) < gaps[0] + 0.02


@pytest.mark.real
def test_no_face_is_told_apart_from_a_closed_mouth(landmarker: Landmarker) -> None:
    assert np.isnan(gaps_of_pictures([sample("coffee")], landmarker)).all()
